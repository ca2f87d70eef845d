import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { printTable } from "../../terminal/table.ts";
import { nodeBudgetFields } from "../../tree/fields.ts";
import { changeOf, columnsOf, isChange, rowsOf, type BudgetChangeOptions } from "../account/budget-table.ts";
import { sayDone } from "../say.ts";
import { findNode } from "./find-node.ts";

/** `guts network budget`: shows what a node may still admit for others, or changes it. */
export async function nodeBudget(
  context: CommandContext,
  [text = ""]: readonly string[],
  options: BudgetChangeOptions & { readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const { node, name } = findNode(await client.call("GET /api/guts/network", {}), text);
  const path = { node_id: node };
  let standing = await client.call("GET /api/guts/nodes/{node_id}/standing", { path });
  if (isChange(options)) {
    standing = await client.call("PUT /api/guts/nodes/{node_id}/budget", { path, body: changeOf(standing, options) });
    sayDone(context, `Changed the budget of ${name}; it is full`);
  }
  if (options.json !== undefined) return printJson(platform.stdout, options.json, nodeBudgetFields, standing);
  const rows = rowsOf(standing, ["transactions", "bytes", "accounts", "repositories"]);
  await printTable(platform.stdout, style, columnsOf(style.strong), rows);
}
