/**
 * Budgets without money: what an account, and a node that admits for others, may add to the ledger.
 *
 * A budget is a token bucket that block time refills. Failed transactions are charged too. Integers only.
 */
import type { TimeMs } from "@guts/primitives";

/** What is counted. */
export interface BudgetAmounts {
  readonly transactions: number;
  readonly bytes: number;
  readonly accounts: number;
  readonly repositories: number;
}

/** How large a bucket is and what it regains each minute of block time. */
export interface BudgetRule {
  readonly capacity: BudgetAmounts;
  readonly refillPerMinute: BudgetAmounts;
}

/** What is left, as of a block's time. */
export interface Budget extends BudgetAmounts {
  readonly refilledTime: TimeMs;
}

/** For one account: bursts of a busy script, then two transactions a second. */
export const accountBudgetRule: BudgetRule = {
  capacity: { transactions: 2_000, bytes: 16 * 1024 * 1024, accounts: 0, repositories: 1_000 },
  refillPerMinute: { transactions: 120, bytes: 1024 * 1024, accounts: 0, repositories: 10 },
};

/** For one admitting node: a hundred busy accounts. */
export const nodeBudgetRule: BudgetRule = {
  capacity: { transactions: 200_000, bytes: 1024 * 1024 * 1024, accounts: 10_000, repositories: 100_000 },
  refillPerMinute: { transactions: 60_000, bytes: 512 * 1024 * 1024, accounts: 100, repositories: 10_000 },
};

const minuteMs = 60_000;

/** A bucket nobody has used. */
export function fullBudget(rule: BudgetRule, time: TimeMs): Budget {
  return { ...rule.capacity, refilledTime: time };
}

/** The bucket at `time`: whole minutes are refilled, the rest of a minute is kept for later. */
export function refillBudget(budget: Budget, rule: BudgetRule, time: TimeMs): Budget {
  const minutes = Math.floor((time - budget.refilledTime) / minuteMs);
  if (minutes <= 0) return budget;
  // No more minutes count than fill an empty bucket, so that a long pause cannot leave the safe integers.
  const refilled = (left: number, capacity: number, perMinute: number): number =>
    perMinute === 0 ? left : Math.min(capacity, left + Math.min(minutes, Math.ceil(capacity / perMinute)) * perMinute);
  return {
    ...amountsOf((name) => refilled(budget[name], rule.capacity[name], rule.refillPerMinute[name])),
    refilledTime: (budget.refilledTime + minutes * minuteMs) as TimeMs,
  };
}

/** What is left after `cost`, or undefined when the budget does not cover it. */
export function chargeBudget(budget: Budget, cost: BudgetAmounts): Budget | undefined {
  const left = amountsOf((name) => budget[name] - cost[name]);
  const isCovered = left.transactions >= 0 && left.bytes >= 0 && left.accounts >= 0 && left.repositories >= 0;
  return isCovered ? { ...left, refilledTime: budget.refilledTime } : undefined;
}

function amountsOf(amount: (name: keyof BudgetAmounts) => number): BudgetAmounts {
  return {
    transactions: amount("transactions"),
    bytes: amount("bytes"),
    accounts: amount("accounts"),
    repositories: amount("repositories"),
  };
}
