import { execFileSync, spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBranchName, parseRefName, refNameBytesMax, shortRefName } from "./ref-name.ts";

describe("ref names", () => {
  test.each([
    "refs/heads/main",
    "refs/tags/v1.0",
    "refs/heads/a/b/c",
    "refs/heads/é",
    "refs/notes/commits",
    "refs/x/y",
  ])("%s is one", (text) => expect(parseRefName(text)).toBe(text));

  test.each([
    ["no namespace", "refs/heads"],
    ["another root", "heads/main"],
    ["HEAD", "HEAD"],
    ["an empty component", "refs/heads//a"],
    ["a slash at the end", "refs/heads/a/"],
    ["a hidden component", "refs/heads/.a"],
    ["two dots", "refs/heads/a..b"],
    ["a lock", "refs/heads/a.lock/b"],
    ["a dot at the end", "refs/heads/a."],
    ["a reflog selector", "refs/heads/a@{1}"],
    ["a control character", "refs/heads/a\u0007"],
    ["a line end", "refs/heads/a\n"],
    ["a space", "refs/heads/a b"],
    ["a pattern", "refs/heads/a*"],
    ["a backslash", "refs/heads/a\\b"],
    ["U+007F", "refs/heads/a\u007f"],
    ["a lone surrogate", "refs/heads/\ud800"],
  ])("%s is refused", (_what, text) => expect(parseRefName(text)).toBeUndefined());

  test("are as long as their limit in bytes, and no longer", () => {
    const prefix = "refs/heads/";
    expect(parseRefName(prefix + "x".repeat(refNameBytesMax - prefix.length))).toBeDefined();
    expect(parseRefName(prefix + "x".repeat(refNameBytesMax - prefix.length + 1))).toBeUndefined();
    expect(parseRefName(prefix + "é".repeat(123))).toBeUndefined();
  });

  test("are those that git takes", () => {
    const piece = fc.constantFrom(
      "a",
      ".",
      "..",
      "/",
      "@",
      "@{",
      "~",
      "^",
      ":",
      "?",
      "*",
      "[",
      "\\",
      ".lock",
      " ",
      "-",
      "é",
      "\u007f",
    );
    const names = fc.sample(
      fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => `refs/heads/${pieces.join("")}`),
      { numRuns: 120, seed: 1 },
    );
    for (const name of names) {
      const { status } = spawnSync("git", ["check-ref-format", name]);
      expect([name, parseRefName(name) !== undefined]).toEqual([name, status === 0]);
    }
    expect(execFileSync("git", ["--version"], { encoding: "utf8" })).toContain("git version");
  });
});

describe("branch names", () => {
  test("become full ref names and back", () => {
    const name = parseBranchName("feature/x")!;
    expect(name).toBe("refs/heads/feature/x");
    expect(shortRefName(name)).toBe("feature/x");
    expect(shortRefName(parseRefName("refs/tags/v1")!)).toBe("v1");
    expect(shortRefName(parseRefName("refs/notes/a")!)).toBe("refs/notes/a");
  });

  test.each(["-option", "HEAD", "", "a b"])("%j is none", (text) => expect(parseBranchName(text)).toBeUndefined());
});
