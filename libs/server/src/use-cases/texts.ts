import { contentRefOf, contentSaltLength, type Content, type ContentRef, type TextChange } from "@guts/ledger";
import { utf8 } from "@guts/primitives";

import type { RandomBytes } from "../auth/token.ts";
import { invalidField } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";

/**
 * Collects the detached texts of one command.
 *
 * Salts are random for each try: a digest must never tell that two texts are the same. A repeated request is recognized
 * by its texts where it is submitted.
 */
export class Texts {
  readonly contents: Content[] = [];
  readonly #random: RandomBytes;
  readonly #bytesMax: number;

  /** `bytesMax` bounds each text. */
  constructor(random: RandomBytes, bytesMax: number) {
    this.#random = random;
    this.#bytesMax = bytesMax;
  }

  /** What the payload says of a text: nothing for an empty one. Throws `Refusal` for text that the ledger does not admit. */
  ref(field: string, text: string | null | undefined): ContentRef | undefined {
    if (text === null || text === undefined || text === "") return undefined;
    if (text.includes("\0") || !text.isWellFormed())
      throw invalidField({ resource: "Text", field, message: "must be well-formed text without NUL" });
    assertShort(field, text, this.#bytesMax);
    return this.bytes(utf8(text));
  }

  /** What the payload says of bytes that are no text. Whoever calls this has checked them. */
  bytes(bytes: Uint8Array): ContentRef {
    const content = { salt: this.#random(contentSaltLength), text: bytes };
    this.contents.push(content);
    return contentRefOf(content);
  }

  /** A change: undefined leaves the text, null or empty clears it. */
  change(field: string, text: string | null | undefined): TextChange {
    return text === undefined ? undefined : { value: this.ref(field, text) };
  }
}

/** A detached text, or null where there is none or it was redacted. */
export function textReader(ledger: Pick<Ledger, "text">): (ref: ContentRef | undefined) => string | null {
  return (ref) => (ref === undefined ? null : (ledger.text(ref) ?? null));
}

/** Refuses a text of more bytes of UTF-8 than the ledger takes. */
export function assertShort(field: string, text: string, bytesMax: number): void {
  if (utf8(text).length > bytesMax)
    throw invalidField({ resource: "Text", field, message: `is too long (maximum is ${bytesMax} bytes)` });
}
