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

/**
 * Sixteen slots under four levels of halves. `halves` is a heap: 1 is the whole page, 2 and 3 its halves, 16 to 31 would be
 * the slots. It remembers the hashes of halves with two keys or more, so that a change hashes its own way up and no more.
 */
interface Page {
  readonly slots: Slot[];
  readonly halves: (Digest | undefined)[];
}

interface LeafChange {
  readonly path: Digest;
  readonly value: Digest | undefined;
}

const slotCount = 16;
const emptySlot: Slot = { type: "empty" };
const SLOT_TAGS = { empty: 0, leaf: 1, page: 2 } as const;
const TAG_BYTES = { empty: Uint8Array.of(0), leaf: Uint8Array.of(1), page: Uint8Array.of(2) } as const;

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
  return page === undefined ? zeroDigest : hashOfSlot(summarize(decodePage(page)));
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
    const page = bytes === undefined ? emptyPage() : decodePage(bytes);
    const found = descend(page, path, { depth: 4 * prefix.length, siblings });
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
  const page = stored === undefined ? emptyPage() : decodePage(stored);
  const isInheritedStill = inherited !== undefined && !changes.some(({ path }) => equalBytes(path, inherited.path));
  for (const [index, group] of groupByNibble(isInheritedStill ? [...changes, inherited] : changes, prefix.length)) {
    page.slots[index] = updateSlot(update, concatBytes(prefix, Uint8Array.of(index)), page.slots[index]!, group);
    for (let half = (slotCount + index) >> 1; half > 0; half >>= 1) page.halves[half] = undefined;
  }
  const summary = summarize(page);
  const isStored = summary.type === "page" || (prefix.length === 0 && summary.type === "leaf");
  update.pages.push({ prefix, bytes: isStored ? encodePage(page) : undefined });
  return summary;
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
function summarize(page: Page): Slot {
  return summarizeHalf(page, 1);
}

function summarizeHalf(page: Page, half: number): Slot {
  if (half >= slotCount) return page.slots[half - slotCount]!;
  const known = page.halves[half];
  if (known !== undefined) return { type: "page", hash: known };
  const summary = joinHalves(summarizeHalf(page, 2 * half), summarizeHalf(page, 2 * half + 1));
  if (summary.type === "page") page.halves[half] = summary.hash;
  return summary;
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
function descend(page: Page, path: Digest, walk: { readonly depth: number; readonly siblings: Digest[] }): Slot {
  let half = 1;
  for (let level = walk.depth; half < slotCount && summarizeHalf(page, half).type === "page"; level++) {
    half = 2 * half + pathBit(path, level);
    walk.siblings.push(hashOfSlot(summarizeHalf(page, half ^ 1)));
  }
  return summarizeHalf(page, half);
}

function nibble(path: Digest, index: number): number {
  const byte = path[index >> 1]!;
  return index % 2 === 0 ? byte >> 4 : byte & 15;
}

function emptyPage(): Page {
  return { slots: Array.from({ length: slotCount }, () => emptySlot), halves: [] };
}

/** Slots, each after a tag; then a bit for each half below the whole page that has a hash, and the hashes. */
function encodePage({ slots, halves }: Page): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const slot of slots) {
    parts.push(TAG_BYTES[slot.type]);
    if (slot.type === "leaf") parts.push(slot.path, slot.value);
    else if (slot.type === "page") parts.push(slot.hash);
  }
  let present = 0;
  for (let half = 2; half < slotCount; half++) if (halves[half] !== undefined) present |= 1 << half;
  parts.push(Uint8Array.of(present >> 8, present & 0xff));
  for (let half = 2; half < slotCount; half++) if (halves[half] !== undefined) parts.push(halves[half]!);
  return concatBytes(...parts);
}

function decodePage(bytes: Uint8Array): Page {
  const slots: Slot[] = [];
  let offset = 0;
  const take = (): Digest => bytes.subarray(offset, (offset += 32)) as Digest;
  while (slots.length < slotCount) {
    const tag = bytes[offset++];
    if (tag === SLOT_TAGS.leaf) slots.push({ type: "leaf", path: take(), value: take() });
    else slots.push(tag === SLOT_TAGS.page ? { type: "page", hash: take() } : emptySlot);
  }
  const present = (bytes[offset]! << 8) | bytes[offset + 1]!;
  offset += 2;
  const halves: (Digest | undefined)[] = [];
  for (let half = 2; half < slotCount; half++) halves[half] = (present & (1 << half)) === 0 ? undefined : take();
  return { slots, halves };
}
