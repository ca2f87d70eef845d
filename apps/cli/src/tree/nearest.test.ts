import { expect, test } from "vitest";
import { editDistance, nearest } from "./nearest.ts";

test("counts insertions, deletions, substitutions and swaps", () => {
  expect(editDistance("repo", "repo")).toBe(0);
  expect(editDistance("rpeo", "repo")).toBe(1);
  expect(editDistance("clne", "clone")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
});

test("finds what a mistake meant, and nothing for a word that is far from all", () => {
  expect(nearest("creat", ["create", "clone", "delete"])).toBe("create");
  expect(nearest("invit", ["invitation", "repo"])).toBe("invitation");
  expect(nearest("frobnicate", ["create", "clone"])).toBeUndefined();
});
