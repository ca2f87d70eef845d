/** Streams that cross between threads: the reader pulls piece by piece, so that neither side buffers. */

/** Open streams of one side, by number. */
export class StreamPulls {
  readonly #open = new Map<
    number,
    { readonly pieces: AsyncIterator<Uint8Array>; readonly controller: AbortController }
  >();
  #next = 0;

  /** Opens a stream for the other side to pull; `open` gets the signal that ends it. */
  open(open: (signal: AbortSignal) => AsyncIterable<Uint8Array>): number {
    const controller = new AbortController();
    const number = ++this.#next;
    this.#open.set(number, { pieces: open(controller.signal)[Symbol.asyncIterator](), controller });
    return number;
  }

  /** The next piece; undefined at the end. What the stream throws ends it. */
  async pull(number: number): Promise<Uint8Array | undefined> {
    const stream = this.#open.get(number);
    if (stream === undefined) return undefined;
    try {
      const { done, value } = await stream.pieces.next();
      if (done !== true) return value;
      this.#open.delete(number);
      return undefined;
    } catch (error) {
      this.#open.delete(number);
      throw error;
    }
  }

  /** Nobody reads a stream any more. */
  close(number: number): void {
    const stream = this.#open.get(number);
    this.#open.delete(number);
    stream?.controller.abort(new Error("nobody reads this stream any more"));
    void stream?.pieces.return?.();
  }
}

/** A stream on the other side, pulled as it is read. */
export async function* pullPieces(remote: {
  readonly open: () => Promise<number>;
  readonly pull: (number: number) => Promise<Uint8Array | undefined>;
  readonly close: (number: number) => void;
}): AsyncGenerator<Uint8Array, undefined> {
  const number = await remote.open();
  let isDone = false;
  try {
    for (;;) {
      const piece = await remote.pull(number);
      if (piece === undefined) break;
      yield piece;
    }
    isDone = true;
  } finally {
    if (!isDone) remote.close(number);
  }
}
