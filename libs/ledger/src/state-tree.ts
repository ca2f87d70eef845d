/**
 * Updates of the state tree, stored as pages of sixteen slots (formats-v1 fixes the root, not this storage).
 *
 * A page holds what hangs below one prefix of nibbles. A slot is empty, a single leaf, or a child page with the hash of
 * its subtree. Batches are sorted by path, so that each page on the way is read, hashed and written once per block.
 */
import { compareBytes, concatBytes, equalBytes, zeroDigest, type Digest } from "@guts/primitives";
import { keyPath, leafHash, nodeHash, pathBit, valueDigest, type StateProof } from "@guts/verifier";
import type { StateChange, StateReader } from "./state.ts";

/** Reads stored pages. A page's name is its prefix of nibbles, one byte each. */
export interface PageReader {
  page(prefix: Uint8Array): Uint8Array | undefined;
}

/** A page to store; undefined bytes remove it. */
export interface PageChange {
  readonly prefix: Uint8Array;
  readonly bytes: Uint8Array | undefined;
}

/** The tree after a block: its root and the pages that differ. */
export interface TreeUpdate {
  readonly root: Digest;
  readonly pages: readonly PageChange[];
}

type Slot =
  | { readonly type: "empty" }
  | { readonly type: "leaf"; readonly path: Digest; readonly value: Digest }
  | { readonly type: "page"; readonly hash: Digest };

interface LeafChange {
  readonly path: Digest;
  readonly value: Digest | undefined;
}

const slotCount = 16;
const emptySlot: Slot = { type: "empty" };
const SLOT_TAGS = { empty: 0, leaf: 1, page: 2 } as const;

/** The root after `changes`, and the pages to write. Pages are read from `base`, which stays as it is. */
export function updateStateTree(base: PageReader, changes: readonly StateChange[]): TreeUpdate {
  const leaves = changes
    .map(({ key, value }) => ({ path: keyPath(key), value: value === undefined ? undefined : valueDigest(value) }))
    .sort((left, right) => compareBytes(left.path, right.path));
  const pages: PageChange[] = [];
  const slot = updatePage({ base, pages }, new Uint8Array(), leaves);
  return { root: hashOfSlot(slot), pages };
}

/** The root that the stored pages have. */
export function stateRoot(base: PageReader): Digest {
  const page = base.page(new Uint8Array());
  return page === undefined ? zeroDigest : hashOfSlot(summarize(decodePage(page), 0));
}

/** A proof that the state holds `value` for `key`, or holds nothing for it. */
export function proveState(base: PageReader & StateReader, key: Uint8Array): StateProof {
  const path = keyPath(key);
  const siblings: Digest[] = [];
  for (
    let prefix: Uint8Array = new Uint8Array();
    ;
    prefix = concatBytes(prefix, Uint8Array.of(nibble(path, prefix.length)))
  ) {
    const bytes = base.page(prefix);
    const slots = bytes === undefined ? [] : decodePage(bytes);
    const found = descend(slots, path, { depth: 4 * prefix.length, siblings });
    if (found.type === "page") continue;
    const isThere = found.type === "leaf" && equalBytes(found.path, path);
    const otherLeaf = found.type === "leaf" && !isThere ? { path: found.path, value: found.value } : undefined;
    return { key, value: isThere ? base.get(key) : undefined, otherLeaf, siblings };
  }
}

interface Update {
  readonly base: PageReader;
  readonly pages: PageChange[];
}

/** Applies changes below `prefix`. The root page is kept even with one leaf; others then fold into their parent's slot. */
function updatePage(update: Update, prefix: Uint8Array, changes: readonly LeafChange[], inherited?: LeafChange): Slot {
  const stored = update.base.page(prefix);
  const slots = stored === undefined ? emptyPage() : [...decodePage(stored)];
  const all =
    inherited === undefined || changes.some(({ path }) => equalBytes(path, inherited.path))
      ? changes
      : [...changes, inherited];
  for (const [index, group] of groupByNibble(all, prefix.length)) {
    slots[index] = updateSlot(update, concatBytes(prefix, Uint8Array.of(index)), slots[index]!, group);
  }
  const only = singleLeaf(slots);
  const isKept = prefix.length === 0 || only === undefined;
  const isEmpty = slots.every(({ type }) => type === "empty");
  update.pages.push({ prefix, bytes: isKept && !isEmpty ? encodePage(slots) : undefined });
  return summarize(slots, 4 * prefix.length);
}

function updateSlot(update: Update, prefix: Uint8Array, slot: Slot, changes: readonly LeafChange[]): Slot {
  if (slot.type === "page") return updatePage(update, prefix, changes);
  const inherited = slot.type === "leaf" ? { path: slot.path, value: slot.value } : undefined;
  const touched = inherited !== undefined && changes.some(({ path }) => equalBytes(path, inherited.path));
  const leaves = changes.filter(({ value }) => value !== undefined);
  const remaining = inherited === undefined || touched ? leaves : [...leaves, inherited];
  if (remaining.length === 0) return emptySlot;
  if (remaining.length === 1) return { type: "leaf", path: remaining[0]!.path, value: remaining[0]!.value! };
  return updatePage(update, prefix, leaves, touched ? undefined : inherited);
}

function* groupByNibble(
  changes: readonly LeafChange[],
  depth: number,
): Iterable<readonly [number, readonly LeafChange[]]> {
  const groups = new Map<number, LeafChange[]>();
  for (const change of changes) {
    const index = nibble(change.path, depth);
    const group = groups.get(index);
    if (group === undefined) groups.set(index, [change]);
    else group.push(change);
  }
  yield* groups;
}

/** What a page is to its parent: nothing, a leaf that folds upwards, or a subtree with a hash. */
function summarize(slots: readonly Slot[], depth: number): Slot {
  return summarizeRange(slots, 0, slotCount, depth);
}

function summarizeRange(slots: readonly Slot[], from: number, count: number, depth: number): Slot {
  if (count === 1) return slots[from]!;
  const half = count / 2;
  const left = summarizeRange(slots, from, half, depth + 1);
  const right = summarizeRange(slots, from + half, half, depth + 1);
  return joinHalves(left, right);
}

function joinHalves(left: Slot, right: Slot): Slot {
  if (right.type === "empty" && left.type !== "page") return left;
  if (left.type === "empty" && right.type !== "page") return right;
  return { type: "page", hash: nodeHash(hashOfSlot(left), hashOfSlot(right)) };
}

function hashOfSlot(slot: Slot): Digest {
  if (slot.type === "empty") return zeroDigest;
  return slot.type === "leaf" ? leafHash(slot.path, slot.value) : slot.hash;
}

/** Walks one page's four levels towards `path`, collecting the other halves; ends at an empty half, a leaf or a child page. */
function descend(
  slots: readonly Slot[],
  path: Digest,
  walk: { readonly depth: number; readonly siblings: Digest[] },
): Slot {
  let from = 0;
  let count = slots.length;
  let level = walk.depth;
  let here: Slot = count === 0 ? emptySlot : summarize(slots, walk.depth);
  while (count > 1 && here.type === "page") {
    count /= 2;
    const bit = pathBit(path, level);
    const other = summarizeRange(slots, from + (bit === 0 ? count : 0), count, level + 1);
    from += bit * count;
    here = summarizeRange(slots, from, count, level + 1);
    walk.siblings.push(hashOfSlot(other));
    level++;
  }
  return here;
}

function singleLeaf(slots: readonly Slot[]): Slot | undefined {
  const present = slots.filter(({ type }) => type !== "empty");
  return present.length === 1 && present[0]!.type === "leaf" ? present[0] : undefined;
}

function nibble(path: Digest, index: number): number {
  const byte = path[index >> 1]!;
  return index % 2 === 0 ? byte >> 4 : byte & 15;
}

function emptyPage(): Slot[] {
  return Array.from({ length: slotCount }, () => emptySlot);
}

function encodePage(slots: readonly Slot[]): Uint8Array {
  return concatBytes(
    ...slots.map((slot) => {
      const tag = Uint8Array.of(SLOT_TAGS[slot.type]);
      if (slot.type === "empty") return tag;
      return slot.type === "leaf" ? concatBytes(tag, slot.path, slot.value) : concatBytes(tag, slot.hash);
    }),
  );
}

function decodePage(bytes: Uint8Array): readonly Slot[] {
  const slots: Slot[] = [];
  let offset = 0;
  const take = (): Digest => bytes.subarray(offset, (offset += 32)) as Digest;
  while (slots.length < slotCount) {
    const tag = bytes[offset++];
    if (tag === SLOT_TAGS.leaf) slots.push({ type: "leaf", path: take(), value: take() });
    else slots.push(tag === SLOT_TAGS.page ? { type: "page", hash: take() } : emptySlot);
  }
  return slots;
}
