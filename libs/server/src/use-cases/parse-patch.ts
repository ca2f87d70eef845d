/** One line of a hunk with its place on both sides. */
export interface PatchLine {
  readonly kind: "context" | "addition" | "deletion" | "no-newline";
  readonly oldNumber: number | null;
  readonly newNumber: number | null;
  readonly text: string;
}

/** A run of changed lines with those around them. `header` is what follows the second `@@`. */
export interface PatchHunk {
  readonly header: string;
  readonly lines: readonly PatchLine[];
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;

/** Reads the hunks of one file from a unified diff; whatever precedes the first `@@` is skipped. */
export function parsePatch(patch: string): readonly PatchHunk[] {
  const hunks: { header: string; lines: PatchLine[] }[] = [];
  let oldNumber = 0;
  let newNumber = 0;
  for (const line of patch.split("\n")) {
    const start = HUNK.exec(line);
    if (start !== null) {
      oldNumber = Number(start[1]);
      newNumber = Number(start[2]);
      hunks.push({ header: start[3] ?? "", lines: [] });
      continue;
    }
    const lines = hunks.at(-1)?.lines;
    const text = line.slice(1).replace(/\r$/, "");
    if (lines === undefined || line === "") continue;
    if (line.startsWith("+")) lines.push({ kind: "addition", oldNumber: null, newNumber: newNumber++, text });
    else if (line.startsWith("-")) lines.push({ kind: "deletion", oldNumber: oldNumber++, newNumber: null, text });
    else if (line.startsWith(" "))
      lines.push({ kind: "context", oldNumber: oldNumber++, newNumber: newNumber++, text });
    else if (line.startsWith("\\"))
      lines.push({ kind: "no-newline", oldNumber: null, newNumber: null, text: "No newline at end of file" });
  }
  return hunks;
}
