/** Milliseconds since the epoch as ISO 8601 in whole seconds, the way GitHub writes times. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, "Z");
}
