import { describe, expect, test } from "vitest";
import { foldLabelName, parseLabelColor, parseLabelName, type LabelName } from "./label.ts";

describe("a label's name", () => {
  test.each(["bug", "good first issue", "Ünïcödé 🐛", "a".repeat(50), "🐛".repeat(50), "area/web: x"])("%s", (text) =>
    expect(parseLabelName(text)).toBe(text),
  );
  test.each(["", " bug", "bug ", "a\nb", "a\tb", "a".repeat(51), "\u0085", "a\u2028b"])("is not %j", (text) =>
    expect(parseLabelName(text)).toBeUndefined(),
  );
  test("is looked up without the case of ASCII letters", () => {
    expect(foldLabelName("Bug İ ÄB" as LabelName)).toBe("bug İ Äb");
  });
});

test("a colour is six hexadecimal digits", () => {
  expect(["D73A4A", "ffffff", "#ffffff", "fff", "gggggg", ""].map(parseLabelColor)).toEqual([
    "d73a4a",
    "ffffff",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
