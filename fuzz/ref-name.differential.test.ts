/** `parseRefName` accepts exactly what `git check-ref-format` accepts, below `refs/` and within our bound on length. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fromUtf8, parseRefName, refNameBytesMax, utf8 } from "@guts/primitives";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { readCorpus } from "./engine/campaign.ts";

const sampleCount = process.env["GUTS_TEST_TIER"] === "long" ? 5000 : 250;

function isAcceptedByGit(name: string): boolean {
  return spawnSync("git", ["check-ref-format", name], { stdio: "ignore" }).status === 0;
}

/** What the forge asks of a name beyond git: it lies below `refs/`, has a third part, and fits a file name. */
function isOurs(name: string): boolean {
  return /^refs\/[^/]+\/./.test(name) && utf8(name).length <= refNameBytesMax;
}

function disagreements(names: readonly string[]): readonly string[] {
  return names.filter((name) => (parseRefName(name) !== undefined) !== (isOurs(name) && isAcceptedByGit(name)));
}

it("agrees with git about hand-picked names", () => {
  const words = [
    "a",
    "a.b",
    ".a",
    "a.",
    "a.lock",
    "a.lock.b",
    "a..b",
    "a...b",
    "@",
    "a@",
    "@{",
    "a@{b",
    "-",
    "-a",
    "HEAD",
    "",
  ];
  const marks = [
    "~",
    "^",
    ":",
    "?",
    "*",
    "[",
    "]",
    "\\",
    " ",
    "\t",
    "\n",
    "\u007f",
    "\u0080",
    "\u00a0",
    "\u2028",
    "é",
    "\u{1f600}",
    "{",
    "}",
  ];
  const names = [...words, ...marks.map((mark) => `a${mark}b`)].flatMap((word) => [
    ...[word, `refs/${word}`, `refs/heads/${word}`, `refs/heads/${word}/b`, `refs/heads/a/${word}`, `refs/${word}/x`],
  ]);
  expect(disagreements(names)).toEqual([]);
});

it("agrees with git about the corpus", () => {
  const names = readCorpus(join(import.meta.dirname, "corpus", "ref-name")).map(({ bytes }) => fromUtf8(bytes));
  const texts = names.filter((name) => name !== undefined && !name.includes("\0")) as string[];
  expect(texts.length).toBeGreaterThan(5);
  expect(disagreements(texts)).toEqual([]);
});

it(`agrees with git about ${sampleCount} generated names`, () => {
  const part = fc.constantFrom(
    "a",
    "refs",
    "heads",
    ".",
    "..",
    "/",
    "@",
    "{",
    ".lock",
    "-",
    "~",
    "^",
    "*",
    "\\",
    "é",
    "HEAD",
  );
  const name = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
  const names = fc.sample(fc.tuple(fc.constantFrom("", "refs/", "refs/heads/"), name), {
    numRuns: sampleCount,
    seed: 1,
  });
  expect(disagreements(names.map((parts) => parts.join("")))).toEqual([]);
});
