/** Lines of a file, counted from 1, both ends included, `first <= last`. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The largest line number a link may name; more is not a line anyone has. */
export const lineNumberMax = 10_000_000;

/** Reads the fragment of a link to lines (`#L5`, `#L5-L9`, `L5-9`); columns (`L5C2`) are accepted and ignored. */
export function parseLineRange(fragment: string): LineRange | undefined {
  const match = /^#?L(\d{1,8})(?:C\d{1,8})?(?:-L?(\d{1,8})(?:C\d{1,8})?)?$/.exec(fragment);
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === undefined ? start : Number(match[2]);
  const range = { first: Math.min(start, end), last: Math.max(start, end) };
  return range.first >= 1 && range.last <= lineNumberMax ? range : undefined;
}

/** The fragment, without `#`, that {@link parseLineRange} reads back. */
export function formatLineRange(range: LineRange): string {
  return range.first === range.last ? `L${range.first}` : `L${range.first}-L${range.last}`;
}

/** The range after a click on `line`: with shift it grows from where the present one starts. */
export function extendLineRange(present: LineRange | undefined, line: number, isShiftHeld: boolean): LineRange {
  if (!isShiftHeld || present === undefined) return { first: line, last: line };
  return { first: Math.min(present.first, line), last: Math.max(present.first, line) };
}

/** Whether a line lies in a range; no range contains nothing. */
export function isInRange(range: LineRange | undefined, line: number): boolean {
  return range !== undefined && line >= range.first && line <= range.last;
}
