/** Budgets of accounts and of nodes as tables, and what their options ask to change. */
import type { ApiInput, ApiOutput } from "@guts/api/client";
import { budgetAmountMax } from "../../limits.ts";
import { parseCount } from "../limit.ts";

type Standing = ApiOutput<"GET /api/guts/nodes/{node_id}/standing">;
type Change = ApiInput<"PUT /api/guts/nodes/{node_id}/budget">["body"];
type Amount = keyof Standing["left"];

/** What the command line asks to change; nothing when only a reason is given. */
export interface BudgetChangeOptions {
  readonly transactions?: string;
  readonly perMinute?: string;
  readonly usual?: true;
  readonly reason?: string;
}

/** Whether a change is asked for. */
export function isChange({ transactions, perMinute, usual }: BudgetChangeOptions): boolean {
  return transactions !== undefined || perMinute !== undefined || usual === true;
}

/** The change from the present rule. Throws `usage` for what is no amount. */
export function changeOf({ rule }: Standing, { usual, reason, ...amounts }: BudgetChangeOptions): Change {
  return { rule: usual === true ? null : changedRule(rule, amounts), ...(reason !== undefined && { reason }) };
}

function changedRule(
  { capacity, refillPerMinute }: Standing["rule"],
  { transactions, perMinute }: Pick<BudgetChangeOptions, "transactions" | "perMinute">,
): Standing["rule"] {
  const most = transactions === undefined ? undefined : parseCount(transactions, budgetAmountMax, "--transactions");
  const regained = perMinute === undefined ? undefined : parseCount(perMinute, budgetAmountMax, "--per-minute");
  return {
    capacity: { ...capacity, ...(most !== undefined && { transactions: most }) },
    refillPerMinute: { ...refillPerMinute, ...(regained !== undefined && { transactions: regained }) },
  };
}

interface BudgetRow {
  readonly name: string;
  readonly left: number;
  readonly most: number;
  readonly perMinute: number;
}

/** One row for each amount that is counted. */
export function rowsOf({ left, rule }: Standing, names: readonly Amount[]): readonly BudgetRow[] {
  return names.map((name) => ({
    name,
    left: left[name],
    most: rule.capacity[name],
    perMinute: rule.refillPerMinute[name],
  }));
}

export function columnsOf(style: (text: string) => string) {
  return [
    { title: "Of", text: (row: BudgetRow) => row.name, style },
    { title: "Left", text: (row: BudgetRow) => String(row.left) },
    { title: "Most", text: (row: BudgetRow) => String(row.most) },
    { title: "Regained a minute", text: (row: BudgetRow) => String(row.perMinute) },
  ];
}
