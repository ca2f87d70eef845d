import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode, equalBytes, toHex, zeroDigest, type Digest } from "@guts/primitives";
import {
  keyPath,
  leafHash,
  nodeHash,
  pathBit,
  stateProofCodec,
  valueDigest,
  verifyStateProof,
  type StateProof,
} from "./state-tree.ts";

interface Leaf {
  readonly path: Digest;
  readonly value: Digest;
}

type Entries = ReadonlyMap<string, Uint8Array>;

const keyOf = (name: string): Uint8Array => new TextEncoder().encode(name);
const entriesOf: fc.Arbitrary<Entries> = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,2}$/), fc.uint8Array({ maxLength: 3 })), {
    selector: ([name]) => name,
    maxLength: 24,
  })
  .map((pairs) => new Map(pairs));

function leavesOf(entries: Entries): readonly Leaf[] {
  return Array.from(entries, ([name, value]) => ({ path: keyPath(keyOf(name)), value: valueDigest(value) }));
}

/** The root by its definition, without any storage. */
function rootByDefinition(leaves: readonly Leaf[], depth = 0): Digest {
  if (leaves.length === 0) return zeroDigest;
  if (leaves.length === 1) return leafHash(leaves[0]!.path, leaves[0]!.value);
  const half = (bit: number) =>
    rootByDefinition(
      leaves.filter(({ path }) => pathBit(path, depth) === bit),
      depth + 1,
    );
  return nodeHash(half(0), half(1));
}

/** A proof by the definition: what is on the other side at each depth until one key or none is left. */
function proveByDefinition(entries: Entries, name: string): StateProof {
  const path = keyPath(keyOf(name));
  const siblings: Digest[] = [];
  let leaves = leavesOf(entries);
  for (let depth = 0; leaves.length > 1; depth++) {
    const other = leaves.filter((leaf) => pathBit(leaf.path, depth) !== pathBit(path, depth));
    siblings.push(rootByDefinition(other, depth + 1));
    leaves = leaves.filter((leaf) => !other.includes(leaf));
  }
  const found = leaves[0];
  const isThere = found !== undefined && equalBytes(found.path, path);
  return {
    key: keyOf(name),
    value: isThere ? entries.get(name) : undefined,
    otherLeaf: isThere ? undefined : found,
    siblings,
  };
}

test("a proof of what is there, or is not, holds", () => {
  fc.assert(
    fc.property(entriesOf, fc.stringMatching(/^[a-z]{1,2}$/), (entries, name) => {
      const proof = proveByDefinition(entries, name);
      expect(proof.value).toEqual(entries.get(name));
      expect(verifyStateProof(rootByDefinition(leavesOf(entries)), proof)).toBe(true);
      expect(decode(stateProofCodec, encode(stateProofCodec, proof))).toEqual(proof);
    }),
  );
});

test("a proof that says anything else does not hold", () => {
  fc.assert(
    fc.property(entriesOf, fc.stringMatching(/^[a-z]{1,2}$/), fc.stringMatching(/^[A-Z]$/), (entries, name, absent) => {
      const root = rootByDefinition(leavesOf(entries));
      const proof = proveByDefinition(entries, name);
      const isThere = proof.value !== undefined;
      const lies: readonly StateProof[] = [
        { ...proof, value: Uint8Array.of(9, 9, 9, 9) },
        ...(isThere ? [{ ...proof, value: undefined }] : []),
        ...(isThere ? [{ ...proof, value: undefined, otherLeaf: leavesOf(new Map([[name, proof.value!]]))[0]! }] : []),
        ...(isThere ? [{ ...proof, key: keyOf(absent) }] : []),
        ...(proof.siblings.length > 0 ? [{ ...proof, siblings: proof.siblings.slice(1) }] : []),
        ...(proof.siblings.length > 0 ? [{ ...proof, siblings: [] }] : []),
        { ...proof, siblings: [...proof.siblings, zeroDigest] },
        ...proof.siblings.map((sibling, index) => ({
          ...proof,
          siblings: proof.siblings.with(index, sibling.map((byte) => byte ^ 1) as Digest),
        })),
      ];
      const isTrueAnyway = (lie: StateProof) =>
        entries.size === 0 && lie.value === undefined && lie.siblings.length === 0 && lie.otherLeaf === undefined;
      for (const lie of lies) if (!isTrueAnyway(lie)) expect(verifyStateProof(root, lie)).toBe(false);
    }),
  );
});

test("another key's leaf proves absence only below the place that both share", () => {
  fc.assert(
    fc.property(entriesOf, fc.stringMatching(/^[a-z]{1,2}$/), (entries, name) => {
      const root = rootByDefinition(leavesOf(entries));
      for (const other of entries.keys()) {
        const { siblings } = proveByDefinition(entries, other);
        const otherLeaf = { path: keyPath(keyOf(other)), value: valueDigest(entries.get(other)!) };
        const holds = verifyStateProof(root, { key: keyOf(name), value: undefined, otherLeaf, siblings });
        if (holds) expect([entries.has(name), toHex(otherLeaf.path)]).toEqual([false, expect.anything()]);
      }
    }),
  );
});

test("the empty state proves every absence and no presence", () => {
  const proof = { key: keyOf("a"), value: undefined, otherLeaf: undefined, siblings: [] };
  expect(verifyStateProof(zeroDigest, proof)).toBe(true);
  expect(verifyStateProof(zeroDigest, { ...proof, value: new Uint8Array() })).toBe(false);
});

test("bits are read from the most significant", () => {
  const path = new Uint8Array(32) as Digest;
  path[0] = 0b1000_0001;
  expect([0, 1, 7, 8].map((depth) => pathBit(path, depth))).toEqual([1, 0, 1, 0]);
});
