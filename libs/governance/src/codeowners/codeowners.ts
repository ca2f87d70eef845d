/**
 * CODEOWNERS as GitHub reads it: who owns which paths of a repository, by the file on the branch itself.
 *
 * The first of `.github/`, the root and `docs/` that has the file counts. Each line is a pattern and its owners: `@handle`,
 * `@organization/team` or an e-mail address. The last line that matches a path decides, and one without owners makes it nobody's. A
 * line that is wrong says nothing and is listed. `#` begins a comment. There are no sections, as there are none on GitHub.
 */
import { codeownersErrorsMax, codeownersShownMax } from "./limits.ts";
import { matchPath, parsePathPattern, type PathPattern, type PathPatternError } from "./path-pattern.ts";

/** Where the file may be, in the order in which GitHub looks. */
export const codeownersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** Who owns a path. */
export type CodeOwner =
  | { readonly type: "account"; readonly handle: string }
  | { readonly type: "team"; readonly organization: string; readonly team: string }
  | { readonly type: "email"; readonly email: string };

/** A line that says who owns what. */
export interface CodeownersRule {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly pattern: PathPattern;
  readonly owners: readonly CodeOwner[];
}

/** A line that says nothing; `column` and `line` from 1. Kinds are GitHub's. */
export interface CodeownersError {
  readonly line: number;
  readonly column: number;
  readonly kind: "Invalid pattern" | "Invalid owner";
  readonly source: string;
  readonly message: string;
  readonly suggestion: string | undefined;
}

/** What a file says. */
export interface Codeowners {
  readonly rules: readonly CodeownersRule[];
  /** At most `codeownersErrorsMax`. */
  readonly errors: readonly CodeownersError[];
}

/** Reads a file. Any text is one; what is wrong in it is in `errors`. */
export function parseCodeowners(file: string): Codeowners {
  const rules: CodeownersRule[] = [];
  const errors: CodeownersError[] = [];
  for (const [index, text] of file.split(/\r?\n/).entries()) {
    const tokens = tokensOf(text);
    const [first, ...rest] = tokens;
    if (first === undefined) continue;
    const read = readLine({ line: index + 1, text }, first, rest);
    if ("rule" in read) rules.push(read.rule);
    else if (errors.length < codeownersErrorsMax) errors.push(read.error);
  }
  return { rules, errors };
}

/** The owners of a path relative to the root: those of the last rule that matches; none when there is no such rule. */
export function ownersOf({ rules }: Pick<Codeowners, "rules">, path: string): readonly CodeOwner[] {
  return rules.findLast(({ pattern }) => matchPath(pattern, path))?.owners ?? [];
}

interface Token {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** What white space separates, up to a comment; `\ ` is a space and `\#` a number sign within a token. */
function tokensOf(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let token = "";
  let column = 1;
  const end = (): void => {
    if (token !== "") tokens.push({ text: token, column });
    token = "";
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    const isEscape = character === "\\" && (line[at + 1] === " " || line[at + 1] === "#" || line[at + 1] === "\\");
    if (!isEscape && character === "#" && token === "") break;
    if (!isEscape && /\s/.test(character)) end();
    else {
      if (token === "") column = at + 1;
      token += isEscape ? line[++at]! : character;
    }
  }
  end();
  return tokens;
}

const patternWords: Readonly<Record<PathPatternError, string>> = {
  negation: "patterns cannot begin with `!`",
  set: "patterns cannot have `[` and `]`",
  empty: "the pattern names nothing",
  "too-long": "the pattern is longer than any path",
};

function readLine(
  { line, text }: { readonly line: number; readonly text: string },
  first: Token,
  rest: readonly Token[],
): { readonly rule: CodeownersRule } | { readonly error: CodeownersError } {
  const error = (kind: CodeownersError["kind"], { column }: Token, words: string): CodeownersError => ({
    line,
    column,
    kind,
    ...showLine(text, column, `${kind} on line ${line}: ${words}`),
    suggestion: undefined,
  });
  const pattern = parsePathPattern(first.text);
  if (typeof pattern === "string") return { error: error("Invalid pattern", first, patternWords[pattern]) };
  const owners: CodeOwner[] = [];
  for (const token of rest) {
    const owner = parseOwner(token.text);
    if (owner === undefined)
      return { error: error("Invalid owner", token, "an owner is @handle, @organization/team or an e-mail address") };
    owners.push(owner);
  }
  return { rule: { line, text, pattern, owners } };
}

/** A line with what is wrong in it, as GitHub shows it. Of a long line its beginning, and the mark where it still falls into that. */
export function showLine(
  text: string,
  column: number,
  words: string,
): { readonly source: string; readonly message: string } {
  const source = text.slice(0, codeownersShownMax);
  const mark = column > 0 && column <= source.length ? `\n  ${" ".repeat(column - 1)}^` : "";
  return { source, message: `${words}\n\n  ${source}${mark}` };
}

function parseOwner(text: string): CodeOwner | undefined {
  const named = /^@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?:\/([A-Za-z0-9][A-Za-z0-9._-]{0,99}))?$/.exec(text);
  if (named !== null) {
    const [, handle = "", team] = named;
    return team === undefined ? { type: "account", handle } : { type: "team", organization: handle, team };
  }
  const isEmail = text.length <= 254 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text);
  return isEmail ? { type: "email", email: text } : undefined;
}
