import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";

import { NetworkError } from "./errors.ts";

/** Chunks that are kept, for a hostile peer may send each byte by itself. */
const chunkCountMax = 1024;

/**
 * Reads a libp2p stream in pieces of known length, no faster than they are asked for.
 *
 * libp2p pushes; this keeps at most `readAheadBytes` and one chunk, and pauses the stream above that, which stops the
 * peer when its yamux window is used up. A stream that ends in the middle of a piece is `connection-lost`.
 */
export class StreamReader {
  readonly #stream: Stream;
  readonly #readAheadBytes: number;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #end: { readonly error: Error | undefined } | undefined;
  #wake: (() => void) | undefined;

  /** Attach it in the turn that gave the stream; what arrives before is kept by libp2p. */
  constructor(stream: Stream, readAheadBytes: number) {
    this.#stream = stream;
    this.#readAheadBytes = readAheadBytes;
    stream.addEventListener("message", this.#onMessage);
    stream.addEventListener("end", this.#onEnd);
    stream.addEventListener("close", this.#onClose);
    if (stream.readableEnded || stream.status !== "open") this.#end = { error: undefined };
  }

  /** Exactly `length` bytes, in a buffer of their own. Ask only for lengths that were checked: memory is taken first. */
  async read(length: number, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer); // Returned only when all of it is written.
    let offset = 0;
    for (;;) {
      signal.throwIfAborted();
      offset += this.#take(bytes, offset);
      if (offset === length) return bytes;
      if (this.#end !== undefined)
        throw new NetworkError("connection-lost", "the stream ended early", {}, { cause: this.#end.error });
      await this.#more(signal);
    }
  }

  /** Whether the stream is open and nothing has arrived that was not read. */
  get isIdle(): boolean {
    return this.#buffered === 0 && this.#end === undefined && this.#stream.status === "open";
  }

  /** Waits for the next byte; false when the stream ends instead. */
  async hasMore(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#buffered > 0) return true;
      if (this.#end !== undefined) return false;
      await this.#more(signal);
    }
  }

  /** A big-endian number of four bytes. */
  async readU32(signal: AbortSignal): Promise<number> {
    return new DataView((await this.read(4, signal)).buffer).getUint32(0);
  }

  async readU8(signal: AbortSignal): Promise<number> {
    return (await this.read(1, signal))[0]!;
  }

  #take(target: Uint8Array, offset: number): number {
    let taken = 0;
    while (offset + taken < target.length && this.#chunks.length > 0) {
      const part = this.#chunks[0]!.subarray(0, target.length - offset - taken);
      target.set(part, offset + taken);
      taken += part.length;
      this.#drop(part.length);
    }
    return taken;
  }

  /** Forgets the first bytes of the first chunk, and reads on when there is room again. */
  #drop(length: number): void {
    const chunk = this.#chunks[0]!;
    if (length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(length);
    this.#buffered -= length;
    if (this.#buffered <= this.#readAheadBytes / 2 && this.#stream.readStatus === "paused") this.#stream.resume();
  }

  async #more(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener("abort", this.#onWake);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", this.#onWake);
    }
  }

  readonly #onWake = (): void => {
    this.#wake?.();
  };

  readonly #onMessage = ({ data }: StreamMessageEvent): void => {
    for (const chunk of data instanceof Uint8Array ? [data] : data) this.#chunks.push(chunk);
    this.#buffered += data.byteLength;
    const isAhead = this.#buffered > this.#readAheadBytes || this.#chunks.length > chunkCountMax;
    if (isAhead && this.#stream.readStatus === "readable") this.#stream.pause();
    this.#onWake();
  };

  readonly #onEnd = (): void => {
    this.#end ??= { error: undefined };
    this.#onWake();
  };

  readonly #onClose = (event: StreamCloseEvent): void => {
    this.#end = { error: event.error };
    this.#onWake();
  };
}
