/**
 * The authenticated state: a binary sparse Merkle tree over key to value (formats-v1, "State tree").
 *
 * A key's place is its hash, 256 bits read from the most significant. A subtree without keys is 32 zero bytes; one with
 * a single key is that key's leaf, however deep it would hang; any other is the hash of its two halves. So the root is a
 * function of the set of entries alone, not of the order in which they came, nor of how a node stores the tree.
 */
import {
  bytes,
  digestCodec,
  digestOf,
  equalBytes,
  list,
  option,
  struct,
  zeroDigest,
  type Codec,
  type Digest,
} from "@guts/primitives";

/** Longest state key and value in bytes. */
export const stateKeyBytesMax = 512;
export const stateValueBytesMax = 65_536;

/** Where a key hangs in the tree. */
export function keyPath(key: Uint8Array): Digest {
  return digestOf("stateKey", key);
}

/** What a leaf says of its value. */
export function valueDigest(value: Uint8Array): Digest {
  return digestOf("stateValue", value);
}

/** The hash of a leaf. */
export function leafHash(path: Digest, value: Digest): Digest {
  return digestOf("stateLeaf", path, value);
}

/** The hash of a node with at least two keys below it. */
export function nodeHash(left: Digest, right: Digest): Digest {
  return digestOf("stateNode", left, right);
}

/** Bit `depth` of a path, 0 or 1. */
export function pathBit(path: Digest, depth: number): number {
  return (path[depth >> 3]! >> (7 - (depth & 7))) & 1;
}

/** Shows that the state holds a value for a key, or holds none. */
export interface StateProof {
  readonly key: Uint8Array;
  /** The value, or undefined when the proof shows absence. */
  readonly value: Uint8Array | undefined;
  /** For absence: the other key's leaf that stands where the key would be, if any. */
  readonly otherLeaf: { readonly path: Digest; readonly value: Digest } | undefined;
  /** The other half at each depth, from the root down. */
  readonly siblings: readonly Digest[];
}

/** A path has 256 bits, so no more siblings than that. */
const siblingsMax = 256;

/** The bytes of a proof. */
export const stateProofCodec: Codec<StateProof> = struct({
  key: bytes(stateKeyBytesMax),
  value: option(bytes(stateValueBytesMax)),
  otherLeaf: option(struct({ path: digestCodec, value: digestCodec })),
  siblings: list(digestCodec, siblingsMax),
});

/** Whether `proof` holds in the state with this root. */
export function verifyStateProof(root: Digest, proof: StateProof): boolean {
  const path = keyPath(proof.key);
  const depth = proof.siblings.length;
  let hash: Digest = zeroDigest;
  if (proof.value !== undefined) {
    if (proof.otherLeaf !== undefined) return false;
    hash = leafHash(path, valueDigest(proof.value));
  } else if (proof.otherLeaf !== undefined) {
    if (equalBytes(proof.otherLeaf.path, path) || !sharesPrefix(proof.otherLeaf.path, path, depth)) return false;
    hash = leafHash(proof.otherLeaf.path, proof.otherLeaf.value);
  }
  for (let level = depth - 1; level >= 0; level--) {
    const sibling = proof.siblings[level]!;
    hash = pathBit(path, level) === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
  }
  return equalBytes(hash, root);
}

function sharesPrefix(left: Digest, right: Digest, bitCount: number): boolean {
  for (let depth = 0; depth < bitCount; depth++) if (pathBit(left, depth) !== pathBit(right, depth)) return false;
  return true;
}
