/**
 * Side-band multiplexing, from gitprotocol-pack(5) "Packfile Data" and gitprotocol-capabilities(5).
 *
 * Within a side-band stream every data pkt-line begins with one byte that names its band: 1 is the data, 2 progress
 * for a person, 3 a fatal error, after which nothing follows. A flush ends the stream. `side-band` allows lines of
 * 1000 bytes, `side-band-64k` of 65520, both with digits and band byte, which is how git itself counts.
 */
import { utf8 } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import type { Capabilities } from "./capabilities.ts";
import { hasCapability } from "./capabilities.ts";
import { joinBytes } from "./join-bytes.ts";
import type { PktLineReader } from "./pkt-line-reader.ts";
import { pktLineBytesMax, writePktLineLength, type PktLine } from "./pkt-line.ts";

/** The two variants, named as the capabilities are. */
export type SideBandMode = "side-band" | "side-band-64k";

/** What a band carries. */
export type Band = "data" | "progress" | "error";

/** The payload of one side-band packet. */
export interface SideBandPacket {
  readonly band: Band;
  readonly payload: Uint8Array;
}

const BANDS = ["data", "progress", "error"] as const;
const HEADER_BYTES = 5;
const LOSSY_UTF8 = new TextDecoder();

/** Bytes of the longest line of each variant. */
export const sideBandLineBytesMax: Readonly<Record<SideBandMode, number>> = {
  "side-band": 1000,
  "side-band-64k": pktLineBytesMax,
};

/** The variant that a client asked for: the larger one when it named both. */
export function negotiatedSideBand(capabilities: Capabilities): SideBandMode | undefined {
  if (hasCapability(capabilities, "side-band-64k")) return "side-band-64k";
  return hasCapability(capabilities, "side-band") ? "side-band" : undefined;
}

/** `payload` on a band, in as many lines as it needs; none for an empty payload. */
export function encodeSideBand(band: Band, payload: Uint8Array, mode: SideBandMode): Uint8Array {
  const partMax = sideBandLineBytesMax[mode] - HEADER_BYTES;
  const lineCount = Math.ceil(payload.length / partMax);
  const lines = new Uint8Array(payload.length + lineCount * HEADER_BYTES);
  for (let line = 0; line < lineCount; line++) {
    const part = payload.subarray(line * partMax, (line + 1) * partMax);
    const offset = line * (partMax + HEADER_BYTES);
    writePktLineLength(lines, offset, part.length + HEADER_BYTES);
    lines[offset + 4] = BANDS.indexOf(band) + 1;
    lines.set(part, offset + HEADER_BYTES);
  }
  return lines;
}

/** Sanitized text on the progress band. A client prefixes each of its lines with `remote: `. */
export function encodeProgress(text: string, mode: SideBandMode): Uint8Array {
  return encodeSideBand("progress", utf8(sanitizeProgress(text)), mode);
}

/** A fatal error on its band: the client prints it and stops. */
export function encodeSideBandError(text: string, mode: SideBandMode): Uint8Array {
  return encodeSideBand("error", utf8(sanitizeProgress(text)), mode);
}

/** An empty packet on the progress band, which clients ignore: it keeps proxies from closing a quiet connection. */
export function encodeKeepAlive(): Uint8Array {
  return new Uint8Array([0x30, 0x30, 0x30, 0x35, 0x02]);
}

/**
 * Text without control characters, C1 and delete included, but with CR, LF and TAB.
 *
 * Progress goes to a terminal verbatim, and parts of it (ref names, refusals) come from other people.
 */
export function sanitizeProgress(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "").toWellFormed();
}

/** The band and payload of one data pkt-line. Throws `side-band-invalid`. */
export function decodeSideBandPacket(line: Uint8Array): SideBandPacket {
  const band = line.length === 0 ? undefined : BANDS[line[0]! - 1];
  if (band === undefined) throw new GitWireError("side-band-invalid", { band: line[0] });
  return { band, payload: line.subarray(1) };
}

/** A side-band stream taken apart: the joined data, and what was shown to the person. */
export interface SideBandContent {
  readonly data: Uint8Array;
  readonly progress: string;
}

/**
 * Takes apart a whole side-band stream that is already in memory, up to its flush.
 *
 * Throws `side-band-invalid`, `pkt-line-unexpected`, `request-incomplete` without a flush, `remote-error` for band 3.
 */
export function demultiplexSideBand(lines: Iterable<PktLine>): SideBandContent {
  const data: Uint8Array[] = [];
  const progress: Uint8Array[] = [];
  for (const line of lines) {
    if (line.type === "flush") return { data: joinBytes(data), progress: printable(joinBytes(progress)) };
    const packet = requirePacket(line);
    (packet.band === "data" ? data : progress).push(packet.payload);
  }
  throw new GitWireError("request-incomplete", { expected: "flush" });
}

/**
 * Yields the data and progress packets of a side-band stream up to its flush, for clients of a pack.
 *
 * Throws as `demultiplexSideBand` does, and what the reader throws.
 */
export async function* readSideBand(
  reader: PktLineReader,
  signal: AbortSignal,
): AsyncGenerator<SideBandPacket, undefined> {
  for (;;) {
    const line = await reader.read(signal);
    if (line === undefined) throw new GitWireError("request-incomplete", { expected: "flush" });
    if (line.type === "flush") return;
    yield requirePacket(line);
  }
}

function requirePacket(line: PktLine): SideBandPacket {
  if (line.type !== "data")
    throw new GitWireError("pkt-line-unexpected", { expected: "side-band packet", found: line.type });
  const packet = decodeSideBandPacket(line.payload);
  if (packet.band === "error") throw new GitWireError("remote-error", { message: printable(packet.payload) });
  return packet;
}

function printable(bytes: Uint8Array): string {
  return sanitizeProgress(LOSSY_UTF8.decode(bytes));
}
