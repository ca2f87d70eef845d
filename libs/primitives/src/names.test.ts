import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  foldName,
  parseFoldedName,
  parseHandle,
  parseRepositoryName,
  parseTeamName,
  parseTeamSlug,
  teamNameBytesMax,
  teamSlugOf,
} from "./names.ts";
import { isZeroObjectId, parseObjectId, zeroObjectId } from "./object-id.ts";

describe("handles", () => {
  test.each(["a", "A", "0", "ada-lovelace", "a-b-c", "x".repeat(39)])("%s is one", (text) => {
    expect(parseHandle(text)).toBe(text);
  });

  test.each(["", "-a", "a-", "a--b", "a_b", "a.b", "a b", "é", "ada\n", "x".repeat(40), "../a", "\u212a", "\ufb00"])(
    "%j is none",
    (text) => expect(parseHandle(text)).toBeUndefined(),
  );

  test.each(["api", "API", "Settings", "git", "raw"])("%s is reserved in any case", (text) => {
    expect(parseHandle(text)).toBeUndefined();
  });
});

describe("repository names", () => {
  test.each(["a", ".github", "a.b", "a_b", "_", "...", "x".repeat(100), "git", "a.git.b"])("%s is one", (text) => {
    expect(parseRepositoryName(text)).toBe(text);
  });

  test.each(["", ".", "..", "-a", "a/b", "a b", "é", "a\n", "x".repeat(101), "a.git", "a.GIT", "a.wiki", "a.lock"])(
    "%j is none",
    (text) => expect(parseRepositoryName(text)).toBeUndefined(),
  );
});

test("a folded name folds to itself and is what the codec takes", () => {
  const names = fc
    .stringMatching(/^[A-Za-z0-9._-]{1,100}$/)
    .map(parseRepositoryName)
    .filter((name) => name !== undefined);
  fc.assert(
    fc.property(names, (name) => {
      const folded = foldName(name);
      expect(parseFoldedName(folded)).toBe(folded);
      expect(parseFoldedName(name)).toBe(folded === (name as string) ? folded : undefined);
    }),
  );
});

test.each(["", "A", "a/b", "a\0", "é", "x".repeat(101)])("%j is no folded name", (text) => {
  expect(parseFoldedName(text)).toBeUndefined();
});

describe("object ids", () => {
  const sha1 = "0123456789abcdef0123456789abcdef01234567";
  const sha256 = `${sha1}${"0".repeat(24)}`;

  test("have the length of their format", () => {
    expect(parseObjectId(sha1, "sha1")).toBe(sha1);
    expect(parseObjectId(sha256, "sha256")).toBe(sha256);
    expect(parseObjectId(sha1, "sha256")).toBeUndefined();
    expect(parseObjectId(sha256, "sha1")).toBeUndefined();
  });

  test("are lower case", () => expect(parseObjectId(sha1.toUpperCase(), "sha1")).toBeUndefined());

  test("of zeros stand for no object", () => {
    expect(isZeroObjectId(zeroObjectId("sha256"))).toBe(true);
    expect(isZeroObjectId(parseObjectId(sha1, "sha1")!)).toBe(false);
  });
});

describe("a team's name", () => {
  test.each([
    ["Core", "core"],
    ["Core Team", "core-team"],
    ["  ", undefined],
    ["Überprüfung", "berpr-fung"],
    ["a_b.c--d!", "a_b-c-d"],
    ["漢字", undefined],
    ["", undefined],
    [" core", undefined],
    ["core ", undefined],
    ["co\nre", undefined],
    ["co\u0085re", undefined],
    ["x".repeat(teamNameBytesMax), "x".repeat(teamNameBytesMax)],
    ["x".repeat(teamNameBytesMax + 1), undefined],
  ])("%j has the slug %j", (text, slug) => {
    const name = parseTeamName(text);
    expect(name === undefined ? undefined : teamSlugOf(name)).toBe(slug);
    if (slug !== undefined) expect(parseTeamSlug(slug)).toBe(slug);
  });

  test.each(["Core", "-core", "core-", "a--b", "", "a.b", "x".repeat(teamNameBytesMax + 1)])("%j is no slug", (text) =>
    expect(parseTeamSlug(text)).toBeUndefined(),
  );
});
