import { expect, test } from "vitest";
import { digestOf, equalBytes, toHex } from "@guts/primitives";
import { areContradictory, type SignedVote } from "./evidence.ts";
import { decodeJournalRecord, encodeJournalRecord } from "./journal-record.ts";
import { encodeMessage } from "./messages.ts";
import { MemoryJournal, TestNetwork, type TestNode } from "./testing/test-network.ts";

/** The votes of a node that left it. */
function votesOf({ sent, index }: TestNode): readonly SignedVote[] {
  const votes = sent.flatMap((message) => ("vote" in message && message.vote !== undefined ? [message.vote] : []));
  return votes.filter((vote) => vote.validator === index);
}

function expectNoContradiction(node: TestNode): void {
  const votes = new Map(votesOf(node).map((vote) => [`${vote.view} ${vote.kind} ${toHex(vote.header)}`, vote]));
  const list = [...votes.values()];
  for (const first of list)
    for (const second of list)
      if (first.view === second.view)
        expect([first, second, areContradictory(first, second)]).toEqual([first, second, false]);
}

/** Three rounds with loss that depends on the seed, so that views are notarized, nullified and finalized. */
function runFor(network: TestNetwork, seed: number, rounds: number): void {
  let state = seed;
  network.passes = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 > 0.25;
  };
  for (let round = 0; round < rounds; round++) {
    network.submit(`${seed} ${round}`);
    network.run(400);
  }
}

test("a vote leaves the node only after the journal holds it durably", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  const [node] = network.nodes;
  network.passes = (from, _to, message) => {
    if (from !== 0 || message.type !== "vote") return true;
    const durable = node!.journal.records.slice(0, node!.journal.syncedCount).map(decodeJournalRecord);
    const isHeld = durable.some(
      (record) => record.type === "vote" && equalBytes(record.vote.signature, message.vote.signature),
    );
    expect(isHeld).toBe(true);
    return true;
  };
  network.start();
  network.submit("line");
  network.run(2_000);
  expect(votesOf(node!).length).toBeGreaterThan(2);
});

test("a turn syncs the journal at most once, and not for certificates alone", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  const before = network.nodes[0]!.journal.syncCount;
  network.submit("line");
  network.run(5);
  // Notarize, then finalize. The finalization itself is kept by the chain.
  expect(network.nodes[0]!.journal.syncCount - before).toBe(2);
});

test.each([1, 2, 3])(
  "a validator that starts again at any point of its journal contradicts nothing (seed %i)",
  (seed) => {
    const network = new TestNetwork({ validatorCount: 4, timing: { restoreWaitMs: 50 } });
    network.start();
    runFor(network, seed, 8);
    const node = network.nodes[0]!;
    const { records } = node.journal;
    expect(records.length).toBeGreaterThan(15);
    const cuts = Array.from({ length: records.length }, (_, index) => index + 1);
    const chained = node.chain.blocks.length;
    for (const cut of cuts.filter((cut) => cut % 3 === seed % 3)) {
      // What it had sent by then is what these records say; the rest it has forgotten, and nobody saw it.
      const twin = new TestNetwork({ validatorCount: 4, timing: { restoreWaitMs: 50 } });
      const restored = twin.nodes[0]!;
      restored.chain.blocks.push(...node.chain.blocks.slice(0, chained));
      const prefix = records.slice(0, cut);
      for (const record of prefix.map(decodeJournalRecord))
        if (record.type === "vote") restored.sent.push({ type: "vote", vote: record.vote });
      twin.restart(0, prefix);
      twin.start(1, 2, 3);
      runFor(twin, seed + cut, 2);
      expectNoContradiction(restored);
    }
  },
);

test("the order of the records means nothing", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  runFor(network, 7, 6);
  const { records } = network.nodes[0]!.journal;
  const firstSent = (order: readonly Uint8Array[]) => {
    const twin = new TestNetwork({ validatorCount: 4, timing: { restoreWaitMs: 50 } });
    twin.restart(0, order);
    twin.run(300);
    return twin.nodes[0]!.sent.map((message) => toHex(digestOf("event", encodeMessage(message)))).sort();
  };
  expect(firstSent(records.toReversed())).toEqual(firstSent(records));
});

test("all of four validators stop at once and go on with one chain", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  runFor(network, 11, 6);
  for (let round = 0; round < 5; round++) {
    for (const { index } of network.nodes) network.stop(index);
    for (const { index } of network.nodes) network.restart(index);
    runFor(network, 100 + round, 3);
  }
  network.passes = () => true;
  for (const { chain, engine } of network.nodes) engine.setPending(chain.pool.length > 0);
  network.run(60_000);
  for (const node of network.nodes) expectNoContradiction(node);
  const lines = network.nodes.map(({ chain }) => chain.lines);
  expect(lines[0]!.length).toBeGreaterThan(10);
  for (const other of lines) expect(other).toEqual(lines[0]);
});

test("a leader that starts again proposes its own block again, and no other", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  network.run(10);
  network.passes = () => false;
  network.submit("kept"); // Validator 1 leads view 1; nothing of it arrives.
  network.run(100);
  network.passes = () => true;
  network.restart(1);
  network.nodes[1]!.chain.pool.push("other");
  network.run(50);
  expect(network.nodes[2]!.chain.lines).toEqual(["kept"]);
  expectNoContradiction(network.nodes[1]!);
});

test("a journal that is ahead of the chain gives no second vote in the views of blocks that the chain lost", () => {
  const network = new TestNetwork({ validatorCount: 1 });
  network.start();
  for (let round = 0; round < 5; round++) {
    network.submit(`line ${round}`);
    network.run(10);
  }
  const [node] = network.nodes;
  const { view } = node!.chain.tip;
  network.stop(0);
  node!.chain.blocks.splice(3);
  network.restart(0, [...node!.journal.records, encodeJournalRecord({ type: "floor", view })]);
  node!.chain.pool.push("again");
  node!.engine.setPending(true);
  network.run(100_000);
  expectNoContradiction(node!);
  for (const vote of votesOf(node!)
    .filter(({ kind }) => kind === "notarize")
    .slice(5))
    expect(vote.view).toBeGreaterThan(view);
});

test("what is kept when a journal is compacted stands for all of it", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  for (const { journal } of network.nodes)
    Object.defineProperty(journal, "bytes", { get: () => Infinity, set: () => {} });
  runFor(network, 5, 6); // Compacted after every turn.
  for (const { index } of network.nodes) network.restart(index);
  runFor(network, 6, 6);
  network.passes = () => true;
  network.run(60_000);
  for (const node of network.nodes) {
    expectNoContradiction(node);
    expect(node.chain.lines.length).toBe(12);
    expect(node.evidence).toEqual([]);
  }
});

test("evidence survives a restart and is reported again", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.start();
  const [node] = network.nodes;
  const vote = (header: number): SignedVote => ({
    ...{ kind: "notarize", epoch: 0, view: 2, validator: 2 },
    ...{ header: new Uint8Array(32).fill(header) as never, signature: new Uint8Array(64) as never },
  });
  const record = encodeJournalRecord({ type: "evidence", evidence: { first: vote(1), second: vote(2) } });
  network.restart(0, [...node!.journal.records, record]);
  expect(node!.evidence).toHaveLength(1);
  expect(node!.engine.status().equivocatorCount).toBe(1);
});

test("an amnesia lasts through a restart, until a view above it is safe", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  const records = network.nodes[0]!.journal.records;
  const amnesia = encodeJournalRecord({ type: "amnesia", view: 5 });
  const standing = (...more: readonly Uint8Array[]) => {
    network.restart(0, [...records, ...more]);
    return network.nodes[0]!.engine.status().standing;
  };
  expect(standing(amnesia)).toBe("amnesiac");
  expect(standing(encodeJournalRecord({ type: "resume", view: 4 }), amnesia)).toBe("amnesiac");
  expect(standing(encodeJournalRecord({ type: "resume", view: 5 }), amnesia)).toBe("asking");
});

test("a journal without records is one that was lost", () => {
  const network = new TestNetwork({ validatorCount: 4 });
  network.nodes[0]!.journal = new MemoryJournal([]);
  network.restart(0, []);
  expect(network.nodes[0]!.engine.status().standing).toBe("amnesiac");
});
