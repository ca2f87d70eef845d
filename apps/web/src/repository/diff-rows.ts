import type { DiffFile, DiffLine } from "@guts/api";

import { escapeHtml } from "../text/escape-html.ts";

/** A file with more lines in its hunks than this is folded until asked for. */
export const openLinesMax = 400;

/** When a whole commit has more lines than this, the files after that are folded. */
export const openTotalMax = 5000;

/** Paths of lock files and other generated text that people seldom read. */
const generated =
  /(^|\/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|poetry\.lock|.+\.min\.(js|css))$/;

/** Why a file's diff is folded at first, or undefined when it is open. */
export type FoldReason = "large" | "generated";

/** Decides for every file of a commit whether its diff is open at first, so that a huge commit opens at once. */
export function decideFolds(files: readonly DiffFile[]): readonly (FoldReason | undefined)[] {
  let shown = 0;
  return files.map((file) => {
    const count = lineCount(file);
    if (generated.test(file.path)) return "generated";
    if (count > openLinesMax || shown + count > openTotalMax) return "large";
    shown += count;
    return undefined;
  });
}

/** Lines in the hunks of a file. */
export function lineCount(file: DiffFile): number {
  return file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
}

/** The rows of a unified diff as HTML: old number, new number, sign, text. */
export function renderDiffRows(file: DiffFile): string {
  return file.hunks.map((hunk) => hunkRow(hunk) + hunk.lines.map(lineRow).join("")).join("");
}

const signs = { context: " ", addition: "+", deletion: "-", "no-newline": "" } as const;

type Hunk = DiffFile["hunks"][number];

function hunkRow(hunk: Hunk): string {
  const place = `@@ -${rangeOf(hunk, "oldNumber")} +${rangeOf(hunk, "newNumber")} @@`;
  return `<tr class="hunk"><td colspan="4">${place} ${escapeHtml(hunk.header)}</td></tr>`;
}

/** First line and count of one side, as git writes them; a side without lines is `0,0`. */
function rangeOf(hunk: Hunk, side: "oldNumber" | "newNumber"): string {
  const numbers = hunk.lines.flatMap((line) => line[side] ?? []);
  return `${numbers[0] ?? 0},${numbers.length}`;
}

function lineRow(line: DiffLine): string {
  if (line.kind === "no-newline") {
    return `<tr class="context"><td class="number"></td><td class="number"></td><td class="sign"></td><td class="text"><em>No newline at end of file</em></td></tr>`;
  }
  const text = line.html === "" ? "\n" : line.html;
  return (
    `<tr class="${line.kind}"><td class="number">${line.oldNumber ?? ""}</td><td class="number">${line.newNumber ?? ""}</td>` +
    `<td class="sign">${signs[line.kind]}</td><td class="text">${text}</td></tr>`
  );
}
