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
  readonly #rows = new Map<string, StateEntry>();
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
    return this.#rows.get(toHex(key))?.[1];
  }

  *scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry> {
    const within = [...this.#rows.values()].filter(
      ([key]) => compareBytes(key, from) >= 0 && compareBytes(key, to) < 0,
    );
    yield* within.sort(([left], [right]) => compareBytes(left, right));
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
      if (value === undefined) this.#rows.delete(toHex(key));
      else this.#rows.set(toHex(key), [key, value]);
    }
    for (const { prefix, bytes } of pages) {
      if (bytes === undefined) this.#pages.delete(toHex(prefix));
      else this.#pages.set(toHex(prefix), bytes);
    }
  }
}
