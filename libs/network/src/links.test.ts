import type { NodeId } from "@guts/primitives";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { encodeFrameHeader } from "./frame.ts";
import { networkLimits } from "./limits.ts";
import { ChildNode, type ChildOptions } from "./test-support/child.ts";
import { connected, disconnected, idOf, Inbox, orderedNames, TestNetwork } from "./test-support/nodes.ts";
import { closed, RawPeer } from "./test-support/raw-peer.ts";

// Processes of their own take long to start where much else runs.
vi.setConfig({ testTimeout: 120_000 });

let nodes: TestNetwork;
beforeEach(() => {
  nodes = new TestNetwork();
});
afterEach(async () => nodes[Symbol.asyncDispose]());

const startChild = async (options: ChildOptions) => nodes.owned(await ChildNode.start(options));

const [low, high] = orderedNames("a", "b");

describe("a connection", () => {
  test("comes back after the peer was killed and started again", async () => {
    nodes.admit("child");
    const first = await startChild({ name: "child", admits: ["a"] });
    const node = await nodes.node("a", { peers: [first.address] });
    await connected(node, idOf("child"));
    await first.kill();
    await disconnected(node, idOf("child"));
    const second = await startChild({ name: "child", port: first.port, admits: ["a"] });
    await connected(node, idOf("child"));
    expect(second.process.exitCode).toBeNull();
    expect(node.network.metrics().dials).toBeGreaterThan(1);
  });

  test("of a peer that came back replaces the one that it lost without a word", async () => {
    nodes.admit("child");
    const first = await startChild({ name: "child", admits: ["a"] });
    const node = await nodes.node("a", { peers: [first.address] });
    await connected(node, idOf("child"));
    first.process.kill("SIGSTOP");
    const second = await startChild({ name: "child", admits: ["a"], peers: [node.address] });
    await disconnected(node, idOf("child"));
    await connected(node, idOf("child"));
    expect(second.process.exitCode).toBeNull();
    expect(node.network.peers()).toHaveLength(1);
  });

  test("is one, whoever dialled, when both dial at once", async () => {
    nodes.admit(low);
    nodes.admit(high);
    for (let round = 0; round < 5; round++) {
      const [a, b] = await Promise.all([nodes.node(low), nodes.node(high)]);
      a.network.addAddress(b.address);
      b.network.addAddress(a.address);
      a.network.keepConnected([b.id]);
      b.network.keepConnected([a.id]);
      await Promise.all([connected(a, b.id), connected(b, a.id)]);
      expect(a.network.peers()).toHaveLength(1);
      expect(b.network.peers()).toHaveLength(1);
      await Promise.all([a.network[Symbol.asyncDispose](), b.network[Symbol.asyncDispose]()]);
    }
  });

  test("is asked for once with connect", async () => {
    nodes.admit(low);
    nodes.admit(high);
    const [a, b] = [await nodes.node(low), await nodes.node(high)];
    b.network.addAddress(a.address);
    await b.network.connect(a.id, AbortSignal.timeout(20_000));
    expect(b.network.peers()).toHaveLength(1);
    await expect(b.network.connect(idOf("nobody"), AbortSignal.timeout(20_000))).rejects.toMatchObject({
      code: "not-connected",
    });
  });

  test("ends when the peer that should open the direct stream does not", async () => {
    nodes.admit(low);
    nodes.admit(high);
    const node = await nodes.node(high, { limits: { linkTimeoutMs: 100 } });
    const peer = nodes.owned(await RawPeer.open(low));
    await closed(await peer.connect(node));
    expect(node.network.peers()).toHaveLength(0);
  });

  test("ends when a ping is not answered, even though the host still is", async () => {
    nodes.admit("child");
    const child = await startChild({ name: "child", admits: ["a"] });
    const limits = { pingIntervalMs: 20, pingsUnansweredMax: 20, pingsUnansweredSilent: 3 };
    const node = await nodes.node("a", { peers: [child.address], limits });
    await connected(node, idOf("child"));
    const isAnswering = () => node.network.peers().find(({ nodeId }) => nodeId === idOf("child"))?.isAnswering;
    await expect.poll(isAnswering, { interval: 5 }).toBe(true);
    child.process.kill("SIGSTOP");
    await expect.poll(isAnswering, { interval: 5 }).toBe(false);
    await disconnected(node, idOf("child"));
    child.process.kill("SIGCONT");
    await connected(node, idOf("child"));
  });
});

describe("a frame", () => {
  const toHigh = async (bytes: Uint8Array) => {
    nodes.admit(low);
    nodes.admit(high);
    const node = await nodes.node(high);
    const frames = new Inbox<readonly [NodeId, number]>();
    node.network.onFrame(1, 1000, (from, frame) => frames.add([from, frame.length]));
    const peer = nodes.owned(await RawPeer.open(low));
    const link = await peer.openLink(node);
    link.send(bytes);
    return { node, peer, link, frames };
  };

  test("at its channel's cap is delivered", async () => {
    const bytes = new Uint8Array(1005);
    bytes.set(encodeFrameHeader(1, 1000));
    const { frames } = await toHigh(bytes);
    expect(await frames.has(1)).toEqual([[idOf(low), 1000]]);
  });

  test.each([
    ["above its channel's cap", 1, 1001, "frame-too-large"],
    ["of 4 GiB", 1, 2 ** 32 - 1, "frame-too-large"],
    ["of a channel without listener", 2, 1, "unknown-channel"],
    ["of an oversize ping", 0, 10, "frame-too-large"],
  ])("%s ends the connection at its header and costs points", async (_what, channel, length, reason) => {
    const { node, link, frames } = await toHigh(encodeFrameHeader(channel, length));
    await closed(link);
    expect(node.misbehaviour).toMatchObject([{ nodeId: idOf(low), reason, isBanned: false }]);
    expect(frames.items).toEqual([]);
  });

  test("against the rules, for the second time, bans the sender for a while", async () => {
    const { node, peer, link } = await toHigh(encodeFrameHeader(2, 1));
    await closed(link);
    const second = await peer.openLink(node);
    second.send(encodeFrameHeader(2, 1));
    await closed(second);
    expect(node.misbehaviour.at(-1)).toMatchObject({ isBanned: true });
    await expect(peer.openLink(node)).rejects.toThrow();
    expect(node.network.metrics()).toMatchObject({ bans: 1, penalties: 2 });
  });
});

describe("sending", () => {
  test("to a node that is not connected says so", async () => {
    const node = await nodes.node("a");
    expect(node.network.send(idOf("b"), 1, new Uint8Array(1))).toBe(false);
  });

  test("to a peer that does not read is refused at the bound, counted, and ends the connection", async () => {
    nodes.admit("child");
    const child = await startChild({ name: "child", admits: ["a"] });
    const queueBytesMax = 8 * 1024 * 1024;
    const limits = { queueBytesMax, pingIntervalMs: 50, pingsUnansweredMax: 1000, queueStallMs: 500 };
    const node = await nodes.node("a", { peers: [child.address], limits });
    await connected(node, idOf("child"));
    child.process.kill("SIGSTOP");
    const frame = new Uint8Array(256 * 1024);
    let accepted = 0;
    while (node.network.send(idOf("child"), 1, frame)) accepted += frame.length;
    expect(accepted).toBeGreaterThan(queueBytesMax / 2);
    expect(node.network.peers()[0]).toMatchObject({ framesRefused: 1 });
    expect(node.network.peers()[0]!.queuedBytes).toBeLessThanOrEqual(queueBytesMax);
    await disconnected(node, idOf("child"));
    expect(node.network.metrics().framesRefused).toBe(1);
  });

  test("many frames is refused at the bound of frames", async () => {
    const [a, b] = await nodes.pair({ limits: { queueFramesMax: 10 } });
    const accepted = Array.from({ length: 20 }, () => a.network.send(b.id, 1, new Uint8Array(1)));
    expect(accepted.indexOf(false)).toBe(10);
  });
});

test("a flood is read at the peer's rate, and memory does not grow with it", { timeout: 60_000 }, async () => {
  nodes.admit("child");
  const limits = { framesPerSecond: 500, framesBurst: 100 };
  const node = await nodes.node("a", { limits });
  const frames = new Inbox<number>();
  let count = 0;
  let before = 0;
  node.network.onFrame(1, 1024 * 1024, () => {
    count += 1;
    if (count === 100) before = process.memoryUsage().rss;
    if (count % 500 === 0) frames.add(count);
  });
  const startedAt = performance.now();
  const child = await startChild({
    name: "child",
    admits: ["a"],
    peers: [node.address],
    flood: { bytes: 2000 },
  });
  await frames.has(4);
  const seconds = (performance.now() - startedAt) / 1000;
  expect(child.process.exitCode).toBeNull();
  expect(node.network.metrics().throttles).toBeGreaterThan(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  // One window may be over the rate: what was read before reading paused.
  const window = (4 * networkLimits.readAheadBytes) / 2000;
  expect(count).toBeLessThanOrEqual(limits.framesBurst + limits.framesPerSecond * seconds + window);
});
