/** The replicated state as pure code sees it: sorted keys, synchronous reads, writes on overlays. */
import { assert } from "@guts/primitives";
import { stateKeyBytesMax, stateValueBytesMax } from "@guts/verifier";
import { SortedNames } from "./sorted-names.ts";

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

/** Changes over a reader that stays as it is. Overlays stack. Keys and values become the overlay's own. */
export class Overlay implements StateReader {
  readonly #base: StateReader;
  readonly #changes = new Map<string, StateChange>();
  readonly #names = new SortedNames();

  constructor(base: StateReader) {
    this.#base = base;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const change = this.#changes.get(sortable(key));
    return change === undefined ? this.#base.get(key) : change.value;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    assert(value.length <= stateValueBytesMax, "a state value is longer than a proof can carry");
    this.#set(sortable(key), { key, value });
  }

  delete(key: Uint8Array): void {
    this.#set(sortable(key), { key, value: undefined });
  }

  *scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry> {
    const own = this.#names.range(sortable(from), sortable(to));
    let next = own.next();
    for (const entry of this.#base.scan(from, to)) {
      const name = sortable(entry[0]);
      while (!next.done && next.value < name) {
        yield* this.#present(next.value);
        next = own.next();
      }
      if (!next.done && next.value === name) {
        yield* this.#present(name);
        next = own.next();
      } else yield entry;
    }
    while (!next.done) {
      yield* this.#present(next.value);
      next = own.next();
    }
  }

  /** The changes by ascending key. */
  changes(): readonly StateChange[] {
    return Array.from(this.#names, (name) => this.#changes.get(name)!);
  }

  /** Writes these changes onto `below`. */
  applyTo(below: Overlay): void {
    for (const [name, change] of this.#changes) below.#set(name, change);
  }

  #set(name: string, change: StateChange): void {
    if (!this.#changes.has(name)) this.#names.add(name);
    this.#changes.set(name, change);
  }

  *#present(name: string): Iterable<StateEntry> {
    const { key, value } = this.#changes.get(name)!;
    if (value !== undefined) yield [key, value];
  }
}

/** The bytes as characters of the same codes: strings of them compare as the bytes do. */
function sortable(key: Uint8Array): string {
  assert(key.length <= stateKeyBytesMax, "a state key is longer than a proof can carry");
  return String.fromCharCode(...key);
}
