import type { Stream } from "@libp2p/interface";

import { concatBytes } from "@guts/primitives";

import { NetworkError } from "./errors.ts";

/** Below this many bytes the parts of one write leave together. */
const joinBytes = 16 * 1024;

/** Writes to a libp2p stream no faster than the peer reads. */
export class StreamWriter {
  readonly #stream: Stream;
  readonly #stallMs: number;

  /** A write that has made no progress after `stallMs` fails: the peer does not read. */
  constructor(stream: Stream, stallMs: number) {
    this.#stream = stream;
    this.#stallMs = stallMs;
  }

  /** Resolves when the stream can take more. Throws `connection-lost`, or the signal's reason. */
  async write(signal: AbortSignal, ...parts: readonly Uint8Array[]): Promise<void> {
    signal.throwIfAborted();
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    try {
      for (const part of length <= joinBytes ? [concatBytes(...parts)] : parts) this.#stream.send(part);
    } catch (cause) {
      throw new NetworkError("connection-lost", "the stream takes no more bytes", {}, { cause });
    }
    while (this.#stream.writableNeedsDrain) await this.#drained(signal);
  }

  /** The stream's own `onDrain` cannot be used: from its second use on it resolves at once (@libp2p/utils 7). */
  async #drained(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (message: string) => reject(new NetworkError("connection-lost", message, {}));
    const onDrain = () => resolve();
    const onClose = () => fail("the stream was closed");
    const onAbort = () => reject(signal.reason as Error);
    const timer = setTimeout(() => fail("the peer does not read"), this.#stallMs);
    this.#stream.addEventListener("drain", onDrain);
    this.#stream.addEventListener("close", onClose);
    signal.addEventListener("abort", onAbort);
    if (this.#stream.status !== "open") onClose();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#stream.removeEventListener("drain", onDrain);
      this.#stream.removeEventListener("close", onClose);
      signal.removeEventListener("abort", onAbort);
    }
  }
}
