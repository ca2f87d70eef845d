import { concatBytes, utf8 } from "@guts/primitives";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { callStatus, encodeCallHead, encodeU32 } from "./call-format.ts";
import type { RequestOptions } from "./network.ts";
import { ChildNode, type ChildOptions } from "./test-support/child.ts";
import { connected, idOf, Inbox, orderedNames, TestNetwork, type TestNode } from "./test-support/nodes.ts";
import { closed, RawPeer } from "./test-support/raw-peer.ts";
import { StreamReader } from "./stream-reader.ts";

// Processes of their own take long to start where much else runs.
vi.setConfig({ testTimeout: 120_000 });

let nodes: TestNetwork;
beforeEach(() => {
  nodes = new TestNetwork();
});
afterEach(async () => nodes[Symbol.asyncDispose]());

const startChild = async (options: ChildOptions) => nodes.owned(await ChildNode.start(options));

const within = () => AbortSignal.timeout(20_000);
const options: RequestOptions = { requestBytesMax: 1000, concurrencyMax: 4, roles: ["validator"] };
const none: Uint8Array = new Uint8Array(0);

async function ask(
  { network }: TestNode,
  { id }: TestNode,
  protocol: string,
  { body = none, responseBytesMax = 1000 } = {},
) {
  return network.request(id, protocol, body, { signal: within(), responseBytesMax });
}

describe("a request", () => {
  test("at the cap is answered, and one byte above is refused before its body is read", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("length", options, async (_from, body) => utf8(String(body.length)));
    expect(await ask(a, b, "length", { body: new Uint8Array(1000) })).toEqual(utf8("1000"));
    await expect(ask(a, b, "length", { body: new Uint8Array(1001) })).rejects.toMatchObject({
      code: "request-too-large",
    });
    await expect(ask(a, b, "length", { body: new Uint8Array(16_000_000) })).rejects.toMatchObject({
      code: "request-too-large",
    });
    expect(b.network.metrics()).toMatchObject({ requestsIn: 1, requestsInRefused: 2 });
  });

  test("with an answer at the caller's cap succeeds, and one byte above fails", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("zeros", options, async () => new Uint8Array(1_000_000));
    expect((await ask(a, b, "zeros", { responseBytesMax: 1_000_000 })).length).toBe(1_000_000);
    await expect(ask(a, b, "zeros", { responseBytesMax: 999_999 })).rejects.toMatchObject({
      code: "response-too-large",
    });
  });

  test("may be empty, with an empty answer", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("nothing", options, async () => none);
    expect((await ask(a, b, "nothing")).length).toBe(0);
  });

  test("of a protocol that the node does not know is unsupported", async () => {
    const [a, b] = await nodes.pair();
    await expect(ask(a, b, "unknown")).rejects.toMatchObject({ code: "unsupported", data: { protocol: "unknown" } });
  });

  test("of a role that may not ask is refused", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("secret", options, async () => none);
    nodes.admit(a.name, "node");
    await expect(ask(a, b, "secret")).rejects.toMatchObject({ code: "refused" });
    nodes.roleByNode.delete(a.id);
    await expect(ask(a, b, "secret")).rejects.toMatchObject({ code: "refused" });
  });

  test("whose handler throws has failed, and the next one is answered", async () => {
    const [a, b] = await nodes.pair();
    let count = 0;
    b.network.onRequest("moody", options, async () => {
      count += 1;
      if (count === 1) throw new TypeError("secret detail");
      return utf8("fine");
    });
    await expect(ask(a, b, "moody")).rejects.toMatchObject({ code: "failed" });
    expect(await ask(a, b, "moody")).toEqual(utf8("fine"));
  });

  test("to a node that is not connected fails at once", async () => {
    const [a] = await nodes.pair();
    await expect(
      a.network.request(idOf("c"), "x", none, { signal: within(), responseBytesMax: 1 }),
    ).rejects.toMatchObject({ code: "not-connected" });
  });

  test("that its caller gives up throws the caller's reason and aborts the handler", async () => {
    const [a, b] = await nodes.pair();
    const begun = new Inbox<AbortSignal>();
    const aborted = Promise.withResolvers<void>();
    b.network.onRequest("slow", options, async (_from, _body, signal) => {
      signal.addEventListener("abort", () => aborted.resolve(), { once: true });
      begun.add(signal);
      await aborted.promise;
      return none;
    });
    const caller = new AbortController();
    const answer = a.network.request(b.id, "slow", none, { signal: caller.signal, responseBytesMax: 1 });
    await begun.has(1);
    const reason = new Error("no longer interested");
    caller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await aborted.promise;
  });

  test("in work when the answering node leaves is lost", async () => {
    const [a, b] = await nodes.pair();
    const begun = new Inbox<AbortSignal>();
    b.network.onRequest("slow", options, async (_from, _body, signal) => {
      begun.add(signal);
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
      );
    });
    const answer = ask(a, b, "slow");
    await begun.has(1);
    await Promise.all([
      expect(answer).rejects.toMatchObject({ code: "connection-lost" }),
      b.network[Symbol.asyncDispose](),
    ]);
    expect(begun.items[0]!.aborted).toBe(true);
  });

  test("above the concurrency of its peer is busy, and there is a place again when one is done", async () => {
    const [a, b] = await nodes.pair();
    const begun = new Inbox<() => void>();
    b.network.onRequest("gate", options, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      begun.add(resolve);
      await promise;
      return none;
    });
    const working = [ask(a, b, "gate"), ask(a, b, "gate")];
    await begun.has(2);
    await expect(ask(a, b, "gate")).rejects.toMatchObject({ code: "busy" });
    for (const finish of begun.items) finish();
    await Promise.all(working);
    const third = ask(a, b, "gate");
    for (const finish of await begun.has(3)) finish();
    expect((await third).length).toBe(0);
  });
});

describe("calls one after the other", () => {
  test("use one stream, and a failed one does not spoil the next", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("echo", options, async (_from, body) => {
      if (body[0] === 1) throw new Error("no");
      return body;
    });
    for (let index = 0; index < 20; index++) {
      const body = Uint8Array.of(index % 5, index);
      if (index % 5 === 1) await expect(ask(a, b, "echo", { body })).rejects.toMatchObject({ code: "failed" });
      else expect(await ask(a, b, "echo", { body })).toEqual(body);
    }
    expect(b.network.metrics()).toMatchObject({ requestsIn: 20 });
  });

  test("of different kinds may follow each other", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("echo", options, async (_from, body) => body);
    b.network.onStream("count", options, async function* () {
      for (let index = 0; index < 3; index++) yield Uint8Array.of(index);
    });
    for (let round = 0; round < 3; round++) {
      expect(await ask(a, b, "echo", { body: utf8("x") })).toEqual(utf8("x"));
      const received: number[] = [];
      for await (const bytes of a.network.openStream(b.id, "count", none, { signal: within() }))
        received.push(...bytes);
      expect(received).toEqual([0, 1, 2]);
    }
  });

  test("work without a stream that waits for them", async () => {
    const [a, b] = await nodes.pair({ limits: { idleCallStreamCountMax: 0 } });
    b.network.onRequest("echo", options, async (_from, body) => body);
    for (let round = 0; round < 5; round++) expect(await ask(a, b, "echo", { body: utf8("x") })).toEqual(utf8("x"));
  });

  test("leave a stream that is closed after a while", async () => {
    const [low, high] = orderedNames("a", "b");
    nodes.admit(low);
    nodes.admit(high);
    const node = await nodes.node(high, { limits: { idleCallStreamMs: 20 } });
    const peer = nodes.owned(await RawPeer.open(low));
    const ended = Promise.withResolvers<void>();
    await peer.libp2p.handle(`/${peer.prefix}/call/1`, (stream) => {
      stream.addEventListener("message", () => {});
      stream.addEventListener("remoteCloseWrite", () => ended.resolve());
      stream.send(concatBytes(Uint8Array.of(callStatus.ok), encodeU32(0)));
    });
    await peer.openLink(node);
    await connected(node, idOf(low));
    await node.network.request(idOf(low), "x", none, { signal: within(), responseBytesMax: 1 });
    await ended.promise;
  });
});

describe("a stream", () => {
  const chunk = (fill: number, length: number) => new Uint8Array(length).fill(fill);

  test("brings every byte in order, whatever the sizes of its chunks", async () => {
    const [a, b] = await nodes.pair();
    const sizes = [1, 0, 300_000, 70_000, 2_000_000, 5];
    b.network.onStream("pack", options, async function* (_from, body) {
      expect(body).toEqual(utf8("which"));
      for (const [index, size] of sizes.entries()) yield chunk(index, size);
    });
    const received: Uint8Array[] = [];
    for await (const bytes of a.network.openStream(b.id, "pack", utf8("which"), { signal: within() }))
      received.push(bytes);
    expect(concatBytes(...received)).toEqual(concatBytes(...sizes.map((size, index) => chunk(index, size))));
    expect(a.network.metrics().streamBytesIn).toBe(2_370_006);
  });

  test("that its reader leaves stops its sender", async () => {
    const [a, b] = await nodes.pair();
    const ended = Promise.withResolvers<void>();
    b.network.onStream("endless", options, async function* () {
      try {
        for (;;) yield chunk(1, 1000);
      } finally {
        ended.resolve();
      }
    });
    for await (const bytes of a.network.openStream(b.id, "endless", none, { signal: within() })) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    await ended.promise;
  });

  test("that its caller aborts throws the caller's reason", async () => {
    const [a, b] = await nodes.pair();
    b.network.onStream("stuck", options, async function* (_from, _body, signal) {
      yield chunk(1, 10);
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    });
    const caller = new AbortController();
    const reason = new Error("enough");
    const read = async () => {
      for await (const _ of a.network.openStream(b.id, "stuck", none, { signal: caller.signal })) caller.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
  });

  test("that fails in the middle throws at its reader", async () => {
    const [a, b] = await nodes.pair();
    b.network.onStream("broken", options, async function* () {
      yield chunk(1, 10);
      throw new RangeError("disk");
    });
    const received: number[] = [];
    const read = async () => {
      for await (const bytes of a.network.openStream(b.id, "broken", none, { signal: within() }))
        received.push(bytes.length);
    };
    await expect(read()).rejects.toMatchObject({ code: "connection-lost" });
    expect(received).toEqual([10]);
  });

  test("is produced no faster than it is read", async () => {
    const [a, b] = await nodes.pair();
    let produced = 0;
    b.network.onStream("large", options, async function* () {
      for (; produced < 64 * 1024 * 1024; produced += 65_536) yield chunk(1, 65_536);
    });
    const stream = a.network.openStream(b.id, "large", none, { signal: within() })[Symbol.asyncIterator]();
    let received = (await stream.next()).value!.length;
    // Whatever fits between the two is there when a whole request and its answer have come and gone many times.
    b.network.onRequest("echo", options, async (_from, body) => body);
    for (let round = 0; round < 50; round++) await ask(a, b, "echo");
    expect(produced).toBeLessThan(16 * 1024 * 1024);
    for (let next = await stream.next(); next.done !== true; next = await stream.next()) received += next.value.length;
    expect(received).toBe(64 * 1024 * 1024);
  });

  test("of a peer that dies ends with an error", async () => {
    const [a, b] = await nodes.pair();
    b.network.onStream("endless", options, async function* () {
      for (;;) yield chunk(1, 1000);
    });
    const read = async () => {
      let chunks = 0;
      for await (const _ of a.network.openStream(b.id, "endless", none, { signal: within() })) {
        chunks += 1;
        if (chunks === 10) void b.network[Symbol.asyncDispose]();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: "connection-lost" });
  });
});

describe("a hostile caller", () => {
  const [low, high] = orderedNames("a", "b");

  async function victim(limits = {}): Promise<readonly [TestNode, RawPeer]> {
    nodes.admit(low);
    nodes.admit(high);
    return [await nodes.node(high, { limits }), nodes.owned(await RawPeer.open(low))];
  }

  test("that announces 4 GiB is refused at once", async () => {
    const [node, peer] = await victim();
    node.network.onRequest("echo", options, async (_from, body) => body);
    const call = await peer.openCall(node);
    const reader = new StreamReader(call, 1000);
    call.send(encodeCallHead("echo", 2 ** 32 - 1));
    expect(await reader.readU8(within())).toBe(callStatus.tooLarge);
  });

  test("that says nothing loses its stream", async () => {
    const [node, peer] = await victim({ requestReceiveMs: 50 });
    node.network.onRequest("echo", options, async (_from, body) => body);
    const call = await peer.openCall(node);
    call.send(encodeCallHead("echo", 10));
    await closed(call);
    expect(node.network.metrics().requestsIn).toBe(0);
  });

  test("that never takes its answer loses its stream", async () => {
    const [node, peer] = await victim({ writeStallMs: 100 });
    let produced = 0;
    const ended = Promise.withResolvers<void>();
    node.network.onStream("endless", options, async function* () {
      try {
        for (; ; produced += 65_536) yield new Uint8Array(65_536);
      } finally {
        ended.resolve();
      }
    });
    const call = await peer.openCall(node);
    call.pause();
    call.send(encodeCallHead("endless", 0));
    await ended.promise;
    expect(produced).toBeLessThan(16 * 1024 * 1024);
  });

  test("that is refused and never closes its side is closed", async () => {
    const [node, peer] = await victim({ streamCloseMs: 50, linkTimeoutMs: 600_000 });
    expect(node.network.peers()).toEqual([]);
    const call = await peer.openCall(node);
    const reader = new StreamReader(call, 1000);
    call.send(encodeCallHead("unknown", 0));
    expect(await reader.readU8(within())).toBe(callStatus.unsupported);
    await closed(call);
  });
});

describe("a hostile answer", () => {
  const [low, high] = orderedNames("a", "b");

  test.each([
    [
      "with a chunk above the protocol's cap",
      concatBytes(Uint8Array.of(callStatus.ok), encodeU32(1_000_000)),
      "malformed",
    ],
    ["of an unknown status", Uint8Array.of(99), "malformed"],
    [
      "that claims more than was asked for",
      concatBytes(Uint8Array.of(callStatus.ok), encodeU32(2 ** 32 - 1)),
      "response-too-large",
    ],
  ])("%s fails", async (_what, bytes, code) => {
    nodes.admit(low);
    nodes.admit(high);
    const node = await nodes.node(high);
    const peer = nodes.owned(await RawPeer.open(low));
    await peer.libp2p.handle(`/${peer.prefix}/call/1`, (stream) => {
      stream.send(bytes);
    });
    await peer.openLink(node);
    await connected(node, idOf(low));
    await expect(
      node.network.request(idOf(low), "x", none, { signal: within(), responseBytesMax: 2_000_000 }),
    ).rejects.toMatchObject({ code });
  });
});

test("a request to a process that was stopped ends with the caller's deadline", async () => {
  nodes.admit("child");
  const child = await startChild({ name: "child", admits: ["a"] });
  const node = await nodes.node("a", { peers: [child.address] });
  await connected(node, idOf("child"));
  child.process.kill("SIGSTOP");
  const signal = AbortSignal.timeout(100);
  await expect(node.network.request(idOf("child"), "x", none, { signal, responseBytesMax: 1 })).rejects.toMatchObject({
    name: "TimeoutError",
  });
});
