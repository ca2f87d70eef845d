import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { patternBytesMax } from "./limits.ts";
import { matchRefPattern, parseRefPattern } from "./ref-pattern.ts";

function matches(pattern: string, name: string): boolean | "exhausted" {
  return matchRefPattern(parseRefPattern(pattern)!, name, { stepsLeft: 1_000_000 });
}

describe("a pattern", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["main", ["main"], ["Main", "mains", "a/main", ""]],
    ["*", ["main", "x"], ["a/b"]],
    ["qa/*", ["qa/x", "qa/x-1"], ["qa", "qa/x/y", "xqa/y"]],
    ["qa/**/*", ["qa/x", "qa/foo/bar/foobar/hello-world"], ["qa", "q/x"]],
    ["qa**/**/*", ["qa/x", "qa-2/x", "qa1/foo/bar"], ["qa", "x/qa/x"]],
    ["**/main", ["main", "a/main", "a/b/main"], ["a/mains", "amain"]],
    ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb", "a/x/yb"]],
    ["a**b", ["ab", "axb"], ["a/b"]],
    ["release/?.?", ["release/1.2"], ["release/1.23", "release/1./", "release/12"]],
    ["v[0-9]*", ["v1", "v1.2"], ["v", "va", "v1/2"]],
    ["[^a-c]x", ["dx"], ["ax", "x"]],
    ["[!a-c]x", ["dx"], ["bx"]],
    ["[\\]a-]x", ["]x", "ax", "-x"], ["bx"]],
    ["{a,b}", ["{a,b}"], ["a", "b"]],
    ["a\\*b", ["a*b"], ["axb"]],
    ["漢?", ["漢字", "漢𠀀"], ["漢"]],
  ])("%s names what it should", (pattern, named, others) => {
    for (const name of named) expect([name, matches(pattern, name)]).toEqual([name, true]);
    for (const name of others) expect([name, matches(pattern, name)]).toEqual([name, false]);
  });

  test.each(["", "[", "[]", "[a", "a\\", "a//b", "/a", "a/", "a b", "a\0", "[a/b]", "x".repeat(patternBytesMax + 1)])(
    "%j is none",
    (text) => expect(parseRefPattern(text)).toBeUndefined(),
  );

  test("as long as may be is one, and exact when nothing in it is special", () => {
    expect(parseRefPattern("x".repeat(patternBytesMax))?.exactName).toBe("x".repeat(patternBytesMax));
    for (const text of ["a*", "a?", "[a]", "\\a"]) expect(parseRefPattern(text)?.exactName).toBeUndefined();
  });
});

const piece = fc.constantFrom("a", "b", "/", "*", "**/", "**", "?", "[ab]", "[^a]", "\\a");
const patterns = fc.array(piece, { minLength: 1, maxLength: 10 }).map((pieces) => pieces.join(""));
const names = fc
  .array(fc.stringMatching(/^[abc]{1,4}$/), { minLength: 1, maxLength: 4 })
  .map((components) => components.join("/"));

/** The same pattern as a regular expression: short enough here that its backtracking does no harm. */
function expressionOf(pattern: string): RegExp {
  const rules: readonly (readonly [RegExp, string | ((text: string) => string)])[] = [
    [/^\*\*\//, "(?:[^/]+/)*"],
    [/^\*+/, "[^/]*"],
    [/^\?/, "[^/]"],
    [/^\[[^\]]*\]/, (set) => `(?!/)${set}`],
    [/^\\./, (escaped) => escaped[1]!],
    [/^./, (character) => character],
  ];
  let source = "";
  for (let at = 0; at < pattern.length;) {
    const isComponentStart = at === 0 || pattern[at - 1] === "/";
    const rest = pattern.slice(at);
    const rule = rules.find(([start], index) => start.test(rest) && (index !== 0 || isComponentStart))!;
    const text = rule[0].exec(rest)![0];
    source += typeof rule[1] === "string" ? rule[1] : rule[1](text);
    at += text.length;
  }
  return new RegExp(`^${source}$`, "u");
}

test("patterns match as the regular expressions that say the same", () => {
  fc.assert(
    fc.property(patterns, names, (text, name) => {
      const pattern = parseRefPattern(text);
      fc.pre(pattern !== undefined && !/\*\*\*/.test(text));
      expect(matchRefPattern(pattern!, name, { stepsLeft: 1e6 })).toBe(expressionOf(text).test(name));
    }),
    { numRuns: 2_000 },
  );
});

test("a match takes at most as many steps as the pattern has states, for each character", () => {
  const worst = parseRefPattern("*a".repeat(127))!;
  const name = "a".repeat(245);
  const meter = { stepsLeft: 1e6 };
  expect(matchRefPattern(worst, name, meter)).toBe(true);
  expect(1e6 - meter.stepsLeft).toBeLessThanOrEqual(worst.states.length * name.length);
  expect(matchRefPattern(worst, name, { stepsLeft: 100 })).toBe("exhausted");
});

test("any text is a pattern or none, and any pattern meets any name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.string({ unit: "grapheme" }), (text, name) => {
      const pattern = parseRefPattern(text);
      if (pattern !== undefined) expect(matchRefPattern(pattern, name, { stepsLeft: 1e6 })).toBeTypeOf("boolean");
      if (pattern?.exactName !== undefined) expect(matchRefPattern(pattern, text, { stepsLeft: 1e6 })).toBe(true);
    }),
  );
});
