import { assert } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { PktLineDecoder } from "./pkt-line-decoder.ts";
import type { PktLine } from "./pkt-line.ts";

/**
 * Pulls pkt-lines from a byte stream, one at a time, and can hand over the rest of the stream unread.
 *
 * That is what receive-pack needs: after the flush that ends the commands, the same stream goes on as a bare pack.
 * Nothing is pulled before it is needed; a chunk that runs past a line is kept.
 */
export class PktLineReader implements AsyncDisposable {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #decoder = new PktLineDecoder();
  #lineBytes = 0;
  #hasEnded = false;
  #isHandedOver = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Bytes of the lines returned so far, their length digits included. */
  get lineBytes(): number {
    return this.#lineBytes;
  }

  /**
   * The next line, or undefined when the stream ended between two lines.
   *
   * Throws `pkt-line-length-invalid`, `pkt-line-truncated`, the source's own error, or the signal's reason.
   */
  async read(signal: AbortSignal): Promise<PktLine | undefined> {
    assert(!this.#isHandedOver, "a pkt-line is read after the rest of the stream was handed over");
    for (;;) {
      signal.throwIfAborted();
      const line = this.#decoder.next();
      if (line !== undefined) {
        this.#lineBytes += 4 + (line.type === "data" ? line.payload.length : 0);
        return line;
      }
      if (!(await this.#pull(signal))) return this.#finish();
    }
  }

  /**
   * The bytes behind the last line, without interpretation. May be called once; `read` must not be called afterwards.
   * Stopping the iteration early stops the source. Who never starts it disposes the reader instead.
   */
  rest(): AsyncGenerator<Uint8Array, undefined> {
    assert(!this.#isHandedOver, "the rest of a stream can be handed over once");
    this.#isHandedOver = true;
    return this.#readRest();
  }

  /** Stops the source, unless it has ended by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#source.return?.();
  }

  async *#readRest(): AsyncGenerator<Uint8Array, undefined> {
    try {
      const kept = this.#decoder.takeRest();
      if (kept.length > 0) yield kept;
      while (!this.#hasEnded) {
        const { done, value } = await this.#source.next();
        if (done === true) this.#hasEnded = true;
        else if (value.length > 0) yield value;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async #pull(signal: AbortSignal): Promise<boolean> {
    if (this.#hasEnded) return false;
    const result = await unlessAborted(this.#source.next(), signal);
    if (result.done === true) this.#hasEnded = true;
    else this.#decoder.push(result.value);
    return !this.#hasEnded;
  }

  #finish(): undefined {
    if (this.#decoder.pendingBytes === 0) return undefined;
    throw new GitWireError("pkt-line-truncated", { missingBytes: this.#decoder.missingBytes });
  }
}

/** Waits for `promise`, but no longer than until `signal` aborts. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
