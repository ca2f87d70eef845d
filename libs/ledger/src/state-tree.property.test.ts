import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex, zeroDigest, type Digest } from "@guts/primitives";
import { MemoryState } from "@guts/testing";
import { keyPath, leafHash, nodeHash, pathBit, valueDigest, verifyStateProof } from "@guts/verifier";
import { proveState, stateRoot, updateStateTree } from "./state-tree.ts";
import type { StateChange } from "./state.ts";

const key = (number: number) => Uint8Array.of(number >> 8, number & 255);
const batches = fc.array(
  fc.array(fc.tuple(fc.nat(60), fc.option(fc.uint8Array({ maxLength: 2 }), { nil: undefined, freq: 3 })), {
    maxLength: 30,
  }),
  { maxLength: 8 },
);

/** The root by its definition, from nothing but the entries. */
function rootByDefinition(entries: Iterable<readonly [Uint8Array, Uint8Array]>): Digest {
  const leaves = Array.from(entries, ([name, value]) => ({
    path: keyPath(name),
    hash: leafHash(keyPath(name), valueDigest(value)),
  }));
  const below = (all: typeof leaves, depth: number): Digest => {
    if (all.length <= 1) return all[0]?.hash ?? zeroDigest;
    const half = (bit: number) =>
      below(
        all.filter(({ path }) => pathBit(path, depth) === bit),
        depth + 1,
      );
    return nodeHash(half(0), half(1));
  };
  return below(leaves, 0);
}

function changesOf(batch: Iterable<readonly [number, Uint8Array | undefined]>): readonly StateChange[] {
  return Array.from(new Map(batch), ([number, value]) => ({ key: key(number), value }));
}

function write(state: MemoryState, changes: readonly StateChange[]): Digest {
  const update = updateStateTree(state, changes);
  state.write(changes, update.pages);
  return update.root;
}

describe("the state tree", () => {
  test("has the root of the definition after every batch, and stores nothing that is not needed", () => {
    fc.assert(
      fc.property(batches, (script) => {
        const state = new MemoryState();
        for (const batch of script) {
          const root = write(state, changesOf(batch));
          expect(toHex(root)).toBe(toHex(rootByDefinition(state.entries())));
          expect(stateRoot(state)).toEqual(root);
        }
        const scratch = new MemoryState();
        write(
          scratch,
          state.entries().map(([name, value]) => ({ key: name, value })),
        );
        expect(stateRoot(scratch)).toEqual(stateRoot(state));
        expect(scratch.pageCount).toBe(state.pageCount);
      }),
    );
  });

  test("does not depend on the order or the batches in which entries came", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(500), { maxLength: 40 }), fc.nat(40), (numbers, cut) => {
        const all = numbers.map((number): [number, Uint8Array] => [number, key(number)]);
        const [once, twice, reversed] = [new MemoryState(), new MemoryState(), new MemoryState()];
        const root = write(once, changesOf(all));
        write(twice, changesOf(all.slice(cut)));
        expect(write(twice, changesOf(all.slice(0, cut)))).toEqual(root);
        expect(write(reversed, changesOf(all.toReversed()))).toEqual(root);
      }),
    );
  });

  test("has its former root again when what was added is deleted", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 40 }), fc.nat(39), (numbers, cut) => {
        const [kept, gone] = [numbers.slice(0, cut), numbers.slice(cut)];
        const state = new MemoryState();
        const before = write(state, changesOf(kept.map((number) => [number, key(number)])));
        const pages = state.pageCount;
        write(state, changesOf(gone.map((number) => [number, key(number)])));
        expect(write(state, changesOf(gone.map((number) => [number, undefined])))).toEqual(before);
        expect(state.pageCount).toBe(pages);
      }),
    );
  });

  test("proves what is there and what is not, to the verifier that knows only the root", () => {
    fc.assert(
      fc.property(batches, fc.nat(80), (script, asked) => {
        const state = new MemoryState();
        for (const batch of script) write(state, changesOf(batch));
        const root = stateRoot(state);
        const proof = proveState(state, key(asked));
        expect(proof.value).toEqual(state.get(key(asked)));
        expect(verifyStateProof(root, proof)).toBe(true);
        const opposite = proof.value === undefined ? key(asked) : undefined;
        expect(verifyStateProof(root, { ...proof, value: opposite, otherLeaf: undefined })).toBe(false);
      }),
    );
  });

  test("of one entry is its leaf, of none zero", () => {
    const state = new MemoryState();
    expect(stateRoot(state)).toEqual(zeroDigest);
    expect(write(state, changesOf([[1, key(1)]]))).toEqual(leafHash(keyPath(key(1)), valueDigest(key(1))));
    expect(write(state, changesOf([[1, undefined]]))).toEqual(zeroDigest);
    expect(state.pageCount).toBe(0);
    expect(write(state, changesOf([[2, undefined]]))).toEqual(zeroDigest);
  });
});
