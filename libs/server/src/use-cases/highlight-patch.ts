import { createHash } from "node:crypto";

import type { DiffFile } from "@guts/api";

import { renderLimits } from "../limits.ts";
import type { GitFileDiff } from "../ports/index.ts";
import { escapeHtml } from "../render/html.ts";
import type { Services } from "../services.ts";
import { parsePatch, type PatchHunk, type PatchLine } from "./parse-patch.ts";

/** Characters of a file's patch that are highlighted; larger ones are escaped only. */
const highlightLengthMax = 100_000;

/**
 * A changed file with highlighted hunks. Each side of the diff is highlighted as one text, since a line of code means
 * little alone; what lies between hunks is unknown, so a comment that began there is not recognised.
 */
export async function highlightPatch({ renderer }: Pick<Services, "renderer">, file: GitFileDiff): Promise<DiffFile> {
  const hunks = parsePatch(file.patch);
  const isSmall = file.patch.length <= Math.min(highlightLengthMax, renderLimits.highlightBytesMax);
  const sides = isSmall ? await highlightSides(renderer, file, hunks) : undefined;
  const htmlOf = (line: PatchLine): string => sides?.get(line) ?? escapeHtml(line.text);
  return {
    path: file.path,
    previousPath: file.previousPath ?? null,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    isBinary: file.isBinary,
    isTruncated: file.isTruncated,
    hunks: hunks.map(({ header, lines }) => ({
      header,
      lines: lines.map((line) => {
        const { kind, oldNumber, newNumber } = line;
        return { kind, oldNumber, newNumber, html: htmlOf(line) };
      }),
    })),
  };
}

async function highlightSides(
  renderer: Services["renderer"],
  file: GitFileDiff,
  hunks: readonly PatchHunk[],
): Promise<ReadonlyMap<PatchLine, string>> {
  const htmlByLine = new Map<PatchLine, string>();
  const sides = [
    { path: file.previousPath ?? file.path, kinds: ["context", "deletion"] },
    { path: file.path, kinds: ["context", "addition"] },
  ];
  for (const { path, kinds } of sides) {
    const lines = hunks.flatMap((hunk) => hunk.lines.filter(({ kind }) => kinds.includes(kind)));
    const text = lines.map((line) => line.text).join("\n");
    // A lone CR ends a line for the highlighter but not for git: such text is escaped only.
    if (lines.length === 0 || text.includes("\r")) continue;
    const id = createHash("sha256").update(text).digest("base64url");
    const highlighted = await renderer.highlight({ id, path, text });
    for (const [index, line] of lines.entries()) {
      const html = highlighted.lines[index];
      if (html !== undefined) htmlByLine.set(line, html);
    }
  }
  return htmlByLine;
}
