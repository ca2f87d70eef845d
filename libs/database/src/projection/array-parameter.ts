import { toHex } from "@guts/primitives";

/**
 * Values of a column as one parameter: PostgreSQL's text of an array (its manual, section 8.15.2). Bytes are written in
 * hexadecimal, absent values as NULL.
 */
export function arrayOf(values: readonly unknown[]): string {
  return `{${values.map(elementOf).join()}}`;
}

function elementOf(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (value instanceof Uint8Array) return `"\\\\x${toHex(value)}"`;
  return typeof value === "string" ? `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"` : String(value);
}
