import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { fingerprintOf } from "./certificate.ts";
import {
  downloadPack,
  encodeFrame,
  makeChannelCertificate,
  packRequestCodec,
  TransferError,
  type PackOffer,
  type TransferEnd,
} from "./index.ts";
import { grantLifeMs } from "./limits.ts";
import { channelTo, collect, Holder, inPieces, never, nodeOf, Scratch, seedOf, somePack } from "./testing.fixture.ts";

/** The code of the failure, with its reason when it is a refusal. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    return error.code === "refused" ? `refused ${(error.data as { reason: string }).reason}` : error.code;
  }
}

describe("the channel's certificate", () => {
  test("is one that OpenSSL reads, signed by its own key, and is made anew each time", () => {
    const [one, other] = [makeChannelCertificate(), makeChannelCertificate()];
    const read = new X509Certificate(one.certificate);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(one.privateKey))).toBe(true);
    expect(fingerprintOf(read.raw)).toEqual(one.fingerprint);
    expect(one.fingerprint).not.toEqual(other.fingerprint);
  });
});

describe("a transfer over TLS", () => {
  test("brings the pack's bytes, from any offset that the grant allows", async () => {
    await using holder = await Holder.open();
    const { bytes, pack } = holder.add(700_000);
    const ends: TransferEnd[] = [];
    const channel = channelTo(holder, { onEnd: (end) => ends.push(end) });
    expect((await collect(channel.fetch(holder.offer(pack), 0, never()))).equals(bytes)).toBe(true);
    const tail = await collect(channel.fetch(holder.offer(pack, 100), 699_999, never()));
    expect(tail.equals(bytes.subarray(699_999))).toBe(true);
    const whole = { direction: "in", way: "tls", outcome: "complete", bytes: 700_000, isResumed: false };
    const rest = { ...whole, bytes: 1, isResumed: true };
    const given = { direction: "out" };
    expect(ends).toMatchObject([whole, rest]);
    await expect
      .poll(() => holder.ends)
      .toMatchObject([
        { ...whole, ...given },
        { ...rest, ...given },
      ]);
    expect(ends.every(({ seconds }) => seconds > 0 && seconds < 60)).toBe(true);
  });

  test("is for the peer that the grant names, once, in time, and from its offset on", async () => {
    let now = 1_000_000;
    await using holder = await Holder.open({ nowMs: () => now });
    const { pack } = holder.add(10);
    const fetch = (offer: PackOffer, offset = 0, seed = seedOf(2)) =>
      failureOf(collect(channelTo(holder, { seed }).fetch(offer, offset, never())));
    const offer = holder.offer(pack);
    expect(await fetch(offer, 0, seedOf(3))).toBe("refused grant-invalid");
    expect(await fetch(offer)).toBe("none");
    expect(await fetch(offer)).toBe("refused grant-used");
    expect(await fetch(holder.offer(pack, 5), 4)).toBe("refused grant-invalid");
    const late = holder.offer(pack);
    now += grantLifeMs;
    expect(await fetch(late)).toBe("refused grant-expired");
    const forged = holder.offer(pack);
    const longer = { ...forged.signed.grant, expiresTime: (now * 2) as never };
    expect(await fetch({ ...forged, signed: { ...forged.signed, grant: longer } })).toBe("refused grant-invalid");
    const { pack: absent } = somePack(10);
    expect(await fetch(holder.offer(absent))).toBe("refused pack-gone");
  });

  test("asks nothing of a server that shows another certificate", async () => {
    await using holder = await Holder.open();
    await using other = await Holder.open();
    const { pack } = holder.add(10);
    const offer = { ...holder.offer(pack), addresses: [other.address] };
    expect(await failureOf(collect(channelTo(holder).fetch(offer, 0, never())))).toBe("wrong-peer");
  });

  test("falls back to a stream of the link when no address answers", async () => {
    await using holder = await Holder.open();
    const { bytes, pack } = holder.add(300_000);
    await using gone = await Holder.open();
    const address = gone.address;
    await gone[Symbol.asyncDispose]();
    const ends: TransferEnd[] = [];
    const channel = channelTo(holder, { onEnd: (end) => ends.push(end) });
    const offer = holder.offer(pack, 0, undefined, [address, address]);
    expect((await collect(channel.fetch(offer, 0, never()))).equals(bytes)).toBe(true);
    expect(ends).toMatchObject([{ way: "stream", outcome: "complete" }]);
    // The grant is judged there too: used is used, and the link says who asks.
    expect(await failureOf(collect(channel.fetch(offer, 0, never())))).toBe("refused grant-used");
    expect(ends[1]).toMatchObject({ way: "stream", outcome: "refused", bytes: 0 });
    expect(holder.ends).toMatchObject([{ way: "stream", outcome: "complete" }, { outcome: "refused" }]);
  });

  test("refuses a peer that has as many transfers as it may, without using up its grant", async () => {
    const gate = Promise.withResolvers<void>();
    const read = async function* (bytes: Uint8Array, offset: number) {
      await gate.promise;
      yield* inPieces(bytes, offset);
    };
    await using holder = await Holder.open({ pace: { transfersPerPeerMax: 1 }, read });
    const { pack } = holder.add(10);
    const channel = channelTo(holder);
    const first = collect(channel.fetch(holder.offer(pack), 0, never()));
    const offer = holder.offer(pack);
    await expect.poll(() => failureOf(collect(channel.fetch(offer, 0, never())))).toBe("refused busy");
    const other = collect(
      channelTo(holder, { seed: seedOf(3) }).fetch(holder.offer(pack, 0, nodeOf(seedOf(3))), 0, never()),
    );
    gate.resolve();
    await Promise.all([first, other]);
    expect(await failureOf(collect(channel.fetch(offer, 0, never())))).toBe("none");
  });

  test("of a holder that stalls is given up", async () => {
    const read = async function* (bytes: Uint8Array) {
      yield bytes.subarray(0, 1);
      await delay(60_000, undefined, { ref: false });
    };
    await using holder = await Holder.open({ read });
    const { pack } = holder.add(10);
    const channel = channelTo(holder, { pace: { stallMs: 100 } });
    expect(await failureOf(collect(channel.fetch(holder.offer(pack), 0, never())))).toBe("too-slow");
  });

  test("of a peer that does not read is ended by the holder", async () => {
    await using holder = await Holder.open({ pace: { stallMs: 100 } });
    const { pack } = holder.add(64 << 20);
    const transfer = channelTo(holder).fetch(holder.offer(pack), 0, never());
    await transfer.next();
    await delay(500);
    expect(await failureOf(collect(transfer))).toBe("broken");
  });

  test("goes no faster than the peer's share", async () => {
    await using holder = await Holder.open({ pace: { bytesPerSecondMax: 1 << 20 } });
    const { pack } = holder.add(400_000);
    const before = performance.now();
    await collect(channelTo(holder).fetch(holder.offer(pack), 0, never()));
    expect(performance.now() - before).toBeGreaterThan(250);
  });
});

describe("the listener", () => {
  test.each([
    ["something that is not TLS", async (port: number) => connectTcp(port, "127.0.0.1").end("GET / HTTP/1.1\r\n\r\n")],
    [
      "TLS 1.2",
      async (port: number) => connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, maxVersion: "TLSv1.2" }),
    ],
    ["a frame of four gigabytes", (port: number) => tlsWith(port, Buffer.from("ffffffff", "hex"))],
    ["a frame that is no request", (port: number) => tlsWith(port, Buffer.from("00000003010203", "hex"))],
  ])("closes a connection that sends %s, and goes on", async (_what, send) => {
    await using holder = await Holder.open();
    const { pack } = holder.add(10);
    const socket = await send(Number(holder.address.split(":")[1]));
    socket.on("error", () => {});
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(await failureOf(collect(channelTo(holder).fetch(holder.offer(pack), 0, never())))).toBe("none");
  });

  test("gives nothing to a request that was recorded on another connection", async () => {
    await using holder = await Holder.open();
    const { pack } = holder.add(10);
    const { signed } = holder.offer(pack);
    const proof = new Uint8Array(64) as never;
    const port = Number(holder.address.split(":")[1]);
    const socket = await tlsWith(port, encodeFrame(packRequestCodec, { signed, offset: 0, proof }));
    const answer = await collect(socket as AsyncIterable<Buffer>);
    expect(answer.toString("hex")).toBe("000000020201");
  });

  async function tlsWith(port: number, bytes: Uint8Array) {
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    socket.write(bytes);
    return socket;
  }
});

describe("a download", () => {
  test("goes on where it broke off, with a new grant each time", async () => {
    let breaks = 0;
    const read = async function* (bytes: Uint8Array, offset: number) {
      const end = ++breaks <= 2 ? offset + 100_000 : bytes.length;
      yield* inPieces(bytes.subarray(0, end), offset);
      if (breaks <= 2) throw new TransferError("unavailable", "the disk went away", undefined);
    };
    await using holder = await Holder.open({ read });
    const { bytes, pack } = holder.add(500_000);
    using scratch = new Scratch();
    const offsets: number[] = [];
    await using downloaded = await downloadPack({
      pack,
      directory: scratch.path,
      channel: channelTo(holder),
      offerFrom: async (offset) => {
        offsets.push(offset);
        return holder.offer(pack, offset);
      },
      signal: never(),
    });
    expect((await collect(downloaded.read())).equals(bytes)).toBe(true);
    expect([offsets.length, offsets[0]]).toEqual([3, 0]);
    expect(offsets[2]).toBeGreaterThan(offsets[1]!);
  });

  test("that is gone fails for whoever reads it, and harms nobody who never begins", async () => {
    await using holder = await Holder.open();
    const { pack } = holder.add(1_000);
    using scratch = new Scratch();
    const offerFrom = () => Promise.resolve(holder.offer(pack));
    const options = { pack, directory: scratch.path, channel: channelTo(holder), offerFrom, signal: never() };
    const downloaded = await downloadPack(options);
    const [read, _unread] = [downloaded.read(), downloaded.read()];
    await downloaded[Symbol.asyncDispose]();
    await expect(collect(read)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("that brings other bytes is thrown away", async () => {
    await using holder = await Holder.open({ read: (bytes, offset) => inPieces(Buffer.alloc(bytes.length), offset) });
    const { pack } = holder.add(1_000);
    expect(await download(holder, () => holder.offer(pack), pack)).toEqual(["wrong-bytes", []]);
  });

  test("of a holder that says another size, or gives more than it said, is given up before it is stored", async () => {
    await using holder = await Holder.open({ read: (bytes) => inPieces(Buffer.concat([bytes, bytes])) });
    const { pack } = holder.add(1_000);
    expect(await download(holder, () => holder.offer(pack), pack)).toEqual(["wrong-bytes", []]);
    const huge = { ...pack, sizeBytes: 2 ** 40 };
    expect(await download(holder, () => holder.offer(huge), huge)).toEqual(["refused pack-gone", []]);
    expect(await download(holder, () => holder.offer(huge), pack)).toEqual(["malformed", []]);
  });

  test("that is always cut short ends after some attempts", async () => {
    const read = async function* (): AsyncGenerator<Uint8Array> {};
    await using holder = await Holder.open({ read });
    const { pack } = holder.add(1_000);
    expect(await download(holder, () => holder.offer(pack), pack)).toEqual(["broken", []]);
  });

  async function download(holder: Holder, offerFrom: () => PackOffer, pack: PackOffer["signed"]["grant"]["pack"]) {
    using scratch = new Scratch();
    const options = { pack, directory: scratch.path, channel: channelTo(holder), signal: never() };
    const failure = await failureOf(downloadPack({ ...options, offerFrom: async () => offerFrom() }));
    return [failure, readdirSync(scratch.path)];
  }
});
