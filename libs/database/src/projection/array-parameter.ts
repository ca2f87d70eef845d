import { toHex } from "@guts/primitives";

/** What a column's value is to the driver. */
export type ColumnValue = string | number | boolean | Uint8Array | null | undefined;

/**
 * Values of a column as one parameter: PostgreSQL's text of an array (its manual, section 8.15.2). Bytes are written in
 * hexadecimal, absent values as NULL.
 */
export function arrayOf(values: readonly ColumnValue[]): string {
  return `{${values.map(elementOf).join()}}`;
}

function elementOf(value: ColumnValue): string {
  if (value === null || value === undefined) return "NULL";
  if (value instanceof Uint8Array) return `"\\\\x${toHex(value)}"`;
  return typeof value === "string" ? `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"` : String(value);
}
