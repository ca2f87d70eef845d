import { usageError } from "../cli-error.ts";
import type { Output } from "../platform.ts";

/** The value of `--json [fields]`: absent, without fields (all of them), or with a list of names. */
export type JsonOption = string | true | undefined;

/**
 * Prints a record, or a list of them, as JSON, with the fields that were asked for in the order they were asked.
 *
 * Indented on a terminal, one line elsewhere. Throws `usage` for a field that does not exist, naming those that do.
 */
export function printJson<Row extends object>(
  output: Output,
  option: Exclude<JsonOption, undefined>,
  fields: readonly (keyof Row & string)[],
  value: Row | readonly Row[],
): void {
  const wanted = option === true ? fields : parseFields(option, fields);
  const pick = (row: Row) => Object.fromEntries(wanted.map((name) => [name, row[name as keyof Row] ?? null]));
  const picked = Array.isArray(value) ? (value as readonly Row[]).map(pick) : pick(value as Row);
  output.write(`${JSON.stringify(picked, undefined, output.isTerminal ? 2 : undefined)}\n`);
}

/** The field names of a comma-separated list. Throws `usage` for an unknown one. */
export function parseFields(list: string, fields: readonly string[]): readonly string[] {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = names.find((name) => !fields.includes(name));
  if (unknown !== undefined) throw usageError(`unknown JSON field "${unknown}"`, `Fields: ${fields.join(", ")}.`);
  return names.length === 0 ? fields : names;
}
