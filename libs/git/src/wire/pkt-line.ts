/**
 * pkt-line framing, from gitprotocol-common(5) and gitprotocol-v2(5).
 *
 * - Four hexadecimal digits give the length of the whole line, themselves included, then comes the payload.
 * - `0000` is a flush, `0001` a delimiter, `0002` a response end; `0003` means nothing.
 * - A line has at most 65520 bytes. `0004`, an empty payload, should not be sent but must be understood.
 * - A text line ends in one LF, which a reader must not require.
 *
 * Like git, we read the digits in either case and write them in lower case.
 */
import { utf8 } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { toByteString, type ByteString } from "./byte-string.ts";

/** One pkt-line. A payload may share memory with the bytes it was read from. */
export type PktLine =
  | { readonly type: "data"; readonly payload: Uint8Array }
  | { readonly type: "flush" }
  | { readonly type: "delimiter" }
  | { readonly type: "response-end" };

/** Bytes of the longest pkt-line, its length digits included (LARGE_PACKET_MAX of git). */
export const pktLineBytesMax = 65_520;

/** Bytes of the longest payload. */
export const pktLinePayloadBytesMax = pktLineBytesMax - 4;

const HEX_DIGITS = "0123456789abcdef";

/** A pkt-line with the given payload; text is written as UTF-8. Throws `pkt-line-too-long`. */
export function encodePktLine(payload: Uint8Array | string): Uint8Array {
  const bytes = typeof payload === "string" ? utf8(payload) : payload;
  if (bytes.length > pktLinePayloadBytesMax)
    throw new GitWireError("pkt-line-too-long", { payloadBytes: bytes.length });
  const line = new Uint8Array(bytes.length + 4);
  writePktLineLength(line, 0, line.length);
  line.set(bytes, 4);
  return line;
}

/** Ends a message: `0000`. */
export function encodeFlush(): Uint8Array {
  return utf8("0000");
}

/** Separates sections of a v2 message: `0001`. */
export function encodeDelimiter(): Uint8Array {
  return utf8("0001");
}

/** Ends a response of a stateless connection: `0002`. */
export function encodeResponseEnd(): Uint8Array {
  return utf8("0002");
}

/** The line `ERR message` by which either side ends a conversation (pack-protocol). */
export function encodeErrorLine(message: string): Uint8Array {
  const text = utf8(`ERR ${message}`).subarray(0, pktLinePayloadBytesMax - 1);
  return encodePktLine(new Uint8Array([...text, 0x0a]));
}

/** Writes the length digits of a line of `length` bytes at `offset`. */
export function writePktLineLength(target: Uint8Array, offset: number, length: number): void {
  for (let digit = 0; digit < 4; digit++)
    target[offset + digit] = HEX_DIGITS.charCodeAt((length >> (12 - 4 * digit)) & 15);
}

/**
 * The length that four digits at `offset` spell: 0, 1, 2 or 4 to 65520. The caller has checked that four bytes are
 * there. Throws `pkt-line-length-invalid`.
 */
export function readPktLineLength(bytes: Uint8Array, offset: number): number {
  let length = 0;
  for (let index = offset; index < offset + 4; index++) length = length * 16 + digitOf(bytes[index]!);
  if (Number.isNaN(length) || length === 3 || length > pktLineBytesMax)
    throw new GitWireError("pkt-line-length-invalid", { header: headerExcerpt(bytes, offset) });
  return length;
}

/** The special line that a length below 4 stands for, or undefined for a data line. */
export function specialPktLine(length: number): PktLine | undefined {
  if (length === 0) return { type: "flush" };
  if (length === 1) return { type: "delimiter" };
  return length === 2 ? { type: "response-end" } : undefined;
}

/** All pkt-lines of `bytes`, which must end with one. Throws `pkt-line-length-invalid`, `pkt-line-truncated`. */
export function* decodePktLines(bytes: Uint8Array): Generator<PktLine, undefined> {
  for (let offset = 0; offset < bytes.length;) {
    if (bytes.length - offset < 4)
      throw new GitWireError("pkt-line-truncated", { missingBytes: 4 - (bytes.length - offset) });
    const length = readPktLineLength(bytes, offset);
    const special = specialPktLine(length);
    const end = offset + (special === undefined ? length : 4);
    if (end > bytes.length) throw new GitWireError("pkt-line-truncated", { missingBytes: end - bytes.length });
    yield special ?? { type: "data", payload: bytes.subarray(offset + 4, end) };
    offset = end;
  }
}

/** A payload as a byte string, without the one LF that may end it. */
export function pktLineText(payload: Uint8Array): ByteString {
  return toByteString(payload.at(-1) === 0x0a ? payload.subarray(0, -1) : payload);
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN;
}

function headerExcerpt(bytes: Uint8Array, offset: number): string {
  return Array.from(bytes.subarray(offset, offset + 4), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
