import { expect, test } from "vitest";

import { explain, type Swap } from "./history.ts";

const swap = (from: string, to: string, changes: Partial<Swap> = {}): Swap => {
  return { from, to, start: 0, end: 100, outcome: "moved", ...changes };
};

test("swaps that overlap in any order are explained, unknown ones whether they took effect or not", () => {
  expect(explain("a", "a", [])).toEqual([]);
  expect(explain("a", "c", [swap("b", "c"), swap("a", "b")])).toEqual([]);
  const unknown = swap("a", "b", { outcome: "unknown", end: Infinity });
  expect(explain("a", "b", [unknown])).toEqual([]);
  expect(explain("a", "a", [unknown])).toEqual([]);
  expect(explain("a", "b", [swap("a", "b"), swap("a", "x", { outcome: "refused" })])).toEqual([]);
});

test.each([
  ["a swap that was acknowledged and is not there", "a", [swap("a", "b")], /lost/],
  ["two that both moved one value", "b", [swap("a", "b"), swap("a", "c")], /lost/],
  ["one that was refused and took effect", "b", [swap("a", "b", { outcome: "refused" })], /although refused/],
  ["a value from nowhere", "z", [swap("a", "b")], /nothing leads/],
  [
    "an order that the clock contradicts",
    "c",
    [swap("a", "b", { start: 50, end: 60 }), swap("b", "c", { start: 10, end: 20 })],
    /ended before/,
  ],
  [
    "a refusal while the value was there all the time",
    "b",
    [swap("a", "b", { start: 50, end: 60 }), swap("a", "x", { start: 10, end: 20, outcome: "refused" })],
    /all the time/,
  ],
] as const)("%s is found", (_what, final, swaps, problem) => {
  expect(explain("a", final, swaps).join("\n")).toMatch(problem);
});
