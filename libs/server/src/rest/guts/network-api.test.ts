import { createClient } from "@guts/api";
import { nodeIdOf, parseHeight, parsePrivateSeed, publicKeyOf, toHex, type TimeMs } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { NetworkView, PeerView } from "../../ports/index.ts";
import { aloneNetwork, TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";
import { nodeSeed } from "../../testing/memory-ledger.fixture.ts";

const seeds = [nodeSeed, ...[8, 9, 10].map((byte) => parsePrivateSeed(new Uint8Array(32).fill(byte))!)];
const keys = seeds.map(publicKeyOf);
const ids = keys.map(nodeIdOf);
const validators = keys.map((consensusKey, index) => ({ name: `node${index}`, nodeId: ids[index]!, consensusKey }));
const lastSeenMs = 1_790_000_000_000;

/** A validator that is connected but behind, one that was seen once, and one that nobody has heard of. */
const peers: readonly PeerView[] = [
  peer({ nodeId: ids[1]!, isConnected: true, height: parseHeight(0)!, version: "0.2.0", rttMs: 1.5, lastSeenMs }),
  peer({ nodeId: ids[2]!, url: "https://two.example", lastSeenMs }),
];

function peer(changes: Partial<PeerView> & Pick<PeerView, "nodeId">): PeerView {
  const unknown = { height: undefined, version: undefined, url: undefined, rttMs: undefined, lastSeenMs: undefined };
  return { isConnected: false, ...unknown, bytesReceived: 5, bytesSent: 7, ...changes };
}

let node: TestNode;
let ada: TestAccount;
let now: NetworkView;

beforeAll(async () => {
  node = await TestNode.start({
    validators,
    network: (ledger) => {
      now = aloneNetwork(ledger);
      return {
        ...now,
        peers: () => peers,
        sync: () => ({ state: "catching-up", target: parseHeight(9)! }),
        consensus: () => ({ epoch: 0, view: 12, leader: ids[1], nullifiedViewCount: 2, evidenceCount: 0 }),
      };
    },
  });
  ada = await node.signUp("ada");
});
afterAll(() => node[Symbol.asyncDispose]());

describe("GET /api/guts/network", () => {
  test("shows every validator in its order, and what this node sees of it", async () => {
    const network = await ada.client.call("GET /api/guts/network", {});
    const shown = network.nodes.map(({ name, isSelf, isConnected, height, lag, version, url, lastSeenAt }) => {
      return { name, isSelf, isConnected, height, lag, version, url, isSeen: lastSeenAt !== null };
    });
    const unseen = {
      isSelf: false,
      isConnected: false,
      height: null,
      lag: null,
      version: null,
      url: null,
      isSeen: false,
    };
    const height = node.ledger.height();
    expect(shown).toEqual([
      { ...unseen, name: "node0", isSelf: true, isConnected: true, height, lag: 0, version: "0.0.0", isSeen: true },
      { ...unseen, name: "node1", isConnected: true, height: 0, lag: height, version: "0.2.0", isSeen: true },
      { ...unseen, name: "node2", url: "https://two.example", isSeen: true },
      { ...unseen, name: "node3" },
    ]);
  });

  test("says what the number of validators at work means, where agreement is, and what this node is doing", async () => {
    const { quorum, consensus, sync, addresses } = await ada.client.call("GET /api/guts/network", {});
    expect(quorum).toMatchObject({ validatorCount: 4, upCount: 2, neededCount: 3 });
    expect(quorum.summary).toMatch(/^2 of 4 validators up; one more must/);
    expect(consensus).toEqual({ epoch: 0, view: 12, leader: ids[1] });
    expect(sync).toEqual({ state: "catching-up", target: 9 });
    expect(addresses).toEqual(now.addresses());
  });
});

test("GET /api/guts/validators names each key and the leader", async () => {
  const listed = await ada.client.call("GET /api/guts/validators", {});
  expect(listed.map(({ name, consensusKey, isLeader }) => [name, consensusKey, isLeader])).toEqual(
    keys.map((key, index) => [`node${index}`, toHex(key), index === 1]),
  );
});

test("GET /api/guts/genesis answers the document's own bytes", async () => {
  const answer = await fetch(`${node.url}/api/guts/genesis`);
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(now.genesis());
});

describe("GET /api/guts/blocks", () => {
  test("tells what blocks did when it is asked to, and names a private repository to its readers only", async () => {
    await ada.client.call("POST /api/v3/user/repos", { body: { name: "open" } });
    await ada.client.call("POST /api/v3/user/repos", { body: { name: "secret", private: true } });
    const deedsFor = async (client = ada.client) => {
      const blocks = await client.call("GET /api/guts/blocks", { query: { deeds: true, limit: 2 } });
      return blocks.map(({ deeds, proposer }) => [deeds, proposer]);
    };
    const open = `${ada.handle} created ${ada.handle}/open`;
    expect(await deedsFor()).toEqual([
      [[`${ada.handle} created ${ada.handle}/secret`], "node0"],
      [[open], "node0"],
    ]);
    expect(await deedsFor(createClient({ baseUrl: node.url }))).toEqual([
      [[`${ada.handle} created a private repository`], "node0"],
      [[open], "node0"],
    ]);
    const [plain] = await ada.client.call("GET /api/guts/blocks", { query: { limit: 1 } });
    expect(plain).not.toHaveProperty("deeds");
  });
});

describe("a write that the network cannot take", () => {
  const rename = () => ada.client.call("POST /api/v3/user/repos", { body: { name: "late" } });

  test("is refused while too few validators are up, and says how many are missing", async () => {
    const quorum = { validatorCount: 4, upCount: 2, neededCount: 3 };
    node.ledger.nextOutcome = { outcome: "refused", rejection: "validators-missing", quorum };
    await expect(rename()).rejects.toMatchObject({
      status: 503,
      reason: "validators-missing",
      message: expect.stringMatching(/until one more is back/),
    });
  });

  test("is unknown until a time once it was submitted, and is named", async () => {
    const transactionId = node.ledger.networkId;
    const untilTime = Date.UTC(2026, 10, 20, 17, 3, 20) as TimeMs;
    node.ledger.nextOutcome = { outcome: "unknown", transactionId, untilTime };
    await expect(rename()).rejects.toMatchObject({
      status: 504,
      message: expect.stringMatching(new RegExp(`until 17:03:20 UTC.*${toHex(transactionId)}`)),
    });
  });
});

test("metrics count validators, views and peers, and time writes by their outcome", async () => {
  const lines = (await (await fetch(`${node.url}/metrics`)).text()).split("\n");
  const valueOf = (name: string) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
  const named = [
    "guts_validators",
    "guts_validators_up",
    "guts_validators_needed",
    "guts_consensus_view",
    "guts_peers",
  ];
  expect(named.map(valueOf)).toEqual([4, 2, 3, 12, 1]);
  expect(valueOf("guts_consensus_nullified_views")).toBe(2);
  expect(valueOf('guts_peer_bytes{direction="in"}')).toBe(10);
  expect(valueOf("guts_sync_lag")).toBe(Math.max(0, 9 - node.ledger.height()));
  for (const outcome of ["applied", "refused", "unknown"])
    expect(valueOf(`guts_write_seconds_count{outcome="${outcome}"}`)).toBeGreaterThan(0);
});
