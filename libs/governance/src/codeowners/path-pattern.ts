/**
 * Patterns of paths in CODEOWNERS: those of gitignore, without `!`, `[ ]` and an escaped `#`, as GitHub says.
 *
 * A pattern with a slash at its beginning or in its middle is tied to the root, any other names entries in any directory. One that
 * names a directory owns everything below it; only one that ends in a lone `*` component does not look into directories. A slash at
 * its end makes it name directories alone. Matching is by components, each in time proportional to its length times the pattern's.
 * Source: gitignore(5); GitHub, "About code owners".
 */

import { codeownersPatternMax } from "./limits.ts";

/** A pattern that can be matched. */
export interface PathPattern {
  readonly components: readonly string[];
  /** It names a directory, so only what lies below it matches. */
  readonly isDirectory: boolean;
  /** It ends in `*`, which does not look into directories: `docs/*`. */
  readonly isShallow: boolean;
}

/** Why a text is no pattern. */
export type PathPatternError = "negation" | "set" | "empty" | "too-long";

/** The pattern of a text whose escaped spaces are spaces already. */
export function parsePathPattern(text: string): PathPattern | PathPatternError {
  if (text.length > codeownersPatternMax) return "too-long";
  if (text.startsWith("!")) return "negation";
  if (/[[\]]/.test(text)) return "set";
  const isDirectory = text.endsWith("/");
  const bare = isDirectory ? text.slice(0, -1) : text;
  const components = bare.replace(/^\//, "").split("/");
  if (components.some((component) => component === "")) return "empty";
  const isAnchored = bare.includes("/");
  const isShallow = !isDirectory && isAnchored && components.at(-1) === "*";
  return { components: isAnchored ? components : ["**", ...components], isDirectory, isShallow };
}

/** Whether a path relative to the root is named, or lies below a directory that is. */
export function matchPath({ components, isDirectory, isShallow }: PathPattern, path: string): boolean {
  const parts = path.split("/");
  // Lengths of the beginnings of the path that the components so far match.
  let reached = new Set([0]);
  for (const [index, component] of components.entries()) {
    reached =
      component === "**"
        ? afterAny(reached, parts.length, index === components.length - 1)
        : afterOne(reached, parts, component);
    if (reached.size === 0) return false;
  }
  const isWhole = reached.has(parts.length) && !isDirectory;
  return isWhole || (!isShallow && Array.from(reached).some((length) => length < parts.length));
}

/** `**` stands for any number of components, at the end of a pattern for one at least. */
function afterAny(reached: ReadonlySet<number>, length: number, isLast: boolean): Set<number> {
  const least = Math.min(...reached) + (isLast ? 1 : 0);
  return new Set(Array.from({ length: Math.max(0, length - least + 1) }, (_, index) => least + index));
}

function afterOne(reached: ReadonlySet<number>, parts: readonly string[], component: string): Set<number> {
  const next = new Set<number>();
  for (const length of reached) {
    const part = parts[length];
    if (part !== undefined && matchComponent(component, part)) next.add(length + 1);
  }
  return next;
}

/** `*` and `?` within one component. The newest star alone is tried again, so the time is bounded by both lengths. */
function matchComponent(pattern: string, text: string): boolean {
  let [at, read, star, retried] = [0, 0, -1, 0];
  while (read < text.length) {
    if (pattern[at] === "*") {
      [star, retried] = [at, read];
      at += 1;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[read])) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      retried += 1;
      [at, read] = [star + 1, retried];
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
