import type { Branded } from "@guts/primitives";
import { utf8 } from "@guts/primitives";

/**
 * Bytes as a string with one character, U+0000 to U+00FF, for each byte.
 *
 * git compares names and prefixes byte by byte. On byte strings `<` and `startsWith` do exactly that, and for ASCII
 * the byte string is the text itself.
 */
export type ByteString = Branded<string, "ByteString">;

// Above this many arguments some engines overflow the stack in `apply`.
const APPLY_MAX = 4096;

/** The byte string of `bytes`. */
export function toByteString(bytes: Uint8Array): ByteString {
  let text = "";
  for (let start = 0; start < bytes.length; start += APPLY_MAX)
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + APPLY_MAX) as unknown as number[]);
  return text as ByteString;
}

/** The byte string of `text` in UTF-8; `text` itself, without a copy, when it is ASCII. */
export function byteStringOf(text: string): ByteString {
  // oxlint-disable-next-line no-control-regex -- ASCII is exactly this range
  return /^[\u0000-\u007f]*$/.test(text) ? (text as ByteString) : toByteString(utf8(text));
}

/** The bytes of a byte string. */
export function fromByteString(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  writeByteString(bytes, 0, text);
  return bytes;
}

/** Writes a byte string (ASCII text is one) at `offset`, and returns the offset behind it. */
export function writeByteString(target: Uint8Array, offset: number, text: string): number {
  for (let index = 0; index < text.length; index++) target[offset + index] = text.charCodeAt(index);
  return offset + text.length;
}

/** At most 100 characters of foreign text, with everything unprintable as `?`, for errors and logs. */
export function excerptOf(text: string): string {
  const short = text.length > 100 ? `${text.slice(0, 97)}...` : text;
  return short.replaceAll(/[^\u0020-\u007e]/g, "?");
}
