import type { ApiOutput } from "@guts/api/client";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { budgetAmountMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { printTable } from "../../terminal/table.ts";
import { budgetFields } from "../../tree/fields.ts";
import { parseCount } from "../limit.ts";
import { sayDone, sayNote } from "../say.ts";

type Standing = ApiOutput<"GET /api/guts/accounts/{handle}/standing">;

interface BudgetOptions {
  readonly transactions?: string;
  readonly perMinute?: string;
  readonly usual?: true;
  readonly reason?: string;
  readonly json?: JsonOption;
}

/** `guts account budget`: shows what an account may still write, or changes it. */
export async function accountBudget(
  context: CommandContext,
  [given]: readonly string[],
  options: BudgetOptions,
): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const { transactions, perMinute, usual, reason, json } = options;
  const path = { handle: given ?? (await viewerLogin({ client, token })) };
  let standing: Standing = await client.call("GET /api/guts/accounts/{handle}/standing", { path });
  if (transactions !== undefined || perMinute !== undefined || usual === true) {
    const rule = usual === true ? null : changedRule(standing, transactions, perMinute);
    const body = { rule, ...(reason !== undefined && { reason }) };
    standing = await client.call("PUT /api/guts/accounts/{handle}/budget", { path, body });
    sayDone(context, `Changed the budget of ${path.handle}; it is full`);
  }
  const { style, platform } = context;
  if (json !== undefined) return printJson(platform.stdout, json, budgetFields, standing);
  await printTable(platform.stdout, style, columnsOf(style.strong), rowsOf(standing));
  const { suspension } = standing;
  if (suspension !== null) sayNote(context, `Suspended by ${suspension.by}: ${suspension.reason || "no reason given"}`);
}

interface BudgetRow {
  readonly name: string;
  readonly left: number;
  readonly most: number;
  readonly perMinute: number;
}

function columnsOf(style: (text: string) => string) {
  return [
    { title: "Of", text: (row: BudgetRow) => row.name, style },
    { title: "Left", text: (row: BudgetRow) => String(row.left) },
    { title: "Most", text: (row: BudgetRow) => String(row.most) },
    { title: "Regained a minute", text: (row: BudgetRow) => String(row.perMinute) },
  ];
}

function rowsOf({ left, rule }: Standing): readonly BudgetRow[] {
  return (["transactions", "bytes", "repositories"] as const).map((name) => ({
    name,
    left: left[name],
    most: rule.capacity[name],
    perMinute: rule.refillPerMinute[name],
  }));
}

function changedRule({ rule }: Standing, transactions: string | undefined, perMinute: string | undefined) {
  const most = transactions === undefined ? undefined : parseCount(transactions, budgetAmountMax, "--transactions");
  const regained = perMinute === undefined ? undefined : parseCount(perMinute, budgetAmountMax, "--per-minute");
  return {
    capacity: { ...rule.capacity, ...(most !== undefined && { transactions: most }) },
    refillPerMinute: { ...rule.refillPerMinute, ...(regained !== undefined && { transactions: regained }) },
  };
}
