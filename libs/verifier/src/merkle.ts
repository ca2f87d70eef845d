/** A binary Merkle tree over a list, and a Merkle mountain range that grows by appending (formats-v1, "Trees"). */
import {
  assert,
  digestCodec,
  digestOf,
  encode,
  list,
  mapped,
  struct,
  u64,
  zeroDigest,
  type Codec,
  type Digest,
} from "@guts/primitives";

/** The hash of one list item: leaves and nodes have domains of their own. */
export function merkleLeaf(item: Uint8Array): Digest {
  return digestOf("merkleLeaf", item);
}

function merkleNode(left: Digest, right: Digest): Digest {
  return digestOf("merkleNode", left, right);
}

/** The root over `leaves`; an odd node moves up unchanged; zero bytes for an empty list. */
export function merkleRoot(leaves: readonly Digest[]): Digest {
  if (leaves.length === 0) return zeroDigest;
  let row = leaves;
  while (row.length > 1) row = pairUp(row);
  return row[0]!;
}

function pairUp(row: readonly Digest[]): readonly Digest[] {
  return Array.from({ length: Math.ceil(row.length / 2) }, (_, index) => {
    const right = row[2 * index + 1];
    return right === undefined ? row[2 * index]! : merkleNode(row[2 * index]!, right);
  });
}

/** The other halves on the way from a leaf to the root, from the leaf up; a level at which it moves up unchanged has none. */
export function merkleBranch(leaves: readonly Digest[], index: number): readonly Digest[] {
  assert(index >= 0 && index < leaves.length, "the branch of a leaf that there is");
  const branch: Digest[] = [];
  let row = leaves;
  for (let at = index; row.length > 1; at = at >> 1) {
    const other = row[at ^ 1];
    if (other !== undefined) branch.push(other);
    row = pairUp(row);
  }
  return branch;
}

/** The root that a leaf and its branch give for a list of `count`; undefined when the branch is not as long as it must be. */
export function merkleRootOfBranch(
  leaf: Digest,
  { index, count }: { readonly index: number; readonly count: number },
  branch: readonly Digest[],
): Digest | undefined {
  if (index >= count) return undefined;
  const others = [...branch];
  let root = leaf;
  for (let at = index, size = count; size > 1; at = at >> 1, size = (size + 1) >> 1) {
    if ((at ^ 1) >= size) continue;
    const other = others.shift();
    if (other === undefined) return undefined;
    root = at % 2 === 0 ? merkleNode(root, other) : merkleNode(other, root);
  }
  return others.length === 0 ? root : undefined;
}

/** An append-only list's summary: its length and the roots of its perfect subtrees, largest first. */
export interface MountainRange {
  readonly count: number;
  readonly peaks: readonly Digest[];
}

/** A range has at most one peak for each bit of its count. */
const peaksMax = 53;

/** The range without items. */
export const emptyMountainRange: MountainRange = { count: 0, peaks: [] };

/** Encoded as the count, then the peaks: as many as the count has bits that are set. */
export const mountainRangeCodec: Codec<MountainRange> = mapped(
  struct({ count: u64, peaks: list(digestCodec, peaksMax) }),
  (range) => (range.peaks.length === peakCountOf(range.count) ? range : undefined),
  (range) => range,
);

function peakCountOf(count: number): number {
  let peaks = 0;
  for (let left = count; left > 0; left = Math.floor(left / 2)) peaks += left % 2;
  return peaks;
}

/** The range after appending one leaf: equal peaks merge like the carry of a binary counter. */
export function appendLeaf(range: MountainRange, leaf: Digest): MountainRange {
  const peaks = [...range.peaks];
  let carried = leaf;
  for (let size = range.count; size % 2 === 1; size = (size - 1) / 2) carried = merkleNode(peaks.pop()!, carried);
  return { count: range.count + 1, peaks: [...peaks, carried] };
}

/** One digest for the whole range: the count and the peaks. */
export function mountainRangeRoot(range: MountainRange): Digest {
  return digestOf("mountainRange", encode(u64, range.count), ...range.peaks);
}
