const STEPS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** How long ago, or from now, an ISO time is, as a person says it: `about 3 hours ago`, `in about 2 days`. */
export function relativeTime(isoTime: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(isoTime)) / 1000;
  if (!Number.isFinite(seconds)) return "";
  const size = Math.abs(seconds);
  const step = STEPS.find(([, stepSeconds]) => size >= stepSeconds);
  if (step === undefined) return seconds < 0 ? "in less than a minute" : "less than a minute ago";
  const count = Math.floor(size / step[1]);
  const span = `about ${count} ${step[0]}${count === 1 ? "" : "s"}`;
  return seconds < 0 ? `in ${span}` : `${span} ago`;
}
