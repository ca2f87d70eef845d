import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parsePatch } from "./parse-patch.ts";

test("lines get their numbers on both sides", () => {
  const [hunk] = parsePatch("@@ -3,3 +3,4 @@ function x() {\n a\n-b\n+B\n+C\n d\n\\ No newline at end of file\n");
  expect(hunk?.header).toBe("function x() {");
  expect(hunk?.lines.map(({ kind, oldNumber, newNumber, text }) => [kind, oldNumber, newNumber, text])).toEqual([
    ["context", 3, 3, "a"],
    ["deletion", 4, null, "b"],
    ["addition", null, 4, "B"],
    ["addition", null, 5, "C"],
    ["context", 5, 6, "d"],
    ["no-newline", null, null, "No newline at end of file"],
  ]);
});

test("lines that look like headers are content", () => {
  const [hunk] = parsePatch("@@ -1 +1 @@\n--- a\n+++ b\n");
  expect(hunk?.lines.map(({ text }) => text)).toEqual(["-- a", "++ b"]);
});

test("any text is read without a throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void parsePatch(`@@ -1 +1 @@\n${text}`)));
});
