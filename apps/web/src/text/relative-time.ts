const steps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: "year", seconds: 31_536_000 },
  { unit: "month", seconds: 2_592_000 },
  { unit: "week", seconds: 604_800 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/**
 * How long ago (or from now) a moment is, in the largest unit that fits: "3 hours ago", "yesterday", "in 2 weeks".
 * Within 45 seconds either way it is "now".
 */
export function formatRelativeTime(moment: Date, now: Date): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 45) return "now";
  const step = steps.find((candidate) => distance >= candidate.seconds) ?? steps[steps.length - 1]!;
  return relative.format(Math.sign(seconds) * Math.max(1, Math.floor(distance / step.seconds)), step.unit);
}

/** The moment in full, in the reader's time zone. */
export function formatAbsoluteTime(moment: Date): string {
  return absolute.format(moment);
}

/** The day of a moment in the reader's time zone: "Nov 20, 2026". */
export function formatDay(moment: Date): string {
  return day.format(moment);
}
