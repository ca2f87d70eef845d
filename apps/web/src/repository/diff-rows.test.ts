import type { DiffFile } from "@guts/api";
import { describe, expect, it } from "vitest";

import { decideFolds, openLinesMax, openTotalMax, renderDiffRows } from "./diff-rows.ts";

function file(path: string, lines: number): DiffFile {
  const line = { kind: "addition", oldNumber: null, newNumber: 1, html: "x" } as const;
  return {
    path,
    previousPath: null,
    status: "modified",
    additions: lines,
    deletions: 0,
    isBinary: false,
    isTruncated: false,
    hunks: [{ header: "function <b>", lines: Array.from({ length: lines }, () => line) }],
  };
}

describe("decideFolds", () => {
  it("folds a file just past the limit and not at it", () => {
    expect(decideFolds([file("a", openLinesMax), file("b", openLinesMax + 1)])).toEqual([undefined, "large"]);
  });

  it("folds what comes after the limit of a whole commit", () => {
    const count = Math.floor(openTotalMax / openLinesMax);
    const files = Array.from({ length: count + 2 }, (_, index) => file(`f${index}`, openLinesMax));
    const folds = decideFolds(files);
    expect(folds.filter((fold) => fold === undefined)).toHaveLength(count);
    expect(folds.at(-1)).toBe("large");
  });

  it("folds generated files whatever their size", () => {
    expect(decideFolds([file("web/package-lock.json", 1), file("package-lock.json.md", 1)])).toEqual([
      "generated",
      undefined,
    ]);
  });
});

describe("renderDiffRows", () => {
  it("escapes hunk headers, which come from the repository", () => {
    const html = renderDiffRows(file("a", 1));
    expect(html).toContain("@@ -0,0 +1,1 @@ function &lt;b&gt;");
    expect(html).not.toContain("<b>");
  });
});
