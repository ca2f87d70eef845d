import { decode, encode, nodeIdOf, parsePrivateSeed, publicKeyOf, type Height, type NodeId } from "@guts/primitives";
import type { PeerInfo } from "@guts/network";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { answerBlocks, BlockSync } from "./block-sync.ts";
import { named, NetworkOfStores, type TestNode } from "./network-of-stores.fixture.ts";
import { blocksAnswerCodec, blocksPerAnswerMax, type SyncedBlock } from "@guts/transfer";

const idOf = (byte: number): NodeId => nodeIdOf(publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(byte))!));
const good = idOf(1);
const bad = idOf(2);
const signal = new AbortController().signal;

let network: NetworkOfStores;
let source: TestNode;
let target: TestNode;
let penalties: string[];
let troubles: NodeId[];

beforeEach(() => {
  network = new NetworkOfStores();
  source = network.addNode();
  target = network.addNode();
  penalties = [];
  troubles = [];
});
afterEach(() => network[Symbol.dispose]());

function grow(count: number): void {
  for (let index = 0; index < count; index++) {
    const proposal = network.propose(source);
    source.execution.commit(proposal, network.finalize(proposal.header));
  }
}

type Answering = (request: Uint8Array) => Promise<Uint8Array> | Uint8Array;

/** A sync whose peers answer as the functions say. */
function syncWith(...peers: readonly (readonly [NodeId, Answering])[]): BlockSync {
  const answers = new Map(peers);
  return new BlockSync({
    chain: target.chain,
    network: {
      request: async (to, _protocol, body) => answers.get(to)!(body),
      peers: () => [...answers.keys()].map((nodeId) => ({ nodeId, role: "validator" }) as PeerInfo),
      penalize: (nodeId, _points, reason) => void penalties.push(`${nodeId === bad ? "bad" : "good"}: ${reason}`),
    },
    onApplied: (block) => void target.applied.push(block),
    untilFollowed: async () => {},
    onTrouble: (from) => void troubles.push(from),
  });
}

const honest = (request: Uint8Array): Uint8Array => answerBlocks(source.chain, request)!;

/** An answer in which one block is another. */
const forging =
  (forge: (block: SyncedBlock) => SyncedBlock) =>
  (request: Uint8Array): Uint8Array => {
    const { blocks } = decode(blocksAnswerCodec, honest(request));
    return encode(blocksAnswerCodec, { blocks: blocks.map((block, index) => (index === 1 ? forge(block) : block)) });
  };

describe("block sync", () => {
  test("brings a node to the height, state and texts of another, over many ranges", async () => {
    const { raw, seed } = network.signUp("alice");
    source.pool.add(raw, new Map(), { isOwn: true, isFinal: () => false });
    grow(1);
    for (const { transactionId } of source.applied[0]!.block.results) source.pool.remove(transactionId);
    const { raw: change, content } = network.changeName(1, seed, "Alice");
    source.pool.add(change, named(content), { isOwn: true, isFinal: () => false });
    grow(1);
    for (const { transactionId } of source.applied[1]!.block.results) source.pool.remove(transactionId);
    grow(blocksPerAnswerMax + 10);
    const { height } = source.chain.state.tip;
    const sync = syncWith([good, honest]);
    const running = sync.reach(height, good, signal);
    expect(sync.target).toBe(height);
    await running;
    expect(sync.target).toBeUndefined();
    expect(target.chain.state.tip).toEqual(source.chain.state.tip);
    expect(target.chain.state.root()).toEqual(source.chain.state.root());
    expect(target.applied).toHaveLength(height);
    const [digest] = named(content).keys();
    expect(target.chain.contents.get(Buffer.from(digest!, "hex"))?.text).toEqual(content.text);
    expect(penalties).toEqual([]);
  });

  test.each([
    [
      "a state that does not follow",
      (block: SyncedBlock) => ({
        ...block,
        block: { ...block.block, header: { ...block.block.header, stateRoot: block.block.header.parent } },
      }),
      "not final",
    ],
    [
      "another block's finality",
      (block: SyncedBlock) => ({
        ...block,
        finality: {
          ...block.finality,
          certificate: { ...block.finality.certificate, votes: block.finality.certificate.votes.slice(1) },
        },
      }),
      "not final",
    ],
    [
      "other transactions",
      (block: SyncedBlock) => ({ ...block, block: { ...block.block, transactions: [new Uint8Array(3)] } }),
      "other transactions",
    ],
    [
      "a gap",
      (block: SyncedBlock) => ({
        ...block,
        block: { ...block.block, header: { ...block.block.header, height: 9 as Height } },
      }),
      "gap",
    ],
  ] as const)("refuses %s, blames the sender and goes on elsewhere", async (_what, forge, reason) => {
    grow(4);
    const sync = syncWith([bad, forging(forge)], [good, honest]);
    await sync.reach(source.chain.state.tip.height, bad, signal);
    expect(target.chain.state.tip).toEqual(source.chain.state.tip);
    expect(penalties.every((penalty) => penalty.startsWith("bad") && penalty.includes(reason))).toBe(true);
    expect(penalties.length).toBeGreaterThan(0);
  });

  test("asks another node when one does not answer, and ends when nobody does", async () => {
    grow(4);
    const failing = async (): Promise<Uint8Array> => {
      throw new Error("gone");
    };
    await syncWith([bad, failing], [good, honest]).reach(4 as Height, bad, signal);
    expect(target.chain.state.tip.height).toBe(4);
    expect(troubles).toEqual([bad]);
    grow(1);
    await syncWith([bad, failing]).reach(5 as Height, bad, signal);
    expect(target.chain.state.tip.height).toBe(4);
  });

  test("does not end up behind a peer that answers nothing", async () => {
    grow(4);
    const empty = (): Uint8Array => encode(blocksAnswerCodec, { blocks: [] });
    await syncWith([bad, empty], [good, honest]).reach(4 as Height, bad, signal);
    expect(target.chain.state.tip.height).toBe(4);
  });

  test("leaves alone what consensus was faster with", async () => {
    grow(3);
    for (const { block, finality } of source.applied.slice(0, 2)) target.chain.append({ block, finality });
    await syncWith([good, honest]).reach(3 as Height, good, signal);
    expect(target.applied).toHaveLength(1);
  });
});

test("a request that cannot be read gets no answer", () => {
  expect(answerBlocks(source.chain, new Uint8Array(3))).toBeUndefined();
});
