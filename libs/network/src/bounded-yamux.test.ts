import type { Connection, MessageStream } from "@libp2p/interface";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { orderedNames, TestNetwork, type TestNode } from "./test-support/nodes.ts";
import { closed, RawPeer } from "./test-support/raw-peer.ts";

let nodes: TestNetwork;
beforeEach(() => {
  nodes = new TestNetwork();
});
afterEach(async () => nodes[Symbol.asyncDispose]());

const [low, high] = orderedNames("a", "b");

async function victimAndPeer(): Promise<readonly [TestNode, RawPeer]> {
  nodes.admit(low);
  nodes.admit(high);
  // Only what is tested may end the connection.
  const limits = { linkTimeoutMs: 600_000, connectionWriteBytesMax: 256 * 1024 };
  return [await nodes.node(high, { limits }), nodes.owned(await RawPeer.open(low))];
}

/** Writes below the streams: what libp2p's muxer itself would write to the encrypted connection. */
function writeRaw(connection: Connection, bytes: Uint8Array): boolean {
  return (connection as unknown as { muxer: { maConn: MessageStream } }).muxer.maConn.send(bytes);
}

function yamuxHeader(type: number, flags: number, length: number): Uint8Array {
  const header = new Uint8Array(12);
  const view = new DataView(header.buffer);
  view.setUint8(1, type);
  view.setUint16(2, flags);
  view.setUint32(4, type === 2 ? 0 : 1001);
  view.setUint32(8, length);
  return header;
}

describe("a yamux connection", () => {
  test("ends at the header of a data frame above every window", async () => {
    const [node, peer] = await victimAndPeer();
    const connection = await peer.connect(node);
    writeRaw(connection, yamuxHeader(0, 1, 2 ** 32 - 1));
    await closed(connection);
  });

  test("ends when its peer asks without end and reads no answer", async () => {
    const [node, peer] = await victimAndPeer();
    const connection = await peer.connect(node);
    const raw = (connection as unknown as { muxer: { maConn: MessageStream } }).muxer.maConn;
    raw.pause();
    const pings = new Uint8Array(12 * 10_000);
    for (let index = 0; index < 10_000; index++) pings.set(yamuxHeader(2, 1, index), 12 * index);
    while (raw.status === "open") {
      if (raw.send(pings)) await new Promise(setImmediate);
      else await Promise.race([drained(raw), closed(connection)]);
    }
    expect(raw.status).not.toBe("open");
  });

  test("that is closed while a stream is opened fails that stream and nothing else", async () => {
    const [node, peer] = await victimAndPeer();
    const connection = await peer.connect(node);
    const opening = connection.newStream(`/${peer.prefix}/call/1`);
    connection.abort(new Error("hung up"));
    await expect(opening).rejects.toThrow();
  });
});

async function drained(stream: MessageStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.addEventListener("drain", () => resolve(), { once: true });
  if (!stream.writableNeedsDrain) resolve();
  await promise;
}
