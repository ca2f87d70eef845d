import { GitEngineError } from "../errors.ts";

/** Gives back a place; calling it again does nothing. */
export type Release = () => void;

/** Places for work of one class, with a bounded queue in arrival order. */
export class Semaphore {
  readonly #name: string;
  readonly #queueMax: number;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(name: string, concurrentMax: number, queueMax: number) {
    this.#name = name;
    this.#free = concurrentMax;
    this.#queueMax = queueMax;
  }

  /** Waits for a place. Throws `busy` when the queue is full, and the signal's reason when aborted. */
  async acquire(signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#handOn();
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#queueMax) {
      throw new GitEngineError("busy", `too many ${this.#name} requests are waiting`, { class: this.#name });
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(onPlace);
        reject(signal.reason as Error);
      };
      const onPlace = (): void => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#waiting.add(onPlace);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #handOn(): void {
    const next = this.#waiting.values().next();
    if (next.done === true) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next.value);
    next.value();
  }
}
