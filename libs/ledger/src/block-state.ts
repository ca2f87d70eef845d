/** The state after a block that is not final yet: reads go to the block's changes first, then to its parent's state. */
import { toHex } from "@guts/primitives";
import type { ExecutedBlock, ParentState } from "./execute-block.ts";
import { Overlay, type StateEntry } from "./state.ts";

/** What the next block builds upon while this one waits to become final. */
export class BlockState implements ParentState {
  #overlay: Overlay | undefined;
  #pages: ReadonlyMap<string, Uint8Array | undefined> | undefined;
  readonly #parent: ParentState;

  constructor(parent: ParentState, block: Pick<ExecutedBlock, "changes" | "tree">) {
    this.#parent = parent;
    this.#overlay = new Overlay(parent);
    for (const { key, value } of block.changes) {
      if (value === undefined) this.#overlay.delete(key);
      else this.#overlay.put(key, value);
    }
    this.#pages = new Map(block.tree.pages.map(({ prefix, bytes }) => [toHex(prefix), bytes]));
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return (this.#overlay ?? this.#parent).get(key);
  }

  scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry> {
    return (this.#overlay ?? this.#parent).scan(from, to);
  }

  page(prefix: Uint8Array): Uint8Array | undefined {
    const name = toHex(prefix);
    return this.#pages?.has(name) === true ? this.#pages.get(name) : this.#parent.page(prefix);
  }

  /** The block is final and its changes are in the state below: they are not needed here any more. */
  settle(): void {
    this.#overlay = undefined;
    this.#pages = undefined;
  }
}
