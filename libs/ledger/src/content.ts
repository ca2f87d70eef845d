/**
 * Detachable text: what a transaction signs is a salted digest and a length; the text travels beside the block and can
 * be erased by a redaction while roots and proofs stay valid.
 */
import {
  bytes,
  digestCodec,
  digestOf,
  fixed,
  fromUtf8,
  option,
  struct,
  u32,
  type Codec,
  type Decoded,
} from "@guts/primitives";
import { contentBytesMax } from "./limits.ts";

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

/** Whether the text is what the ledger admits: well-formed UTF-8 without U+0000. */
export function isAdmissibleText(text: Uint8Array): boolean {
  return fromUtf8(text)?.includes("\0") === false;
}
