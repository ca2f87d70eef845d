import type { CommandContext } from "../context.ts";
import { printJson, type JsonOption } from "../terminal/json.ts";
import { printTable, type Column } from "../terminal/table.ts";
import { sayNote } from "./say.ts";

/** How a list is shown. */
export interface ListView<Row extends object> {
  readonly json: JsonOption;
  /** What `--json` knows. */
  readonly fields: readonly (keyof Row & string)[];
  readonly columns: readonly Column<Row>[];
  /** What is said of an empty list. */
  readonly nothing: string;
}

/** Prints a list the way every list is: as JSON where that is asked for, else as a table, or as a note when it is empty. */
export async function printList<Row extends object>(
  context: CommandContext,
  rows: readonly Row[],
  { json, fields, columns, nothing }: ListView<Row>,
): Promise<void> {
  const { platform, style } = context;
  if (json !== undefined) return printJson(platform.stdout, json, fields, rows);
  if (rows.length === 0) return sayNote(context, nothing);
  await printTable(platform.stdout, style, columns, rows);
}
