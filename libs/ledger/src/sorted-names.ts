/**
 * A set of names in ascending order.
 *
 * Kept in chunks, so that an insertion moves a few hundred names however many there are: an overlay of a large block is
 * scanned between its writes, and must not be sorted again each time.
 */
import { assert } from "@guts/primitives";

const chunkLengthMax = 512;

/** Names by ascending UTF-16 code units. */
export class SortedNames {
  readonly #chunks: string[][] = [];
  #version = 0;

  /** Adds a name that is not there yet. */
  add(name: string): void {
    this.#version++;
    const index = Math.max(0, firstAbove(this.#chunks, (chunk) => chunk[0]! > name) - 1);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([name]);
      return;
    }
    chunk.splice(
      firstAbove(chunk, (other) => other > name),
      0,
      name,
    );
    if (chunk.length > chunkLengthMax) this.#chunks.splice(index + 1, 0, chunk.splice(chunkLengthMax / 2));
  }

  /** The names from `from` (inclusive) to `to` (exclusive). Nothing may be added meanwhile. */
  *range(from: string, to: string): Generator<string, undefined> {
    const version = this.#version;
    const first = Math.max(0, firstAbove(this.#chunks, (chunk) => chunk[0]! > from) - 1);
    for (let index = first; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index]!;
      for (let place = index === first ? firstAbove(chunk, (name) => name >= from) : 0; place < chunk.length; place++) {
        if (chunk[place]! >= to) return;
        yield chunk[place]!;
        assert(version === this.#version, "an overlay was written to while it was scanned");
      }
    }
  }

  /** All names. */
  *[Symbol.iterator](): Generator<string, undefined> {
    for (const chunk of this.#chunks) yield* chunk;
  }
}

/** The index of the first item that `isAbove`, given that all after it are too; the length when none is. */
function firstAbove<Item>(items: readonly Item[], isAbove: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAbove(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
