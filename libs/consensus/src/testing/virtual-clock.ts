/** Time that passes only when a test says so. */
import type { Clock } from "../ports.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** One clock for all nodes of a test; each may read another wall time. */
export class VirtualClock {
  #now = 1_000_000;
  #order = 0;
  readonly #timers = new Set<Timer>();

  get now(): number {
    return this.#now;
  }

  /** The clock of one node. `isAlive` false silences its timers. */
  clockOf(node: { readonly isAlive: () => boolean; readonly skewMs?: number }): Clock {
    return {
      now: () => this.#now + (node.skewMs ?? 0),
      monotonic: () => this.#now,
      setTimer: (delayMs, fire) => this.after(delayMs, () => node.isAlive() && fire()),
    };
  }

  after(delayMs: number, fire: () => void): () => void {
    const timer = { at: this.#now + delayMs, order: this.#order++, fire };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Lets `durationMs` pass, firing what is due in order. */
  advance(durationMs: number): void {
    const end = this.#now + durationMs;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}
