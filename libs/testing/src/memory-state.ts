import { compareBytes, toHex } from "@guts/primitives";
import {
  applyGenesis,
  Overlay,
  updateStateTree,
  type ExecutedBlock,
  type Genesis,
  type PageChange,
  type ParentState,
  type StateChange,
  type StateEntry,
} from "@guts/ledger";

/** The state of one height in memory: what a state store is on disk, for tests of pure code. */
export class MemoryState implements ParentState {
  /** By ascending key. */
  readonly #entries: StateEntry[] = [];
  readonly #pages = new Map<string, Uint8Array>();

  /** The state of height 0. */
  static ofGenesis(genesis: Genesis): MemoryState {
    const state = new MemoryState();
    const overlay = new Overlay(state);
    applyGenesis(overlay, genesis);
    const changes = overlay.changes();
    state.write(changes, updateStateTree(state, changes).pages);
    return state;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const entry = this.#entries[this.#position(key)];
    return entry !== undefined && compareBytes(entry[0], key) === 0 ? entry[1] : undefined;
  }

  *scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry> {
    for (let at = this.#position(from); at < this.#entries.length; at++) {
      const entry = this.#entries[at]!;
      if (compareBytes(entry[0], to) >= 0) return;
      yield entry;
    }
  }

  /** All entries, by ascending key. */
  entries(): readonly StateEntry[] {
    return this.#entries;
  }

  /** How many pages the state tree stores. */
  get pageCount(): number {
    return this.#pages.size;
  }

  page(prefix: Uint8Array): Uint8Array | undefined {
    return this.#pages.get(toHex(prefix));
  }

  /** Applies what a block writes. */
  apply(block: ExecutedBlock): void {
    this.write(block.changes, block.tree.pages);
  }

  write(changes: readonly StateChange[], pages: readonly PageChange[]): void {
    for (const { key, value } of changes) {
      const at = this.#position(key);
      const found = this.#entries[at];
      const isThere = found !== undefined && compareBytes(found[0], key) === 0;
      if (value === undefined) this.#entries.splice(at, isThere ? 1 : 0);
      else this.#entries.splice(at, isThere ? 1 : 0, [key, value]);
    }
    for (const { prefix, bytes } of pages) {
      if (bytes === undefined) this.#pages.delete(toHex(prefix));
      else this.#pages.set(toHex(prefix), bytes);
    }
  }

  /** The place of the first entry whose key is not below `key`. */
  #position(key: Uint8Array): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes(this.#entries[middle]![0], key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
