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
  capacity: { transactions: 2_000, bytes: 16 * 1024 * 1024 },
  refillPerMinute: { transactions: 120, bytes: 1024 * 1024 },
};

/** For one admitting node: a hundred busy accounts. */
export const nodeBudgetRule: BudgetRule = {
  capacity: { transactions: 200_000, bytes: 1024 * 1024 * 1024 },
  refillPerMinute: { transactions: 60_000, bytes: 512 * 1024 * 1024 },
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
  const refilled = (name: keyof BudgetAmounts): number => {
    const missing = rule.capacity[name] - budget[name];
    const needed = Math.ceil(missing / rule.refillPerMinute[name]);
    return minutes >= needed ? rule.capacity[name] : budget[name] + minutes * rule.refillPerMinute[name];
  };
  return {
    transactions: refilled("transactions"),
    bytes: refilled("bytes"),
    refilledTime: (budget.refilledTime + minutes * minuteMs) as TimeMs,
  };
}

/** What is left after `cost`, or undefined when the budget does not cover it. */
export function chargeBudget(budget: Budget, cost: BudgetAmounts): Budget | undefined {
  if (budget.transactions < cost.transactions || budget.bytes < cost.bytes) return undefined;
  return { ...budget, transactions: budget.transactions - cost.transactions, bytes: budget.bytes - cost.bytes };
}
