import { fromUtf8, utf8, type NodeId } from "@guts/primitives";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { connected, idOf, Inbox, TestNetwork } from "./test-support/nodes.ts";

let nodes: TestNetwork;
beforeEach(() => {
  nodes = new TestNetwork();
});
afterEach(async () => nodes[Symbol.asyncDispose]());

const within = () => AbortSignal.timeout(20_000);

describe("a pair", () => {
  test("exchanges frames in order, in both directions", async () => {
    const [a, b] = await nodes.pair();
    const atA = new Inbox<readonly [NodeId, string | undefined]>();
    const atB = new Inbox<readonly [NodeId, string | undefined]>();
    a.network.onFrame(1, 100, (from, frame) => atA.add([from, fromUtf8(frame)]));
    b.network.onFrame(1, 100, (from, frame) => atB.add([from, fromUtf8(frame)]));
    for (let index = 0; index < 100; index++) {
      expect(a.network.send(b.id, 1, utf8(`to b ${index}`))).toBe(true);
      expect(b.network.send(a.id, 1, utf8(`to a ${index}`))).toBe(true);
    }
    expect(await atB.has(100)).toEqual(Array.from({ length: 100 }, (_, index) => [a.id, `to b ${index}`]));
    expect(await atA.has(100)).toEqual(Array.from({ length: 100 }, (_, index) => [b.id, `to a ${index}`]));
  });

  test("answers requests", async () => {
    const [a, b] = await nodes.pair();
    b.network.onRequest("echo", { requestBytesMax: 100, concurrencyMax: 4, roles: ["validator"] }, async (from, body) =>
      utf8(`${from} said ${fromUtf8(body)}`),
    );
    const answer = await a.network.request(b.id, "echo", utf8("hello"), { signal: within(), responseBytesMax: 200 });
    expect(fromUtf8(answer)).toBe(`${a.id} said hello`);
  });

  test("hears the first frame with handlers that were prepared", async () => {
    nodes.admit("a");
    nodes.admit("b");
    const heard = new Inbox<NodeId>();
    const a = await nodes.node("a", { prepare: (network) => network.onFrame(1, 100, (from) => heard.add(from)) });
    const b = await nodes.node("b");
    b.network.onPeers(({ nodeId }) => b.network.send(nodeId, 1, utf8("first")));
    b.network.addAddress(a.address);
    b.network.keepConnected([a.id]);
    expect(await heard.has(1)).toEqual([idOf("b")]);
    expect(a.misbehaviour).toEqual([]);
  });

  test("describes its peer", async () => {
    const [a, b] = await nodes.pair();
    expect(a.network.peers()).toMatchObject([{ nodeId: b.id, role: "validator", score: 0, framesRefused: 0 }]);
    expect(a.network.addresses[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3Koo/);
  });

  test("closes within a second", async () => {
    const [a] = await nodes.pair();
    const before = performance.now();
    await a.network[Symbol.asyncDispose]();
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

test("four nodes that dial each other at once end up with one stream for each pair", async () => {
  const names = ["one", "two", "three", "four"];
  for (const name of names) nodes.admit(name);
  const four = await Promise.all(names.map(async (name) => nodes.node(name)));
  for (const { network } of four)
    for (const other of four) if (other.network !== network) network.addAddress(other.address);
  for (const { network } of four) network.keepConnected(names.map(idOf));
  await Promise.all(four.flatMap((node) => four.filter((o) => o !== node).map(async (o) => connected(node, o.id))));
  for (const { network } of four) expect(network.metrics().peerCount).toBe(3);
});
