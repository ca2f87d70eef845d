import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { TimeMs } from "@guts/primitives";
import {
  accountBudgetRule,
  chargeBudget,
  fullBudget,
  nodeBudgetRule,
  refillBudget,
  type Budget,
  type BudgetAmounts,
} from "./budget.ts";

const minuteMs = 60_000;
const names = ["transactions", "bytes", "accounts", "repositories"] as const;
const one: BudgetAmounts = { transactions: 1, bytes: 10, accounts: 0, repositories: 0 };
const rules = fc.constantFrom(accountBudgetRule, nodeBudgetRule);
const times = fc.nat(2 ** 31).map((time) => time as TimeMs);

function amounts(budget: Budget): BudgetAmounts {
  const { refilledTime: _, ...left } = budget;
  return left;
}

test("what covers a cost covers it exactly to the last", () => {
  const budget = fullBudget({ capacity: { ...one, transactions: 2, bytes: 15 }, refillPerMinute: one }, 0 as TimeMs);
  const left = chargeBudget(budget, one)!;
  expect(amounts(left)).toEqual({ transactions: 1, bytes: 5, accounts: 0, repositories: 0 });
  expect(chargeBudget(left, one)).toBeUndefined();
  expect(chargeBudget(left, { ...one, bytes: 5 })).toBeDefined();
  expect(chargeBudget(left, { ...one, bytes: 0, accounts: 1 })).toBeUndefined();
});

test("a minute refills what the rule says, a part of one nothing", () => {
  const empty = { transactions: 0, bytes: 0, accounts: 0, repositories: 0, refilledTime: 1000 as TimeMs };
  expect(refillBudget(empty, accountBudgetRule, (1000 + minuteMs - 1) as TimeMs)).toBe(empty);
  expect(refillBudget(empty, accountBudgetRule, (1000 + minuteMs) as TimeMs)).toEqual({
    ...accountBudgetRule.refillPerMinute,
    refilledTime: 1000 + minuteMs,
  });
});

test("parts of minutes are not lost, in whatever steps time passes", () => {
  const steps = fc.array(fc.nat(3 * minuteMs), { maxLength: 20 });
  fc.assert(
    fc.property(rules, times, steps, (rule, start, passing) => {
      const empty: Budget = { transactions: 0, bytes: 0, accounts: 0, repositories: 0, refilledTime: start };
      let budget = empty;
      let now = start;
      for (const step of passing) {
        now = (now + step) as TimeMs;
        budget = refillBudget(budget, rule, now);
      }
      expect(amounts(budget)).toEqual(amounts(refillBudget(empty, rule, now)));
    }),
  );
});

test("a budget stays within its capacity and within safe integers", () => {
  fc.assert(
    fc.property(rules, times, fc.maxSafeNat(), (rule, start, later) => {
      const spent = chargeBudget(fullBudget(rule, start), one)!;
      const budget = refillBudget(spent, rule, Math.max(start, later) as TimeMs);
      for (const name of names) {
        expect(Number.isSafeInteger(budget[name])).toBe(true);
        expect(budget[name]).toBeGreaterThanOrEqual(0);
        expect(budget[name]).toBeLessThanOrEqual(rule.capacity[name]);
      }
      expect(budget.refilledTime).toBeLessThanOrEqual(Math.max(start, later));
    }),
  );
});

test("time that goes back refills nothing", () => {
  const spent = chargeBudget(fullBudget(accountBudgetRule, (10 * minuteMs) as TimeMs), one)!;
  expect(refillBudget(spent, accountBudgetRule, 0 as TimeMs)).toBe(spent);
});
