/** The timers of the current view, and those that outlive it. Nothing fires by itself: a step asks what is due. */
import { grownMs } from "../timing.ts";
import type { Terms } from "./terms.ts";

/** Monotonic moments, in milliseconds. */
export class ViewTimers {
  readonly #terms: Terms;
  /** When the view was entered, and since when something waits in it. */
  #enteredAt: number;
  #armedAt: number | undefined;
  /** Factor exponent of the view: views since the last finalized one that gave nothing. */
  #unfinalizedViews = 0;
  #sentAt = -Infinity;
  /** When something was last finalized, work began to wait, or a repair was sent. */
  #movedAt: number;
  #statusAt = -Infinity;
  /** The question of the last status. */
  #asked: number | undefined;

  constructor(terms: Terms, now: number) {
    this.#terms = terms;
    this.#enteredAt = now;
    this.#movedAt = now;
  }

  enter(unfinalizedViews: number, now: number): void {
    this.#enteredAt = now;
    this.#armedAt = undefined;
    this.#unfinalizedViews = Math.max(0, unfinalizedViews);
    this.#sentAt = now;
  }

  /** Runs the timers while something waits, and stops them when nothing does. */
  arm(isWaiting: boolean, now: number): void {
    if (!isWaiting) {
      this.#armedAt = undefined;
      this.#movedAt = now;
    } else this.#armedAt ??= now;
  }

  onFinalized(now: number): void {
    this.#movedAt = now;
    this.#unfinalizedViews = 0;
  }

  /** No proposal for too long. */
  get leaderAt(): number {
    return this.#after(this.#terms.timing.leaderMs);
  }

  /** No certificate for too long. */
  get advanceAt(): number {
    return this.#after(this.#terms.timing.advanceMs);
  }

  get emptyBlockAt(): number {
    return this.#enteredAt + this.#terms.timing.emptyBlockDelayMs;
  }

  get resendAt(): number {
    return this.#armedAt === undefined ? Infinity : this.#sentAt + this.#terms.timing.resendMs;
  }

  get repairAt(): number {
    return this.#armedAt === undefined ? Infinity : this.#movedAt + this.#terms.timing.standStillMs;
  }

  /** When to tell the peers where this node is: a new question at once, an open one more often. */
  statusAt(question: number | undefined): number {
    if (question !== undefined && question !== this.#asked) return -Infinity;
    const { resendMs, statusMs } = this.#terms.timing;
    return this.#statusAt + (question === undefined ? statusMs : Math.min(resendMs, statusMs));
  }

  onSent(now: number): void {
    this.#sentAt = now;
  }

  onRepaired(now: number): void {
    this.#movedAt = now;
  }

  onStatusSent(question: number | undefined, now: number): void {
    this.#asked = question;
    this.#statusAt = now;
  }

  #after(baseMs: number): number {
    return (this.#armedAt ?? Infinity) + grownMs(baseMs, this.#unfinalizedViews, this.#terms.timing);
  }
}
