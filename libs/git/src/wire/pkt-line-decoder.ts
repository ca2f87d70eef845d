import { readPktLineLength, specialPktLine, type PktLine } from "./pkt-line.ts";

const EMPTY = new Uint8Array(0);

/**
 * Finds pkt-lines in a stream that arrives in pieces of any size.
 *
 * A chunk that holds whole lines is not copied. What is left of a chunk is joined with the next in a buffer that grows
 * by doubling, so that a client which sends single bytes costs linear, not quadratic, time. Bytes that were handed out
 * are never written again: payloads stay valid.
 */
export class PktLineDecoder {
  #bytes: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  #isOwned = false;

  /** Adds the next bytes of the stream. They must not change until every line in them has been consumed. */
  push(chunk: Uint8Array): void {
    if (this.#start === this.#end) this.#adopt(chunk);
    else this.#append(chunk);
  }

  /** The next line, or undefined when more bytes are needed. Throws `pkt-line-length-invalid`. */
  next(): PktLine | undefined {
    if (this.pendingBytes < 4) return undefined;
    const length = readPktLineLength(this.#bytes, this.#start);
    const special = specialPktLine(length);
    if (special !== undefined) {
      this.#start += 4;
      return special;
    }
    if (this.pendingBytes < length) return undefined;
    const payload = this.#bytes.subarray(this.#start + 4, this.#start + length);
    this.#start += length;
    return { type: "data", payload };
  }

  /** Bytes that were pushed and belong to no line yet. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Bytes to push before `next` can return a line, as far as is known: at least 1 after it returned undefined. */
  get missingBytes(): number {
    if (this.pendingBytes < 4) return 4 - this.pendingBytes;
    return readPktLineLength(this.#bytes, this.#start) - this.pendingBytes;
  }

  /** Takes the bytes that were not decoded; the decoder is empty afterwards. */
  takeRest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#start, this.#end);
    this.#adopt(EMPTY);
    return rest;
  }

  #adopt(chunk: Uint8Array): void {
    this.#bytes = chunk;
    this.#start = 0;
    this.#end = chunk.length;
    this.#isOwned = false;
  }

  #append(chunk: Uint8Array): void {
    const pending = this.pendingBytes;
    if (!this.#isOwned || this.#end + chunk.length > this.#bytes.length) {
      const grown = new Uint8Array(2 * (pending + chunk.length));
      grown.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = grown;
      this.#start = 0;
      this.#end = pending;
      this.#isOwned = true;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }
}
