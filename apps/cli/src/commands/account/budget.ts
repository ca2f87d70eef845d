import type { ApiOutput } from "@guts/api/client";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { printTable } from "../../terminal/table.ts";
import { budgetFields } from "../../tree/fields.ts";
import { sayDone, sayNote } from "../say.ts";
import { changeOf, columnsOf, isChange, rowsOf, type BudgetChangeOptions } from "./budget-table.ts";

type Standing = ApiOutput<"GET /api/guts/accounts/{handle}/standing">;

interface BudgetOptions extends BudgetChangeOptions {
  readonly json?: JsonOption;
}

/** `guts account budget`: shows what an account may still write, or changes it. */
export async function accountBudget(
  context: CommandContext,
  [given]: readonly string[],
  options: BudgetOptions,
): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const path = { handle: given ?? (await viewerLogin({ client, token })) };
  let standing: Standing = await client.call("GET /api/guts/accounts/{handle}/standing", { path });
  if (isChange(options)) {
    standing = await client.call("PUT /api/guts/accounts/{handle}/budget", { path, body: changeOf(standing, options) });
    sayDone(context, `Changed the budget of ${path.handle}; it is full`);
  }
  const { style, platform } = context;
  if (options.json !== undefined) return printJson(platform.stdout, options.json, budgetFields, standing);
  await printTable(
    platform.stdout,
    style,
    columnsOf(style.strong),
    rowsOf(standing, ["transactions", "bytes", "repositories"]),
  );
  const { suspension } = standing;
  if (suspension !== null) sayNote(context, `Suspended by ${suspension.by}: ${suspension.reason || "no reason given"}`);
}
