import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** Fewer bytes are sent as they are: a packet or two carries them. */
const compressedBytesMin = 4_096;

/** An answer that clients of a kind ask for again and again, which is compressed once for those who take it so. */
export class KeptAnswer {
  readonly plain: Uint8Array;
  #compressed: Uint8Array | undefined;
  #isCompressing = false;

  constructor(plain: Uint8Array) {
    this.plain = plain;
  }

  /** The answer as gzip (RFC 1952); undefined until that is made, which the first question begins, or when it is not worth it. */
  compressed(): Uint8Array | undefined {
    if (!this.#isCompressing && this.plain.length >= compressedBytesMin) {
      this.#isCompressing = true;
      this.#compress().catch(() => {}); // Whoever asks gets it plain, as before.
    }
    return this.#compressed;
  }

  async #compress(): Promise<void> {
    const made = await promisify(gzip)(this.plain);
    if (made.length < this.plain.length) this.#compressed = made;
  }
}
