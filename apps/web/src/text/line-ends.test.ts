import { expect, test } from "vitest";

import { lineEndsOf, withLineEnds, withLineFeeds } from "./line-ends.ts";

test("a text keeps the line ends that it has", () => {
  for (const text of ["a\r\nb\r\n", "a\nb", "", "one line"])
    expect(withLineEnds(withLineFeeds(text), lineEndsOf(text))).toBe(text);
});

test("the end that most lines have goes for a text with both", () => {
  expect(lineEndsOf("a\r\nb\r\nc\n")).toEqual({ end: "\r\n", isMixed: true });
  expect(lineEndsOf("a\nb\nc\r\n")).toEqual({ end: "\n", isMixed: true });
});
