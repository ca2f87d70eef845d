/** The replicated state as pure code sees it: sorted keys, synchronous reads, writes on overlays. */

/** One key and its value. */
export type StateEntry = readonly [key: Uint8Array, value: Uint8Array];

/** Reads at one height. */
export interface StateReader {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Entries from `from` (inclusive) to `to` (exclusive), by ascending bytes. Not to be written to while iterating. */
  scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry>;
}

/** A change of one key; an undefined value removes it. */
export interface StateChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Changes over a reader that stays as it is. Overlays stack. */
export class Overlay implements StateReader {
  readonly #base: StateReader;
  readonly #changes = new Map<string, StateChange>();

  constructor(base: StateReader) {
    this.#base = base;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const change = this.#changes.get(sortable(key));
    return change === undefined ? this.#base.get(key) : change.value;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#changes.set(sortable(key), { key, value });
  }

  delete(key: Uint8Array): void {
    this.#changes.set(sortable(key), { key, value: undefined });
  }

  *scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry> {
    const own = this.#changesIn(sortable(from), sortable(to));
    let next = 0;
    for (const entry of this.#base.scan(from, to)) {
      const name = sortable(entry[0]);
      while (next < own.length && own[next]![0] < name) yield* present(own[next++]![1]);
      if (next < own.length && own[next]![0] === name) yield* present(own[next++]![1]);
      else yield entry;
    }
    while (next < own.length) yield* present(own[next++]![1]);
  }

  /** The changes by ascending key. */
  changes(): readonly StateChange[] {
    return [...this.#changes].sort(byName).map(([, change]) => change);
  }

  /** Writes these changes onto `below`. */
  applyTo(below: Overlay): void {
    for (const [name, change] of this.#changes) below.#changes.set(name, change);
  }

  #changesIn(from: string, to: string): readonly (readonly [string, StateChange])[] {
    return [...this.#changes].filter(([name]) => name >= from && name < to).sort(byName);
  }
}

/** The bytes as characters of the same codes: strings of them compare as the bytes do. */
function sortable(key: Uint8Array): string {
  return String.fromCharCode(...key);
}

function byName(left: readonly [string, StateChange], right: readonly [string, StateChange]): number {
  return left[0] < right[0] ? -1 : 1;
}

function* present(change: StateChange): Iterable<StateEntry> {
  if (change.value !== undefined) yield [change.key, change.value];
}
