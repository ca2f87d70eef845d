import { KINDS } from "@guts/ledger";
import { toHex } from "@guts/primitives";
import { expect, test } from "vitest";
import { RandomUsers } from "./random-users.ts";
import { SimulatedLedger } from "./simulated-ledger.ts";

function historyOf(seed: number, blockCount: number): SimulatedLedger {
  const ledger = new SimulatedLedger(seed);
  const users = new RandomUsers(ledger);
  for (let count = 0; count < blockCount; count++) users.appendBlock(1 + ledger.random.below(12));
  return ledger;
}

test("one seed gives one history", () => {
  expect(toHex(historyOf(1, 6).tip.hash)).toBe(toHex(historyOf(1, 6).tip.hash));
  expect(toHex(historyOf(2, 6).tip.hash)).not.toBe(toHex(historyOf(1, 6).tip.hash));
});

test("every kind of transaction is applied sooner or later, and some are rejected", { timeout: 120_000 }, () => {
  const applied = new Set<string>();
  let rejectedCount = 0;
  for (let seed = 1; seed <= 24 && applied.size < Object.keys(KINDS).length; seed++) {
    for (const [name, count] of historyOf(seed, 60).counts) {
      if (name.includes(" ")) rejectedCount += count;
      else applied.add(name);
    }
  }
  expect([...applied].toSorted()).toEqual(Object.keys(KINDS).toSorted());
  expect(rejectedCount).toBeGreaterThan(10);
});
