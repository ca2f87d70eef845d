import { assert } from "@guts/primitives";

/** Something that will happen; cancel it and it will not. */
export interface ScheduledEvent {
  readonly timeMs: number;
  cancel(): void;
}

interface Entry {
  readonly timeMs: number;
  /** Events of one millisecond happen in the order in which they were scheduled. */
  readonly sequence: number;
  action: (() => void) | undefined;
}

/** Simulated time: a queue of events, run in order, with no clock behind it. */
export class Scheduler {
  #nowMs = 0;
  #sequence = 0;
  #eventCount = 0;
  /** A binary heap, soonest first. */
  readonly #heap: Entry[] = [];

  /** Milliseconds since the simulation began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Runs `action` after `delayMs`, at the earliest after everything already scheduled for that millisecond. */
  after(delayMs: number, action: () => void): ScheduledEvent {
    assert(delayMs >= 0, "nothing is scheduled for the past");
    const entry: Entry = { timeMs: this.#nowMs + Math.ceil(delayMs), sequence: this.#sequence++, action };
    this.#push(entry);
    return {
      timeMs: entry.timeMs,
      cancel() {
        entry.action = undefined;
      },
    };
  }

  /** Runs events until `timeMs` or until `isDone`, which is asked after each event; answers whether it was done. */
  runUntil(timeMs: number, isDone: () => boolean = () => false): boolean {
    while (this.#heap.length > 0 && this.#heap[0]!.timeMs <= timeMs) {
      const entry = this.#pop();
      if (entry.action === undefined) continue;
      this.#nowMs = entry.timeMs;
      this.#eventCount += 1;
      entry.action();
      if (isDone()) return true;
    }
    this.#nowMs = Math.max(this.#nowMs, timeMs);
    return isDone();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (isSooner(heap[above]!, entry)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isSooner(heap[below + 1]!, heap[below]!)) below += 1;
      if (isSooner(last, heap[below]!)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function isSooner(one: Entry, other: Entry): boolean {
  return one.timeMs === other.timeMs ? one.sequence < other.sequence : one.timeMs < other.timeMs;
}
