/**
 * Detachable text: what a transaction signs is a salted digest and a length; the text travels beside the block and can
 * be erased by a redaction while roots and proofs stay valid. Pictures of accounts go the same way.
 */
import {
  bytes,
  digestCodec,
  digestOf,
  fixed,
  fromUtf8,
  option,
  readImageHeader,
  struct,
  u32,
  type Codec,
  type Decoded,
  type ImageFormat,
} from "@guts/primitives";
import { avatarSideMax, contentBytesMax } from "./limits.ts";

/** Bytes of the salt, drawn by whoever writes the text, so that erased text cannot be guessed from its digest. */
export const contentSaltLength = 16;

/** What is signed of a text. */
export const contentRefCodec = struct({ digest: digestCodec, length: u32 });
/** What is signed of a text: the digest names it, the length is that of its UTF-8 in bytes. */
export type ContentRef = Decoded<typeof contentRefCodec>;

/** A change of a detached text: absent leaves it, present sets it to `value` or clears it. */
export const textChangeCodec = option(struct({ value: option(contentRefCodec) }));
/** What a payload says of one text field. */
export type TextChange = Decoded<typeof textChangeCodec>;

/** The text after a change. */
export function changedText(before: ContentRef | undefined, change: TextChange): ContentRef | undefined {
  return change === undefined ? before : change.value;
}

/** What travels beside the block. */
export const contentCodec: Codec<Content> = struct({ salt: fixed(contentSaltLength), text: bytes(contentBytesMax) });
/** A salt and the UTF-8 of a text. */
export interface Content {
  readonly salt: Uint8Array;
  readonly text: Uint8Array;
}

/** The reference that commits to `content`. */
export function contentRefOf(content: Content): ContentRef {
  return { digest: digestOf("content", content.salt, content.text), length: content.text.length };
}

/** Whether detached bytes are what the ledger admits: a text, or a picture where the payload says that they are one. */
export function isAdmissible(bytes: Uint8Array, format: ImageFormat | undefined): boolean {
  return format === undefined ? admissibleText(bytes) !== undefined : isAdmissibleImage(bytes, format);
}

/** Well-formed UTF-8 without U+0000 as text; undefined for any other bytes, such as a picture's. */
export function admissibleText(bytes: Uint8Array): string | undefined {
  const text = fromUtf8(bytes);
  return text?.includes("\0") === false ? text : undefined;
}

function isAdmissibleImage(bytes: Uint8Array, format: ImageFormat): boolean {
  const header = readImageHeader(bytes);
  return header?.format === format && header.width <= avatarSideMax && header.height <= avatarSideMax;
}
