import { expect, test } from "vitest";

import { compareLines, nearChanges } from "./line-diff.ts";

const signs = { context: " ", addition: "+", deletion: "-" } as const;
const diff = (before: string, after: string) => compareLines(before, after).map(({ kind, text }) => signs[kind] + text);

test("shows what was added, deleted and kept", () => {
  expect(diff("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual([" a", "-b", "+x", " c", "+d"]);
  expect(diff("", "a\n")).toEqual(["+a"]);
  expect(diff("a\n", "")).toEqual(["-a"]);
  expect(diff("a\nb\n", "a\nb\n")).toEqual([" a", " b"]);
});

test("keeps a line that moved between changes, and numbers both sides", () => {
  expect(diff("1\n2\n3\n4\n5\n", "0\n2\n9\n4\n6\n")).toEqual(["-1", "+0", " 2", "-3", "+9", " 4", "-5", "+6"]);
  expect(compareLines("a\nb\n", "b\n")[1]).toMatchObject({ oldNumber: 2, newNumber: 1 });
});

test("gives up matching in texts that have nothing in common and no end", () => {
  const many = (prefix: string): string => Array.from({ length: 3_000 }, (_, index) => prefix + index).join("\n");
  const lines = compareLines(many("a"), many("b"));
  expect(lines).toHaveLength(6_000);
  expect(lines[0]?.kind).toBe("deletion");
});

test("leaves out what is far from any change", () => {
  const text = Array.from({ length: 30 }, (_, index) => `${index}`);
  const changed = text.with(2, "x").with(25, "y");
  const shown = nearChanges(compareLines(text.join("\n"), changed.join("\n")));
  expect(shown.filter((line) => line === undefined)).toHaveLength(1);
  expect(shown.map((line) => line?.text)).toContain("x");
  expect(nearChanges(compareLines("a", "a"))).toEqual([]);
});
