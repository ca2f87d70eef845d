import type { Stream } from "@libp2p/interface";

import { concatBytes } from "@guts/primitives";

import { NetworkError } from "./errors.ts";

/**
 * Writes to a libp2p stream no faster than the peer reads. Below `joinBytes` the parts of one write leave together.
 */
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
    let canSendMore = true;
    try {
      for (const part of length <= joinBytes ? [concatBytes(...parts)] : parts) canSendMore = this.#stream.send(part);
      if (!canSendMore)
        await this.#stream.onDrain({ signal: AbortSignal.any([signal, AbortSignal.timeout(this.#stallMs)]) });
    } catch (cause) {
      signal.throwIfAborted();
      throw new NetworkError("connection-lost", "the stream takes no more bytes", {}, { cause });
    }
  }
}

const joinBytes = 16 * 1024;
