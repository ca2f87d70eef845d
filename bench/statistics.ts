/** The few numbers that benchmarks print. */

/** The value below which `share` of the values lie; NaN without any. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** With as many digits as are worth reading. */
export function round(value: number): string {
  if (Number.isNaN(value)) return "-";
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** A line of a table: the first column to the left, the others to the right. */
export function row(widths: readonly number[], cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => (typeof cell === "number" ? round(cell) : cell))
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!)))
    .join(" ");
}
