/**
 * Patterns of branch and tag names, as GitHub takes them: Ruby's `File.fnmatch` with `FNM_PATHNAME` and without `FNM_EXTGLOB`.
 *
 * `*` stands for any characters but `/`, `?` for one of them, `[a-z]` and `[^a-z]` for one of a set, a backslash for the character
 * behind it, `**` and a slash at the beginning of a component for any number of components, none included. Braces are plain
 * characters. Rules about a leading dot do not arise: no component of a ref name begins with one.
 *
 * A pattern is run as a set of states over the characters of a name, never by backtracking, so that a match takes at most
 * `states x characters` steps, whatever the pattern; the steps are counted, since a rule of the ledger must not run for long.
 * Source: Ruby's `dir.c` (fnmatch, bracket), GitHub's "Managing a branch protection rule".
 */
import { utf8 } from "@guts/primitives";
import { patternBytesMax } from "./limits.ts";

/** What remains of a bound on steps. `matchRefPattern` counts it down; below zero nothing is matched any more. */
export interface MatchMeter {
  stepsLeft: number;
}

/** A pattern that can be run. */
export interface RefPattern {
  readonly text: string;
  /** A name that the pattern is, when it has no special characters. */
  readonly exactName: string | undefined;
  readonly states: readonly State[];
}

type State =
  | { readonly type: "character"; readonly character: string }
  | { readonly type: "any" }
  | { readonly type: "star" }
  | { readonly type: "set"; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] }
  /** Before a component that may be skipped, and within it: two states one after the other. */
  | { readonly type: "components" }
  | { readonly type: "component" };

/** The pattern of a text; undefined when it is none: empty, too long, with an unfinished set or escape, or naming no ref at all. */
export function parseRefPattern(text: string): RefPattern | undefined {
  if (text === "" || utf8(text).length > patternBytesMax) return undefined;
  if (Array.from(text).some((character) => character <= " " || character === "\u007f")) return undefined;
  if (text.startsWith("/") || text.endsWith("/") || text.includes("//")) return undefined;
  const characters = Array.from(text);
  const states: State[] = [];
  for (let at = 0; at < characters.length;) {
    const read = readState(characters, at);
    if (read === undefined) return undefined;
    states.push(...read.states);
    at = read.next;
  }
  const isExact = states.every(({ type }) => type === "character") && !text.includes("\\");
  return { text, exactName: isExact ? text : undefined, states };
}

interface ReadState {
  readonly states: readonly State[];
  readonly next: number;
}

function readState(characters: readonly string[], at: number): ReadState | undefined {
  const character = characters[at]!;
  switch (character) {
    case "?":
      return { states: [{ type: "any" }], next: at + 1 };
    case "[":
      return readSet(characters, at + 1);
    case "\\":
      return at + 1 < characters.length ? literal(characters[at + 1]!, at + 2) : undefined;
    case "*":
      return readStars(characters, at);
    default:
      return literal(character, at + 1);
  }
}

function literal(character: string, next: number): ReadState {
  return { states: [{ type: "character", character }], next };
}

function readStars(characters: readonly string[], at: number): ReadState {
  let next = at;
  while (characters[next] === "*") next++;
  const isComponents = next - at === 2 && characters[next] === "/" && (at === 0 || characters[at - 1] === "/");
  return isComponents
    ? { states: [{ type: "components" }, { type: "component" }], next: next + 1 }
    : { states: [{ type: "star" }], next };
}

function readSet(characters: readonly string[], start: number): ReadState | undefined {
  const isNegated = characters[start] === "^" || characters[start] === "!";
  const ranges: (readonly [string, string])[] = [];
  let at = isNegated ? start + 1 : start;
  while (characters[at] !== "]") {
    const first = readSetCharacter(characters, at);
    if (first === undefined) return undefined;
    at = first.next;
    const isRange = characters[at] === "-" && characters[at + 1] !== undefined && characters[at + 1] !== "]";
    const last = isRange ? readSetCharacter(characters, at + 1) : first;
    if (last === undefined) return undefined;
    ranges.push([first.character, last.character]);
    at = last.next;
  }
  return ranges.length === 0 ? undefined : { states: [{ type: "set", isNegated, ranges }], next: at + 1 };
}

function readSetCharacter(characters: readonly string[], at: number): { character: string; next: number } | undefined {
  const isEscaped = characters[at] === "\\";
  const character = characters[isEscaped ? at + 1 : at];
  return character === undefined || character === "/" ? undefined : { character, next: at + (isEscaped ? 2 : 1) };
}

/** Whether the whole name matches. With a meter that has run out the answer is "exhausted". */
export function matchRefPattern(pattern: RefPattern, name: string, meter: MatchMeter): boolean | "exhausted" {
  const { states } = pattern;
  let active = new Set<number>();
  enter(states, 0, active);
  for (const character of name) {
    const following = new Set<number>();
    for (const at of active) {
      if (--meter.stepsLeft < 0) return "exhausted";
      const next = step(states, at, character);
      if (next !== undefined) enter(states, next, following);
    }
    if (following.size === 0) return false;
    active = following;
  }
  return active.has(states.length);
}

/** Adds a state, and those that are reached from it without a character. */
function enter(states: readonly State[], at: number, active: Set<number>): void {
  if (active.has(at)) return;
  active.add(at);
  const type = states[at]?.type;
  if (type === "star") enter(states, at + 1, active);
  if (type === "components") enter(states, at + 2, active);
}

/** Where a state goes with a character; undefined where it does not go on. */
function step(states: readonly State[], at: number, character: string): number | undefined {
  const state = states[at];
  if (state === undefined) return undefined;
  const isSlash = character === "/";
  switch (state.type) {
    case "character":
      return state.character === character ? at + 1 : undefined;
    case "any":
      return isSlash ? undefined : at + 1;
    case "star":
      return isSlash ? undefined : at;
    case "set":
      return !isSlash && isInSet(state, character) ? at + 1 : undefined;
    case "components":
      return isSlash ? undefined : at + 1;
    default:
      return isSlash ? at - 1 : at;
  }
}

function isInSet({ isNegated, ranges }: Extract<State, { type: "set" }>, character: string): boolean {
  const code = character.codePointAt(0)!;
  const isMember = ranges.some(([first, last]) => first.codePointAt(0)! <= code && code <= last.codePointAt(0)!);
  return isMember !== isNegated;
}
