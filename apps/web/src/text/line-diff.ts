/** A line of two texts side by side. Numbers count from 1; undefined on the side where the line is not. */
export interface ComparedLine {
  readonly kind: "context" | "addition" | "deletion";
  readonly text: string;
  readonly oldNumber: number | undefined;
  readonly newNumber: number | undefined;
}

/** Changed lines that are matched with each other; where there are more, all old ones are shown before all new ones. */
const matchedLinesMax = 2_000;

/** How one text becomes another, line by line: what both begin and end with, and the longest common lines between. */
export function compareLines(before: string, after: string): readonly ComparedLine[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = { old: old.slice(start, old.length - end), now: now.slice(start, now.length - end) };
  const kept = middle.old.length * middle.now.length > matchedLinesMax ** 2 ? [] : commonLines(middle.old, middle.now);
  const walk = new Walk(old, now);
  walk.keep(start);
  for (const [oldIndex, newIndex] of kept) {
    walk.change(start + oldIndex, start + newIndex);
    walk.keep(1);
  }
  walk.change(old.length - end, now.length - end);
  walk.keep(end);
  return walk.lines;
}

/** Goes down both texts at once. */
class Walk {
  readonly lines: ComparedLine[] = [];
  readonly #old: readonly string[];
  readonly #now: readonly string[];
  #oldAt = 0;
  #newAt = 0;

  constructor(old: readonly string[], now: readonly string[]) {
    this.#old = old;
    this.#now = now;
  }

  /** Lines that both have. */
  keep(count: number): void {
    for (let left = count; left > 0; left--) {
      const text = this.#old[this.#oldAt]!;
      this.lines.push({ kind: "context", text, oldNumber: ++this.#oldAt, newNumber: ++this.#newAt });
    }
  }

  /** Lines that only one has, up to these places. */
  change(oldEnd: number, newEnd: number): void {
    for (const text of this.#old.slice(this.#oldAt, oldEnd))
      this.lines.push({ kind: "deletion", text, oldNumber: ++this.#oldAt, newNumber: undefined });
    for (const text of this.#now.slice(this.#newAt, newEnd))
      this.lines.push({ kind: "addition", text, oldNumber: undefined, newNumber: ++this.#newAt });
  }
}

/** The lines of a text; one that ends in a line feed has no empty line behind it. */
function splitLines(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Pairs of places of the longest common subsequence. */
function commonLines(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        old[i] === now[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Only what is near a change; each gap is one `undefined`. */
export function nearChanges(lines: readonly ComparedLine[], around = 3): readonly (ComparedLine | undefined)[] {
  const near = new Set<number>();
  for (const [index, { kind }] of lines.entries())
    if (kind !== "context") for (let at = index - around; at <= index + around; at++) near.add(at);
  const shown: (ComparedLine | undefined)[] = [];
  for (const [index, line] of lines.entries()) {
    if (near.has(index)) shown.push(line);
    else if (shown.length > 0 && shown.at(-1) !== undefined) shown.push(undefined);
  }
  if (shown.at(-1) === undefined) shown.pop();
  return shown;
}
