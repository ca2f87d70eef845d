import { isGitEngineError } from "../errors.ts";
import { residentIdleMs, residentUsesMax } from "../limits.ts";

/** A git process that stays and serves many requests. */
export interface Resident {
  /** False once it ended or was told to. */
  readonly isUsable: boolean;
  /** Ends it after what it is doing; what was asked before is still answered. */
  retire(): void;
}

/** A process may die while it is asked; more than twice in a row is no accident. */
const ATTEMPTS = 3;

interface Place<Value> {
  readonly opened: Promise<Value>;
  uses: number;
  lastUsedAt: number;
}

/** Keeps the most recently used processes, one for each key; closes those that idle and replaces those that are old. */
export class ResidentPool<Key, Value extends Resident> implements Disposable {
  readonly #places = new Map<Key, Place<Value>>();
  readonly #countMax: number;
  readonly #sweeper: NodeJS.Timeout;
  #isClosed = false;

  constructor(countMax: number, idleMs: number = residentIdleMs) {
    this.#countMax = countMax;
    this.#sweeper = setInterval(() => this.#retireIdle(idleMs), idleMs / 4).unref();
  }

  /** Processes that are open or opening. */
  get size(): number {
    return this.#places.size;
  }

  /**
   * Gives `work` the process of this key, started by `open` when there is none that can be used. Work whose process is
   * lost is done again with a new one, so it must be idempotent; what `open` throws is thrown.
   */
  async use<Result>(key: Key, open: () => Promise<Value>, work: (value: Value) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const value = await this.#acquire(key, open);
      // It may have been retired between its opening and now.
      if (!value.isUsable && attempt < ATTEMPTS) continue;
      try {
        return await work(value);
      } catch (error) {
        if (attempt >= ATTEMPTS || !isGitEngineError(error, "spawner-lost")) throw error;
      }
    }
  }

  /** Takes the process of a key out of use, for example because the repository changed under it. */
  retire(key: Key): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    void place.opened.then(
      (value) => value.retire(),
      () => undefined,
    );
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    for (const key of this.#places.keys()) this.retire(key);
  }

  async #acquire(key: Key, open: () => Promise<Value>): Promise<Value> {
    const place = this.#places.get(key);
    if (place === undefined) return this.#open(key, open);
    const value = await place.opened;
    if (value.isUsable && place.uses < residentUsesMax) return this.#touch(key, place, value);
    if (this.#places.get(key) === place) this.retire(key);
    return this.#acquire(key, open);
  }

  async #open(key: Key, open: () => Promise<Value>): Promise<Value> {
    const place: Place<Value> = { opened: open(), uses: 1, lastUsedAt: performance.now() };
    this.#places.set(key, place);
    this.#evict();
    try {
      const value = await place.opened;
      if (this.#isClosed) value.retire();
      return value;
    } catch (error) {
      if (this.#places.get(key) === place) this.#places.delete(key);
      throw error;
    }
  }

  #touch(key: Key, place: Place<Value>, value: Value): Value {
    place.uses++;
    place.lastUsedAt = performance.now();
    if (this.#places.get(key) !== place) return value; // Retired meanwhile; it still answers what it is asked now.
    this.#places.delete(key);
    this.#places.set(key, place);
    return value;
  }

  #evict(): void {
    for (const key of this.#places.keys()) {
      if (this.#places.size <= this.#countMax) return;
      this.retire(key);
    }
  }

  #retireIdle(idleMs: number): void {
    const before = performance.now() - idleMs;
    for (const [key, place] of this.#places) if (place.lastUsedAt < before) this.retire(key);
  }
}
