/**
 * A running hash of everything that happens in a simulation. Two runs of one seed have the same hash, or something in them
 * depends on what is not in the seed. Not cryptographic: 64 bits in two lanes, a few nanoseconds a byte.
 */
export class TraceHash {
  #left = 0x811c9dc5;
  #right = 0x9747b28c;

  addNumber(value: number): void {
    this.#mix((value % 0x1_0000_0000) | 0);
    this.#mix((value / 0x1_0000_0000) | 0);
  }

  addBytes(bytes: Uint8Array): void {
    this.#mix(bytes.length);
    for (const byte of bytes) {
      this.#left = Math.imul(this.#left ^ byte, 0x01000193);
      this.#right = Math.imul(this.#right ^ byte, 0x5bd1e995) ^ (this.#right >>> 13);
    }
  }

  addText(text: string): void {
    this.#mix(text.length);
    for (let at = 0; at < text.length; at++) this.#mix(text.charCodeAt(at));
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return [this.#left, this.#right].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #mix(word: number): void {
    this.#left = Math.imul(this.#left ^ word, 0x01000193);
    this.#left ^= this.#left >>> 15;
    this.#right = Math.imul(this.#right ^ word, 0x5bd1e995) ^ (this.#right >>> 13);
  }
}
