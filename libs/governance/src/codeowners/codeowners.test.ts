import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownersOf, parseCodeowners } from "./codeowners.ts";
import { codeownersErrorsMax } from "./limits.ts";
import { matchPath, parsePathPattern, type PathPattern } from "./path-pattern.ts";

const pattern = (text: string) => parsePathPattern(text) as PathPattern;

describe("a pattern of paths", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["*", ["a", "a/b/c"], []],
    ["*.js", ["a.js", "x/y.js"], ["a.jsx", "js"]],
    ["/build/logs/", ["build/logs/a", "build/logs/a/b"], ["build/logs", "x/build/logs/a"]],
    ["docs/*", ["docs/a.md"], ["docs/build/a.md", "x/docs/a.md"]],
    ["apps/", ["apps/a", "x/apps/a/b"], ["apps", "myapps/a"]],
    ["/docs/", ["docs/a"], ["x/docs/a"]],
    ["/scripts", ["scripts", "scripts/a"], ["x/scripts"]],
    ["**/logs", ["logs", "logs/a", "x/y/logs", "x/logs/a"], ["mylogs"]],
    ["/apps/**/x", ["apps/x", "apps/a/b/x"], ["apps/ax", "x"]],
    ["a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]],
    ["a?c", ["abc", "x/abc"], ["ac", "abbc"]],
    ["a*b*c", ["abc", "axxbxxc", "abcbc"], ["abcb"]],
  ])("%s names what it should", (text, named, others) => {
    for (const path of named) expect([path, matchPath(pattern(text), path)]).toEqual([path, true]);
    for (const path of others) expect([path, matchPath(pattern(text), path)]).toEqual([path, false]);
  });

  test("has no negation, no sets, no empty components", () => {
    expect(["!a", "[a]", "a]", "", "/", "a//b"].map(parsePathPattern)).toEqual([
      "negation",
      "set",
      "set",
      "empty",
      "empty",
      "empty",
    ]);
  });
});

describe("CODEOWNERS", () => {
  test("gives a path to the last line that names it, and to nobody where that line has no owner", () => {
    const file = parseCodeowners(
      [
        "# Everything",
        "*       @ada   # in line",
        "*.ts @ada @crew/reviewers bob@example.org",
        "/apps/ @bob",
        "/apps/github",
        "a\\ b/ @space",
      ].join("\n"),
    );
    expect(file.errors).toEqual([]);
    expect(ownersOf(file, "README")).toEqual([{ type: "account", handle: "ada" }]);
    expect(ownersOf(file, "x/y.ts")).toEqual([
      { type: "account", handle: "ada" },
      { type: "team", organization: "crew", team: "reviewers" },
      { type: "email", email: "bob@example.org" },
    ]);
    expect(ownersOf(file, "apps/y.ts")).toEqual([{ type: "account", handle: "bob" }]);
    expect(ownersOf(file, "apps/github/y.ts")).toEqual([]);
    expect(ownersOf(file, "a b/c")).toEqual([{ type: "account", handle: "space" }]);
    expect(ownersOf(parseCodeowners(""), "x")).toEqual([]);
  });

  test("leaves lines out that are wrong, and tells where", () => {
    const { rules, errors } = parseCodeowners("* @ada\r\n  !a @ada\n\n*.js ada\n^[Section]\n/x @ada @\n/y @a/b/c\n");
    expect(rules.map(({ line }) => line)).toEqual([1]);
    expect(errors.map(({ line, column, kind }) => [line, column, kind])).toEqual([
      [2, 3, "Invalid pattern"],
      [4, 6, "Invalid owner"],
      [5, 1, "Invalid pattern"],
      [6, 9, "Invalid owner"],
      [7, 4, "Invalid owner"],
    ]);
    expect(errors[1]!.message).toContain("Invalid owner on line 4");
  });

  test("tells so many errors and no more", () => {
    const file = (count: number) => parseCodeowners("[\n".repeat(count)).errors.length;
    expect([file(codeownersErrorsMax), file(codeownersErrorsMax + 1)]).toEqual([
      codeownersErrorsMax,
      codeownersErrorsMax,
    ]);
  });

  test("takes any text for any path, in its bounds", () => {
    const line = fc.stringMatching(/^[a*?/\\ #@![\].-]{0,20}$/u);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.string({ unit: "grapheme" }))),
        fc.string({ unit: "grapheme" }),
        (lines, path) => {
          const file = parseCodeowners(lines.join("\n"));
          expect(Array.isArray(ownersOf(file, path))).toBe(true);
          for (const { line, column, source } of file.errors) {
            expect(line).toBeLessThanOrEqual(lines.join("\n").split("\n").length);
            expect(column).toBeLessThanOrEqual(source.length);
          }
        },
      ),
    );
  });

  test("is not slowed down by many stars", () => {
    const slow = pattern(`${"*a".repeat(100)}b/${"**/".repeat(50)}x`);
    const startedMs = performance.now();
    expect(matchPath(slow, `${"a".repeat(2_000)}/${"y/".repeat(500)}z`)).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
