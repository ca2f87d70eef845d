import { fromHex, toHex } from "@guts/primitives";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { nodeIdOfPeer, parseNodeAddress, peerIdOf, privateKeyOfSeed } from "./identity.ts";
import { openNetwork } from "./open-network.ts";
import { connected, disconnected, idOf, networkIdOf, orderedNames, seedOf, TestNetwork } from "./test-support/nodes.ts";
import { closed, RawPeer } from "./test-support/raw-peer.ts";

let nodes: TestNetwork;
beforeEach(() => {
  nodes = new TestNetwork();
});
afterEach(async () => nodes[Symbol.asyncDispose]());

const [low, high] = orderedNames("a", "b");
const within = () => AbortSignal.timeout(20_000);

describe("identity", () => {
  test("is one key in two spellings", () => {
    expect(nodeIdOfPeer(peerIdOf(idOf("a")))).toBe(idOf("a"));
    expect(toHex(privateKeyOfSeed(seedOf("a")).publicKey.raw)).toBe(idOf("a"));
    expect(peerIdOf(idOf("a")).toString()).toMatch(/^12D3Koo/);
  });

  // The public key of RFC 8032's first test, and what libp2p's specification of peer ids makes of it.
  test("is the same as other implementations'", () => {
    const key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    const digest = peerIdOf(key as ReturnType<typeof idOf>).toMultihash().bytes;
    expect(toHex(digest)).toBe(`0024${toHex(fromHex("08011220")!)}${key}`);
  });

  test.each([
    ["that is no multiaddr", "127.0.0.1:7000"],
    ["without a peer id", "/ip4/127.0.0.1/tcp/7000"],
    ["of an RSA key", "/ip4/127.0.0.1/tcp/1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"],
  ])("does not come from an address %s", (_what, text) => {
    expect(() => parseNodeAddress(text)).toThrow(expect.objectContaining({ code: "bad-address" }));
  });
});

describe("who takes part", () => {
  test("is not a stranger, who is refused once it has shown its key", async () => {
    nodes.admit(high);
    const node = await nodes.node(high);
    const stranger = nodes.owned(await RawPeer.open(low));
    const connection = await stranger.connect(node).catch(() => undefined);
    if (connection !== undefined) await closed(connection);
    await expect(stranger.openLink(node)).rejects.toThrow();
    expect(node.network.peers()).toEqual([]);
    expect(node.network.metrics().connectionsRefused).toBeGreaterThanOrEqual(1);
  });

  test("changes when the ledger does", async () => {
    const [a, b] = await nodes.pair();
    nodes.roleByNode.delete(b.id);
    a.network.keepConnected([]);
    await disconnected(b, a.id);
    expect(a.network.peers()).toEqual([]);
    nodes.admit(b.name, "node");
    await connected(a, b.id);
    expect(a.network.peers()).toMatchObject([{ nodeId: b.id, role: "node" }]);
  });

  test("includes a node of the bootstrap list, which gets no role by that", async () => {
    nodes.admit(high);
    const first = await nodes.node(high, { roleOf: (nodeId) => (nodeId === idOf(low) ? "node" : undefined) });
    const newcomer = await nodes.node(low, { peers: [first.address], roleOf: () => undefined });
    await connected(newcomer, first.id);
    expect(newcomer.network.peers()).toMatchObject([{ nodeId: first.id, role: undefined }]);
    const options = { requestBytesMax: 10, concurrencyMax: 2, roles: ["node", "validator"] as const };
    const nothing = new Uint8Array(0);
    const asked = { signal: within(), responseBytesMax: 1 };
    for (const { network } of [first, newcomer]) network.onRequest("ping", options, async () => nothing);
    expect(await newcomer.network.request(first.id, "ping", nothing, asked)).toEqual(nothing);
    await expect(first.network.request(newcomer.id, "ping", nothing, asked)).rejects.toMatchObject({ code: "refused" });
  });

  test("is no impostor: an address with another node's id does not connect", async () => {
    nodes.admit(low);
    nodes.admit(high);
    nodes.admit("c");
    const real = await nodes.node(high);
    const node = await nodes.node(low);
    const forged = real.address.replace(/\/p2p\/.*/, `/p2p/${peerIdOf(idOf("c")).toString()}`);
    node.network.addAddress(forged);
    await expect(node.network.connect(idOf("c"), within())).rejects.toMatchObject({ code: "not-connected" });
    expect(node.network.peers()).toEqual([]);
    expect(real.network.peers()).toEqual([]);
  });

  test("is nobody of another network", async () => {
    nodes.admit(low);
    nodes.admit(high);
    const ours = await nodes.node(high);
    const theirs = await nodes.node(low, { networkId: networkIdOf("another") });
    theirs.network.addAddress(ours.address);
    await expect(theirs.network.connect(ours.id, within())).rejects.toMatchObject({ code: "not-connected" });
    expect(ours.network.peers()).toEqual([]);
    expect(theirs.network.peers()).toEqual([]);
  });

  test("excludes who was penalized too often, for a while", async () => {
    const [a, b] = await nodes.pair({ limits: { banMs: 300 } });
    b.network.penalize(a.id, 99, "test");
    expect(b.network.peers()[0]!.score).toBeLessThan(-90);
    b.network.penalize(a.id, 10, "test");
    await disconnected(a, b.id);
    expect(b.network.peers()).toEqual([]);
    expect(b.misbehaviour.map(({ isBanned }) => isBanned)).toEqual([false, true]);
    await connected(b, a.id);
  });
});

describe("opening", () => {
  const options = {
    seed: seedOf("a"),
    networkId: networkIdOf("test"),
    listen: { host: "127.0.0.1", port: 0 },
    peers: [],
    roleOf: () => undefined,
  };

  test("fails when the port is taken", async () => {
    const node = await nodes.node("b");
    const port = Number(/\/tcp\/(\d+)\//.exec(node.address)![1]);
    await expect(openNetwork({ ...options, listen: { host: "127.0.0.1", port } }, within())).rejects.toThrow();
  });

  test("fails for a bad bootstrap list", async () => {
    await expect(openNetwork({ ...options, peers: ["nonsense"] }, within())).rejects.toMatchObject({
      code: "bad-address",
    });
  });

  test("throws the reason of an aborted signal", async () => {
    const reason = new Error("too late");
    await expect(openNetwork(options, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test("without listening lets a node dial", async () => {
    nodes.admit(low);
    nodes.admit(high);
    const listening = await nodes.node(high);
    const dialling = await openNetwork(
      { ...options, seed: seedOf(low), listen: undefined, peers: [listening.address], roleOf: () => "validator" },
      within(),
    );
    nodes.owned(dialling);
    await connected(listening, idOf(low));
    expect(dialling.addresses).toEqual([]);
  });

  test("is undone by disposing, after which nothing works", async () => {
    const [a, b] = await nodes.pair();
    await a.network[Symbol.asyncDispose]();
    await a.network[Symbol.asyncDispose]();
    await disconnected(b, a.id);
    expect(() => a.network.publish("x", new Uint8Array(1))).toThrow(expect.objectContaining({ code: "closed" }));
    expect(a.network.send(b.id, 1, new Uint8Array(1))).toBe(false);
  });
});
