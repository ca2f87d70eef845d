/** Pulled from memory and pushed in two pieces, the same bytes give the same lines and the same error. */
import { decodePktLines, GitWireError, PktLineDecoder, type PktLine } from "@guts/git";
import { isSame } from "../engine/framing.ts";

export const dictionary = ["0000", "0001", "0002", "0003", "0004", "0005", "fff0", "fff1", "FFF0", "000a"];

export function fuzz(bytes: Uint8Array): void {
  const cut = (bytes[0] ?? 0) % (bytes.length + 1);
  const pulled = collect(decodePktLines(bytes));
  const pushed = collect(push([bytes.subarray(0, cut), bytes.subarray(cut)]));
  if (!isSame(pulled, pushed)) throw new Error("pulled and pushed pkt-lines differ");
}

function collect(lines: Iterable<PktLine>): unknown[] {
  const seen: unknown[] = [];
  try {
    for (const line of lines) seen.push(line);
  } catch (error) {
    if (!(error instanceof GitWireError)) throw error;
    seen.push(error.code);
  }
  return seen;
}

function* push(pieces: readonly Uint8Array[]): Generator<PktLine> {
  const decoder = new PktLineDecoder();
  for (const piece of pieces) {
    decoder.push(piece);
    for (let line = decoder.next(); line !== undefined; line = decoder.next()) yield line;
  }
  if (decoder.pendingBytes > 0) throw new GitWireError("pkt-line-truncated", { missingBytes: decoder.missingBytes });
}
