import { expect, test } from "vitest";
import { toHex } from "@guts/primitives";
import { neededAnswers } from "./core/restoration.ts";
import { areContradictory, type SignedVote } from "./evidence.ts";
import { TestNetwork, type TestNode } from "./testing/test-network.ts";
import { quorumOf } from "@guts/verifier";

function votesOf({ sent, index }: TestNode): readonly SignedVote[] {
  const votes = sent.flatMap((message) => ("vote" in message && message.vote !== undefined ? [message.vote] : []));
  const own = votes.filter((vote) => vote.validator === index);
  return [...new Map(own.map((vote) => [`${vote.view} ${vote.kind} ${toHex(vote.header)}`, vote])).values()];
}

function contradictions(node: TestNode): number {
  const votes = votesOf(node);
  const pairs = votes.flatMap((first) => votes.map((second) => [first, second] as const));
  return pairs.filter(([first, second]) => first.view === second.view && areContradictory(first, second)).length;
}

const standings = (network: TestNetwork) => network.nodes.map(({ engine }) => engine.status().standing);

test("an intact journal waits for a few answers, or a moment, before it votes", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start(0);
  network.run(999);
  expect(network.nodes[0]!.engine.status().standing).toBe("asking");
  network.run(1);
  expect(network.nodes[0]!.engine.status().standing).toBe("voting");
  network.start(1, 2, 3);
  network.run(3);
  expect(standings(network)).toEqual(Array(4).fill("voting"));
});

test("a validator that lost its journal follows, and votes again only above every view it can have voted in", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.submit("before");
  network.run(100);
  const node = network.nodes[0]!;
  const votedUpTo = Math.max(...votesOf(node).map(({ view }) => view));
  network.restart(0, []);
  network.run(10);
  const bound = Math.max(...network.nodes.map(({ engine }) => engine.status().view)) + 1;
  const sentBefore = votesOf(node).length;
  for (let round = 0; round < 8; round++) {
    network.submit(`after ${round}`);
    network.run(1_100);
  }
  const later = votesOf(node).slice(sentBefore);
  expect(later.length).toBeGreaterThan(0);
  expect(Math.min(...later.map(({ view }) => view))).toBeGreaterThan(bound);
  expect(bound).toBeGreaterThan(votedUpTo);
  expect(node.chain.lines).toHaveLength(9);
  expect(contradictions(node)).toBe(0);
});

test("the bound of a lost journal survives the next restart", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.restart(0, []);
  network.run(10);
  network.restart(0);
  network.run(10);
  expect(network.nodes[0]!.engine.status().standing).toBe("voting");
  network.submit("line");
  network.run(10);
  const [first] = votesOf(network.nodes[0]!);
  expect(first?.view ?? Infinity).toBeGreaterThan(2);
});

test("a lost journal waits as long as too few others answer", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start(1, 2);
  network.run(10);
  network.restart(0, []);
  network.run(60_000);
  expect(network.nodes[0]!.engine.status().standing).toBe("amnesiac");
  expect(votesOf(network.nodes[0]!)).toEqual([]);
  network.start(3);
  network.run(6_000);
  expect(network.nodes[0]!.engine.status().standing).toBe("voting");
});

test("a journal restored from an older copy is noticed by the votes that peers hold, and contradicts none", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  const node = network.nodes[0]!;
  const copy = node.journal.records.slice();
  const chain = node.chain.blocks.slice();
  // View 1 is notarized and finalized by others, who need a finalize vote of this validator and do not get it.
  network.passes = (from, _to, { type }) => !(from === 3 && type === "vote");
  network.submit("line");
  network.run(200);
  const voted = votesOf(node).filter(({ view }) => view > (chain.at(-1)?.proposal.header.view ?? 0)).length;
  expect(voted).toBeGreaterThan(1);
  node.chain.blocks.splice(0, 99, ...chain);
  network.restart(0, copy);
  network.passes = () => true;
  network.run(3);
  expect(node.engine.status().standing).toBe("amnesiac");
  network.run(3);
  expect(node.engine.status().standing).toBe("voting");
  for (let round = 0; round < 8; round++) {
    network.submit(`line ${round}`);
    network.run(1_100);
  }
  expect(contradictions(node)).toBe(0);
  expect(node.chain.lines.length).toBe(9);
  expect(network.nodes.flatMap(({ evidence }) => evidence)).toEqual([]);
});

test("three validators, of whom each is needed, go on after one lost its journal", () => {
  const network = new TestNetwork({ validatorCount: 3 });
  network.start();
  network.run(10);
  network.submit("before");
  network.run(3); // In the middle of a view.
  network.restart(0, []);
  network.run(5_000);
  network.submit("after");
  network.run(10_000);
  for (const { chain } of network.nodes) expect(chain.lines).toEqual(["before", "after"]);
});

test("a network of one that lost its journal goes on above its chain", () => {
  const network = new TestNetwork({ validatorCount: 1 });
  network.start();
  network.submit("before");
  network.run(10);
  const { view } = network.nodes[0]!.chain.tip;
  network.restart(0, []);
  expect(standings(network)).toEqual(["voting"]);
  network.submit("after");
  network.run(10);
  expect(network.nodes[0]!.chain.lines).toEqual(["before", "after"]);
  expect(network.nodes[0]!.chain.tip.view).toBeGreaterThan(view);
});

test("two instances of one key do not both vote in one view", () => {
  const network = new TestNetwork({ validatorCount: 4, observerCount: 0 });
  network.start();
  network.run(10);
  const node = network.nodes[0]!;
  for (let round = 0; round < 6; round++) {
    const earlier = node.journal.records.slice();
    network.submit(`line ${round}`);
    network.run(1_100);
    network.restart(0, earlier); // The copy takes over while votes of the other one are still on their way.
    network.run(20);
  }
  expect(contradictions(node)).toBe(0);
});

test.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 100])(
  "of %i validators so many must answer that a correct one was in the view before any lost vote",
  (count) => {
    const quorum = quorumOf(count);
    const needed = neededAnswers({ quorum, validatorCount: count });
    expect(needed).toBeLessThan(count);
    // Others that lie: as many as may be down, or as many as safety bears when this validator is one of them.
    for (const liars of [count - quorum, Math.max(0, 2 * quorum - count - 2)]) {
      const correctOthers = count - 1 - liars;
      const correctVoters = quorum - 1 - liars; // In the certificate that let this validator enter.
      expect(needed - liars + correctVoters).toBeGreaterThan(correctOthers);
    }
  },
);
