import { createHmac } from "node:crypto";

import { contentRefOf, contentSaltLength, type Content, type ContentRef, type TextChange } from "@guts/ledger";
import { utf8 } from "@guts/primitives";

import type { RandomBytes } from "../auth/token.ts";
import { invalidField } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";

/** What salts come from: secret bytes of this process. */
export interface SaltSource {
  readonly random: RandomBytes;
  readonly saltSecret: Uint8Array;
}

export interface TextsOptions {
  /** A repeated request must make the same command, so with a key the salt follows from it and from a secret. */
  readonly idempotencyKey: string | undefined;
  /** Bytes that each text may have. */
  readonly bytesMax: number;
}

/** Collects the detached texts of one command. */
export class Texts {
  readonly contents: Content[] = [];
  readonly #source: SaltSource;
  readonly #options: TextsOptions;

  constructor(source: SaltSource, options: TextsOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** What the payload says of a text: nothing for an empty one. Throws `Refusal` for text that the ledger does not admit. */
  ref(field: string, text: string | null | undefined): ContentRef | undefined {
    if (text === null || text === undefined || text === "") return undefined;
    if (text.includes("\0") || !text.isWellFormed())
      throw invalidField({ resource: "Text", field, message: "must be well-formed text without NUL" });
    assertShort(field, text, this.#options.bytesMax);
    const content = { salt: this.#saltOf(field), text: utf8(text) };
    this.contents.push(content);
    return contentRefOf(content);
  }

  #saltOf(field: string): Uint8Array {
    const { random, saltSecret } = this.#source;
    const { idempotencyKey } = this.#options;
    if (idempotencyKey === undefined) return random(contentSaltLength);
    const mac = createHmac("sha256", saltSecret).update(`${field}\n${idempotencyKey}`).digest();
    return new Uint8Array(mac.subarray(0, contentSaltLength));
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
