const grouped = new Intl.NumberFormat("en");
const binaryUnits = ["KiB", "MiB", "GiB", "TiB"] as const;

/** A count with its noun: "1 branch", "1,204 branches". The plural is the noun with an "s" unless given. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped.format(count)} ${count === 1 ? noun : plural}`;
}

/** A number with thousands separators. */
export function formatNumber(value: number): string {
  return grouped.format(value);
}

/** A size in binary units: "812 bytes", "4.2 KiB", "1 MiB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return formatCount(bytes, "byte");
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), binaryUnits.length);
  const value = bytes / 1024 ** power;
  const digits = value < 100 ? Math.round(value * 10) / 10 : Math.round(value);
  // What rounds up to a whole of the next unit is said in that.
  const next = digits === 1024 ? binaryUnits[power] : undefined;
  return next === undefined ? `${grouped.format(digits)} ${binaryUnits[power - 1]}` : `1 ${next}`;
}
