import { Type, type Static } from "typebox";

import { Nullable, Timestamp } from "../schema.ts";

const Amounts = Type.Object({
  transactions: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 0 }),
  accounts: Type.Integer({ minimum: 0 }),
  repositories: Type.Integer({ minimum: 0 }),
});

/** How large a budget is and what it regains each minute of block time. */
export const BudgetRule = Type.Object({ capacity: Amounts, refillPerMinute: Amounts }, { title: "BudgetRule" });
export type BudgetRule = Static<typeof BudgetRule>;

/** What an account may still write to the ledger, and whether it is stopped. */
export const AccountStanding = Type.Object(
  {
    /** As of the newest block. */
    left: Amounts,
    rule: BudgetRule,
    /** Whether an administrator has changed the rule. */
    isUsual: Type.Boolean(),
    suspension: Nullable(
      Type.Object({ reason: Type.String(), by: Type.String(), at: Timestamp(), height: Type.Integer() }),
    ),
  },
  { title: "AccountStanding" },
);
export type AccountStanding = Static<typeof AccountStanding>;

/** A new rule, or null for the usual one, and why. The budget is full by the new rule at once. */
export const BudgetChange = Type.Object({ rule: Nullable(BudgetRule), reason: Type.Optional(Type.String()) });
export type BudgetChange = Static<typeof BudgetChange>;
