import { describe, expect, it } from "vitest";

import { extendLineRange, formatLineRange, isInRange, lineNumberMax, parseLineRange } from "./line-range.ts";

describe("parseLineRange", () => {
  it("reads one line and a range in the shapes people paste", () => {
    expect(parseLineRange("#L5")).toEqual({ first: 5, last: 5 });
    expect(parseLineRange("L5-L9")).toEqual({ first: 5, last: 9 });
    expect(parseLineRange("#L5-9")).toEqual({ first: 5, last: 9 });
    expect(parseLineRange("#L5C3-L9C12")).toEqual({ first: 5, last: 9 });
  });

  it("puts a backwards range the right way round", () => {
    expect(parseLineRange("#L9-L5")).toEqual({ first: 5, last: 9 });
  });

  it.each(["", "#", "#readme", "#L", "#L0", "#L1-", "#L1-L2-L3", "#L-1", `#L${lineNumberMax + 1}`, "#L999999999999"])(
    "finds no range in %j",
    (fragment) => {
      expect(parseLineRange(fragment)).toBeUndefined();
    },
  );

  it("accepts the largest line number", () => {
    expect(parseLineRange(`#L${lineNumberMax}`)).toEqual({ first: lineNumberMax, last: lineNumberMax });
  });

  it("reads back what formatLineRange writes", () => {
    for (const range of [
      { first: 1, last: 1 },
      { first: 3, last: 40 },
    ]) {
      expect(parseLineRange(`#${formatLineRange(range)}`)).toEqual(range);
    }
  });
});

describe("extendLineRange", () => {
  it("starts anew without shift and grows from the first line with it", () => {
    expect(extendLineRange({ first: 4, last: 6 }, 9, false)).toEqual({ first: 9, last: 9 });
    expect(extendLineRange({ first: 4, last: 6 }, 9, true)).toEqual({ first: 4, last: 9 });
    expect(extendLineRange({ first: 4, last: 6 }, 2, true)).toEqual({ first: 2, last: 4 });
    expect(extendLineRange(undefined, 7, true)).toEqual({ first: 7, last: 7 });
  });
});

describe("isInRange", () => {
  it("includes both ends", () => {
    const range = { first: 2, last: 3 };
    expect([1, 2, 3, 4].map((line) => isInRange(range, line))).toEqual([false, true, true, false]);
    expect(isInRange(undefined, 1)).toBe(false);
  });
});
