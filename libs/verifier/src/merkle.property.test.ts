import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, DecodeError, digestOf, encode, toHex, zeroDigest, type Digest } from "@guts/primitives";
import {
  appendLeaf,
  emptyMountainRange,
  merkleBranch,
  merkleLeaf,
  merkleRoot,
  merkleRootOfBranch,
  mountainRangeCodec,
  mountainRangeRoot,
} from "./merkle.ts";

const leaves = fc.array(fc.uint8Array({ maxLength: 4 }).map(merkleLeaf), { maxLength: 40 });
const node = (left: Digest, right: Digest) => digestOf("merkleNode", left, right);

/** The root by its definition: the left half holds the largest power of two that leaves something for the right. */
function rootByDefinition(items: readonly Digest[]): Digest {
  if (items.length === 0) return zeroDigest;
  if (items.length === 1) return items[0]!;
  let half = 1;
  while (half * 2 < items.length) half *= 2;
  return node(rootByDefinition(items.slice(0, half)), rootByDefinition(items.slice(half)));
}

/** The peaks by their definition: one perfect tree for each bit of the length, largest first. */
function peaksByDefinition(items: readonly Digest[]): readonly Digest[] {
  let size = 1;
  while (size * 2 <= items.length) size *= 2;
  return items.length === 0 ? [] : [rootByDefinition(items.slice(0, size)), ...peaksByDefinition(items.slice(size))];
}

describe("a Merkle root", () => {
  test("is that of the definition", () => {
    fc.assert(
      fc.property(leaves, (items) => {
        expect(merkleRoot(items)).toEqual(rootByDefinition(items));
      }),
    );
  });

  test("differs for every change of the list", () => {
    fc.assert(
      fc.property(leaves, fc.nat(), (items, at) => {
        const other = merkleLeaf(Uint8Array.of(1, 2, 3, 4, 5));
        const changed = [
          items.toSpliced(at % (items.length + 1), 0, other),
          ...(items.length > 0 ? [items.with(at % items.length, other), items.slice(1)] : []),
        ];
        for (const list of changed) expect(toHex(merkleRoot(list))).not.toBe(toHex(merkleRoot(items)));
      }),
    );
  });

  test("of an inner node's bytes as a leaf is not that of the inner node", () => {
    const [left, right] = [merkleLeaf(Uint8Array.of(1)), merkleLeaf(Uint8Array.of(2))];
    expect(merkleRoot([merkleLeaf(Uint8Array.of(...left, ...right))])).not.toEqual(merkleRoot([left, right]));
  });
});

describe("a mountain range", () => {
  test("has the peaks of the definition and fixes its length", () => {
    fc.assert(
      fc.property(leaves, (items) => {
        const range = items.reduce(appendLeaf, emptyMountainRange);
        expect(range.count).toBe(items.length);
        expect(range.peaks).toEqual(peaksByDefinition(items));
        expect(decode(mountainRangeCodec, encode(mountainRangeCodec, range))).toEqual(range);
      }),
    );
  });

  test("differs for every prefix of a list", () => {
    const same = Array.from({ length: 33 }, () => merkleLeaf(new Uint8Array()));
    const roots = same.map((_, count) =>
      toHex(mountainRangeRoot(same.slice(0, count).reduce(appendLeaf, emptyMountainRange))),
    );
    expect(new Set(roots).size).toBe(roots.length);
  });

  test("is refused in bytes with peaks that its count does not have", () => {
    const peak = merkleLeaf(new Uint8Array());
    const refused = [
      { count: 0, peaks: [peak] },
      { count: 3, peaks: [peak] },
      { count: 4, peaks: [peak, peak] },
      { count: Number.MAX_SAFE_INTEGER, peaks: [peak] },
    ];
    for (const range of refused) {
      expect(() => decode(mountainRangeCodec, encode(mountainRangeCodec, range))).toThrow(DecodeError);
    }
  });
});

describe("a branch", () => {
  const places = leaves
    .filter((items) => items.length > 0)
    .chain((items) => fc.tuple(fc.constant(items), fc.nat(items.length - 1)));

  test("leads from each leaf to the root, and from no other leaf or place", () => {
    fc.assert(
      fc.property(places, ([items, index]) => {
        const branch = merkleBranch(items, index);
        const place = { index, count: items.length };
        const root = merkleRoot(items);
        expect(merkleRootOfBranch(items[index]!, place, branch)).toEqual(root);
        const other = merkleLeaf(Uint8Array.of(1, 2, 3, 4, 5));
        expect(merkleRootOfBranch(other, place, branch)).not.toEqual(root);
        expect(merkleRootOfBranch(items[index]!, place, [...branch, other])).toBeUndefined();
        if (branch.length > 0) expect(merkleRootOfBranch(items[index]!, place, branch.slice(1))).toBeUndefined();
        expect(merkleRootOfBranch(items[index]!, { index: items.length, count: items.length }, branch)).toBeUndefined();
      }),
    );
  });
});
