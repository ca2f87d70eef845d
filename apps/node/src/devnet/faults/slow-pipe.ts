import type { Socket } from "node:net";

/** How a pipe is to behave right now; asked again for every chunk. */
export interface PipeRule {
  readonly isCut: boolean;
  readonly delayMs: number;
}

/** Bytes that one direction holds back before it stops to read; then the sender's own TCP waits. */
export const heldBytesMax = 1024 * 1024;

interface Chunk {
  readonly bytes: Uint8Array | undefined;
  readonly arrivedAt: number;
}

/**
 * One direction of a link: what comes in goes out later, in order, and not at all while the link is cut.
 *
 * The end of a stream travels like bytes. `changed` makes the pipe look at its rule again.
 */
export class SlowPipe {
  readonly #to: Socket;
  readonly #from: Socket;
  readonly #rule: () => PipeRule;
  readonly #held: Chunk[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, rule: () => PipeRule) {
    this.#from = from;
    this.#to = to;
    this.#rule = rule;
    from.on("data", (bytes: Uint8Array) => this.#take(bytes));
    from.on("end", () => this.#take(undefined));
    to.on("drain", () => this.changed());
    to.on("close", () => clearTimeout(this.#timer)); // What is held still goes out after its sender has left.
  }

  /** The rule may have changed: sends what may go. */
  changed(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const [next] = this.#held;
      if (next === undefined || this.#to.destroyed || this.#to.writableNeedDrain) return;
      const { isCut, delayMs } = this.#rule();
      if (isCut) return;
      const waitMs = next.arrivedAt + delayMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.changed(), waitMs);
        return;
      }
      this.#send(next);
    }
  }

  #take(bytes: Uint8Array | undefined): void {
    this.#held.push({ bytes, arrivedAt: performance.now() });
    this.#heldBytes += bytes?.length ?? 0;
    if (this.#heldBytes >= heldBytesMax) this.#from.pause();
    this.changed();
  }

  #send({ bytes }: Chunk): void {
    this.#held.shift();
    if (bytes === undefined) {
      this.#to.end();
      return;
    }
    this.#heldBytes -= bytes.length;
    this.#to.write(bytes);
    if (this.#heldBytes < heldBytesMax) this.#from.resume();
  }
}
