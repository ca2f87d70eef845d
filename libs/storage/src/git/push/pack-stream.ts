import { createHash } from "node:crypto";

/** Bytes of a pack's header: `PACK`, version, number of objects (gitformat-pack(5)). */
export const packHeaderBytes = 12;

/** The beginning of a pack. */
export interface PackHeader {
  readonly version: number;
  readonly objectCount: number;
}

/** Reads a pack's first twelve bytes; undefined when they are not those of a pack. */
export function decodePackHeader(bytes: Uint8Array): PackHeader | undefined {
  if (bytes.length < packHeaderBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(4);
  if (view.getUint32(0) !== 0x5041434b || (version !== 2 && version !== 3)) return undefined;
  return { version, objectCount: view.getUint32(8) };
}

/**
 * A pack as it streams in: its header first, then all bytes once, counted and hashed on the way.
 *
 * It never holds more than one piece, and stops pulling at the byte after `bytesMax`.
 */
export class PackStream {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #bytesMax: number;
  readonly #trailerLength: number;
  readonly #signal: AbortSignal;
  readonly #digest = createHash("sha256");
  #ahead: Uint8Array = new Uint8Array();
  #tail: Uint8Array = new Uint8Array();
  #bytes = 0;

  /** `trailerLength` is 20 for sha1 repositories and 32 for sha256. Reads throw the signal's reason once it aborts. */
  constructor(
    source: AsyncIterable<Uint8Array>,
    options: { readonly bytesMax: number; readonly trailerLength: number; readonly signal: AbortSignal },
  ) {
    this.#source = source[Symbol.asyncIterator]();
    this.#bytesMax = options.bytesMax;
    this.#trailerLength = options.trailerLength;
    this.#signal = options.signal;
  }

  /** Bytes that went through. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** Whether the stream had more bytes than it may. */
  get isTooLarge(): boolean {
    return this.#bytes > this.#bytesMax;
  }

  /** The last bytes that went through, where a pack has its checksum. */
  get trailerHex(): string {
    return Buffer.from(this.#tail).toString("hex");
  }

  /** SHA-256 of what went through, hexadecimal; to be asked once, at the end. */
  sha256(): string {
    return this.#digest.digest("hex");
  }

  /** Reads the header; the bytes stay in the stream. Undefined when this is no pack. */
  async readHeader(): Promise<PackHeader | undefined> {
    while (this.#ahead.length < packHeaderBytes) {
      const { done, value } = await this.#pull();
      if (done === true) return undefined;
      this.#ahead = this.#ahead.length === 0 ? value : Buffer.concat([this.#ahead, value]);
    }
    return decodePackHeader(this.#ahead);
  }

  /** The next piece, or undefined at the end or past the limit. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.isTooLarge) return undefined;
    const chunk = await this.#take();
    if (chunk === undefined) return undefined;
    this.#bytes += chunk.length;
    if (this.isTooLarge) return undefined;
    this.#digest.update(chunk);
    const tail = chunk.length >= this.#trailerLength ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = Uint8Array.from(tail.subarray(-this.#trailerLength));
    return chunk;
  }

  /** Tells the source that no more is wanted. Does not wait: a stalled client must not hold us. */
  close(): void {
    void this.#source.return?.().catch(() => undefined);
  }

  async #take(): Promise<Uint8Array | undefined> {
    if (this.#ahead.length > 0) {
      const ahead = this.#ahead;
      this.#ahead = new Uint8Array();
      return ahead;
    }
    const { done, value } = await this.#pull();
    return done === true ? undefined : value;
  }

  /** A silent client never ends its stream, so the wait for its next piece ends with the signal. */
  async #pull(): Promise<IteratorResult<Uint8Array>> {
    this.#signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(this.#signal.reason);
    this.#signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([this.#source.next(), aborted]);
    } finally {
      this.#signal.removeEventListener("abort", onAbort);
    }
  }
}
