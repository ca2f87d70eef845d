/** What administrators of a network may do to accounts and budgets. */
import type { AccountId } from "@guts/primitives";
import type { BudgetRule } from "./budget.ts";

/** Who acts, and on whom. */
export interface AdministrationFacts {
  readonly actor: AccountId;
  readonly isAdministrator: boolean;
  /** The account that is acted on; undefined for what is the network's. */
  readonly target?: AccountId;
}

/** Why not, or undefined. Nobody acts on themselves: an administrator could not take it back. */
export function refuseAdministration(facts: AdministrationFacts): "forbidden" | undefined {
  return facts.isAdministrator && facts.target !== facts.actor ? undefined : "forbidden";
}

/** The least that a budget may be, so that nobody is locked out by a number: who shall not act is suspended. */
export const smallestBudgetRule = {
  capacity: { transactions: 10, bytes: 65_536 },
  refillPerMinute: { transactions: 1, bytes: 1_024 },
} as const;

/** Why a budget cannot be set to this, or undefined. */
export function refuseBudgetRule({ capacity, refillPerMinute }: BudgetRule): "budget-too-small" | undefined {
  const { capacity: least, refillPerMinute: leastRefill } = smallestBudgetRule;
  const isLarge = capacity.transactions >= least.transactions && capacity.bytes >= least.bytes;
  const isRefilled =
    refillPerMinute.transactions >= leastRefill.transactions && refillPerMinute.bytes >= leastRefill.bytes;
  return isLarge && isRefilled ? undefined : "budget-too-small";
}
