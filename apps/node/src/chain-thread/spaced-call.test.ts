import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { SpacedCall } from "./spaced-call.ts";

let calls: number;
let spaced: SpacedCall;

beforeEach(() => {
  vi.useFakeTimers();
  calls = 0;
  spaced = new SpacedCall(() => calls++, 50);
});
afterEach(() => vi.useRealTimers());

test("the first call is made at once, those of the next moment become one at its end", () => {
  spaced.soon();
  expect(calls).toBe(1);
  for (let asked = 0; asked < 10; asked++) spaced.soon();
  vi.advanceTimersByTime(49);
  expect(calls).toBe(1);
  vi.advanceTimersByTime(1);
  expect(calls).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(calls).toBe(2);
});

test("a call that cannot wait is made for those who wait too", () => {
  spaced.soon();
  spaced.soon();
  spaced.now();
  expect(calls).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(calls).toBe(2);
});

test("nothing is called after disposal", () => {
  spaced.soon();
  spaced.soon();
  spaced[Symbol.dispose]();
  vi.advanceTimersByTime(1_000);
  spaced.soon();
  spaced.now();
  expect(calls).toBe(1);
});
