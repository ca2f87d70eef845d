import { equalBytes, toHex, type AccountId } from "@guts/primitives";
import { accountBudgetRule } from "@guts/governance";
import { headerHash, refuseFinality } from "@guts/verifier";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { triedPerBlockMax } from "./ledger-execution.ts";
import { named, NetworkOfStores, type TestNode } from "./network-of-stores.fixture.ts";

let network: NetworkOfStores;
let leader: TestNode;
let voter: TestNode;
const own = { isOwn: true, isFinal: () => false };

beforeEach(() => {
  network = new NetworkOfStores();
  leader = network.addNode();
  voter = network.addNode();
});
afterEach(() => network[Symbol.dispose]());

describe("a block", () => {
  test("means the same to its leader and to a voter", () => {
    leader.pool.add(network.signUp("alice").raw, new Map(), own);
    const proposal = network.propose(leader);
    expect(voter.execution.execute(proposal)).toEqual({ outcome: "valid" });
    for (const node of [leader, voter]) {
      node.execution.commit(proposal, network.finalize(proposal.header));
      expect(node.chain.state.tip).toMatchObject({ height: 1, hash: proposal.hash });
      expect(node.chain.state.root()).toEqual(proposal.header.stateRoot);
      expect(node.applied).toHaveLength(1);
    }
  });

  test("is built upon before it is final, and never holds what its ancestors hold", () => {
    leader.pool.add(network.signUp("alice").raw, new Map(), own);
    const first = network.propose(leader);
    leader.pool.add(network.signUp("bob").raw, new Map(), own);
    const second = network.propose(leader, first.hash);
    const third = network.propose(leader, second.hash);
    const counts = [first, second, third].map((proposal) => {
      expect(voter.execution.execute(proposal)).toEqual({ outcome: "valid" });
      return proposal.header.height;
    });
    expect(counts).toEqual([1, 2, 3]);
    const certificate = network.finalize(third.header);
    for (const proposal of [first, second, third]) voter.execution.commit(proposal, certificate);
    expect(voter.applied.map(({ block }) => block.transactions.length)).toEqual([1, 1, 0]);
    for (const { block, finality } of voter.applied)
      expect(
        refuseFinality(block.hash, finality, network.ledger.networkId, network.ledger.genesis.validators),
      ).toBeUndefined();
    expect(voter.applied.map(({ finality }) => finality.descendants.length)).toEqual([2, 1, 0]);
  });

  test("goes on from whichever of two siblings became final", () => {
    leader.pool.add(network.signUp("alice").raw, new Map(), own);
    const left = network.propose(leader);
    const right = network.propose(leader);
    for (const proposal of [left, right]) expect(voter.execution.execute(proposal)).toEqual({ outcome: "valid" });
    voter.execution.commit(right, network.finalize(right.header));
    voter.execution.discard(left.hash);
    leader.execution.commit(right, network.finalize(right.header));
    const next = network.propose(leader);
    expect(voter.execution.execute(next)).toEqual({ outcome: "valid" });
    expect(voter.execution.execute(left)).toEqual({ outcome: "invalid", code: "wrong-place" });
    expect(voter.execution.execute(right)).toEqual({ outcome: "valid" });
  });

  test("that was applied by block sync is not applied again", () => {
    const proposal = network.propose(leader);
    leader.execution.commit(proposal, network.finalize(proposal.header));
    leader.execution.commit(proposal, network.finalize(proposal.header));
    expect(leader.applied).toHaveLength(1);
  });
});

describe("a proposal is not voted for", () => {
  test("when the header commits to other roots", () => {
    const proposal = network.propose(leader);
    const header = { ...proposal.header, stateRoot: proposal.header.resultsRoot };
    expect(voter.execution.execute({ ...proposal, header, hash: headerHash(header) })).toEqual({
      outcome: "invalid",
      code: "wrong-roots",
    });
  });

  test("when its body is another one, or none; the header may be good", () => {
    leader.pool.add(network.signUp("alice").raw, new Map(), own);
    const proposal = network.propose(leader);
    const empty = network.propose(voter);
    for (const body of [empty.body, proposal.body.subarray(1), new Uint8Array()])
      expect(voter.execution.execute({ ...proposal, body })).toEqual({ outcome: "not-the-body" });
    expect(voter.execution.execute(proposal)).toEqual({ outcome: "valid" });
  });

  test("when a text is missing from its body", () => {
    const { raw, seed } = network.signUp("alice");
    leader.pool.add(raw, new Map(), own);
    const first = network.propose(leader);
    voter.execution.execute(first);
    for (const node of [leader, voter]) {
      node.execution.commit(first, network.finalize(first.header));
      for (const { transactionId } of node.applied[0]!.block.results) node.pool.remove(transactionId);
    }
    const { raw: change, content } = network.changeName(1, seed, "Alice");
    leader.pool.add(change, named(content), own);
    const second = network.propose(leader);
    const at = Buffer.from(second.body).lastIndexOf("Alice");
    const without = Uint8Array.from(second.body);
    without[at] = 0x42;
    expect(voter.execution.execute({ ...second, body: without })).toEqual({ outcome: "not-the-body" });
    expect(voter.execution.execute(second)).toEqual({ outcome: "valid" });
    voter.execution.commit(second, network.finalize(second.header));
    const [digest] = named(content).keys();
    expect(voter.chain.contents.get(Buffer.from(digest!, "hex"))?.text).toEqual(content.text);
  });
});

test("a leader passes over what is inadmissible and lets it go", () => {
  const { raw, seed } = network.signUp("alice");
  const { raw: tooEarly, content } = network.changeName(1, seed, "Alice");
  leader.pool.add(tooEarly, named(content), own);
  leader.pool.add(raw, new Map(), own);
  const proposal = network.propose(leader);
  leader.execution.commit(proposal, network.finalize(proposal.header));
  expect(leader.applied[0]!.block.transactions.map(toHex)).toEqual([toHex(raw)]);
  expect(leader.pool.size).toBe(1); // The relay removes what was included.
  expect([...leader.pool.pending()].some((pending) => equalBytes(pending.raw, tooEarly))).toBe(false);
});

describe("a flood that its account's budget has cut", () => {
  const transactions = 10;
  /** Builds the next block and makes it final; the hexadecimal of what it holds. */
  const next = (): readonly string[] => {
    const proposal = network.propose(leader);
    leader.execution.commit(proposal, network.finalize(proposal.header));
    const { block } = leader.applied.at(-1)!;
    for (const { transactionId } of block.results) leader.pool.remove(transactionId);
    return block.transactions.map(toHex);
  };

  test("keeps nobody behind it waiting", () => {
    const { administratorSeed } = network.ledger;
    leader.pool.add(network.signUp("founder", administratorSeed).raw, new Map(), own);
    const { raw, seed } = network.signUp("flooder");
    leader.pool.add(raw, new Map(), own);
    expect(next()).toHaveLength(2);
    const subject = { type: "account", account: 2 as AccountId } as const;
    const rule = { ...accountBudgetRule, capacity: { ...accountBudgetRule.capacity, transactions } };
    const small = network.envelope({ kind: "budget.set", payload: { subject, rule } }, 1, administratorSeed);
    leader.pool.add(small, new Map(), own);
    expect(next()).toHaveLength(1);
    for (let count = 0; count < transactions + triedPerBlockMax + 1; count++) {
      const { raw: change, content } = network.changeName(2, seed, "flood");
      leader.pool.add(change, named(content), own);
    }
    const { raw: bystander } = network.signUp("bystander");
    leader.pool.add(bystander, new Map(), own);
    const block = next();
    expect(block).toHaveLength(transactions + 1);
    expect(block.at(-1)).toBe(toHex(bystander));
    expect(leader.pool.size).toBe(triedPerBlockMax + 1); // They may apply once the budget fills again.
  });
});

test("without work there is no block unless there must be one", () => {
  const at = network.place(leader.chain.state.tip.hash);
  expect(leader.execution.build(at, { mustPropose: false })).toBeUndefined();
  expect(leader.execution.build(at, { mustPropose: true })?.header.height).toBe(1);
});
