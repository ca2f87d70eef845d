import { objectIdLength, type ObjectFormat, type ObjectId } from "@guts/primitives";
import { writeByteString, type ByteString } from "./byte-string.ts";
import { writePktLineLength } from "./pkt-line.ts";

/**
 * How a ref is written.
 *
 * - `plain`: `ID NAME LF`. v2 without `peel`, and everything that receive-pack advertises.
 * - `peeled-attribute`: `ID NAME[ peeled:ID] LF`. v2 with `peel`.
 * - `peeled-line`: `ID NAME LF`, and for a tag a second line `ID NAME^{} LF`. v0 and v1 of upload-pack.
 */
export type RefForm = "plain" | "peeled-attribute" | "peeled-line";

/** One ref of a page. `peeled` is what an annotated tag finally points to. */
export interface PageEntry {
  readonly key: ByteString;
  readonly id: ObjectId;
  readonly peeled: ObjectId | undefined;
}

/** The pkt-lines of a page in one form; `starts` has one entry more than there are refs. */
interface Serialized {
  bytes: Uint8Array;
  readonly starts: Uint32Array;
  /** Slices of `bytes` were handed out and may still wait in a socket, so they must not change. */
  isShared: boolean;
}

const PEELED_ATTRIBUTE = " peeled:";
const PEELED_SUFFIX = "^{}";

/**
 * A few hundred neighbouring refs, sorted by the bytes of their names, with their pkt-lines.
 *
 * The pkt-lines are made when they are first asked for. Moving a ref overwrites its id in them, in place while nobody
 * holds a slice and in a copy of this page after somebody got one; anything else drops them.
 */
export class RefPage {
  readonly #format: ObjectFormat;
  #entries: PageEntry[];
  #peeledCount: number;
  #forms = new Map<RefForm, Serialized>();

  constructor(format: ObjectFormat, entries: PageEntry[]) {
    this.#format = format;
    this.#entries = entries;
    this.#peeledCount = entries.filter((entry) => entry.peeled !== undefined).length;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The ref at `index`, which must exist. */
  at(index: number): PageEntry {
    return this.#entries[index]!;
  }

  /** The first index whose key satisfies `isReached`, which must stay true once it is; `size` when none does. */
  search(isReached: (key: ByteString) => boolean): number {
    let low = 0;
    for (let high = this.#entries.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (isReached(this.#entries[middle]!.key)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The pkt-lines of the refs from `from` up to `to`, without a copy. They never change afterwards. */
  slice(form: RefForm, from: number, to: number): Uint8Array {
    const serialized = this.#serialized(form);
    serialized.isShared = true;
    return serialized.bytes.subarray(serialized.starts[from], serialized.starts[to]);
  }

  /** Gives the ref at `index` a new id. */
  move(index: number, id: ObjectId, peeled: ObjectId | undefined): void {
    const previous = this.#entries[index]!;
    this.#entries[index] = { key: previous.key, id, peeled };
    if (previous.peeled === undefined && peeled === undefined)
      for (const serialized of this.#forms.values()) patchId(serialized, index, id);
    else this.#drop(Number(peeled !== undefined) - Number(previous.peeled !== undefined));
  }

  insert(index: number, entry: PageEntry): void {
    this.#entries.splice(index, 0, entry);
    this.#drop(entry.peeled === undefined ? 0 : 1);
  }

  remove(index: number): void {
    const [removed] = this.#entries.splice(index, 1);
    this.#drop(removed?.peeled === undefined ? 0 : -1);
  }

  /** Keeps the first half and returns a page with the other. */
  split(): RefPage {
    const other = new RefPage(this.#format, this.#entries.splice(this.#entries.length >>> 1));
    this.#drop(-other.#peeledCount);
    return other;
  }

  #drop(peeledCountChange: number): void {
    this.#peeledCount += peeledCountChange;
    this.#forms.clear();
  }

  /** Without an annotated tag in the page all forms are the same bytes. */
  #serialized(wanted: RefForm): Serialized {
    const form = this.#peeledCount === 0 ? "plain" : wanted;
    let serialized = this.#forms.get(form);
    if (serialized === undefined) {
      serialized = serialize(this.#entries, objectIdLength(this.#format), form);
      this.#forms.set(form, serialized);
    }
    return serialized;
  }
}

/** The pkt-lines of a single ref. `attributes` are put behind its name. */
export function encodeRefLine(id: ObjectId, key: string, attributes: string): Uint8Array {
  const line = new Uint8Array(4 + id.length + 1 + key.length + attributes.length + 1);
  writeLine(line, 0, [id, " ", key, attributes]);
  return line;
}

/** The line by which v0 says what the tag `key` points to. */
export function encodePeeledLine(peeled: ObjectId, key: string): Uint8Array {
  return encodeRefLine(peeled, key, PEELED_SUFFIX);
}

/** The attribute by which v2 says what a tag points to; empty for anything else. */
export function peeledAttribute(peeled: ObjectId | undefined): string {
  return peeled === undefined ? "" : PEELED_ATTRIBUTE + peeled;
}

function serialize(entries: readonly PageEntry[], idLength: number, form: RefForm): Serialized {
  const starts = new Uint32Array(entries.length + 1);
  for (const [index, entry] of entries.entries())
    starts[index + 1] = starts[index]! + serializedLength(entry, idLength, form);
  const bytes = new Uint8Array(starts[entries.length]!);
  for (const [index, { key, id, peeled }] of entries.entries()) {
    const attribute = form === "peeled-attribute" ? peeledAttribute(peeled) : "";
    const end = writeLine(bytes, starts[index]!, [id, " ", key, attribute]);
    if (form === "peeled-line" && peeled !== undefined) writeLine(bytes, end, [peeled, " ", key, PEELED_SUFFIX]);
  }
  return { bytes, starts, isShared: false };
}

function serializedLength({ key, peeled }: PageEntry, idLength: number, form: RefForm): number {
  const plain = 4 + idLength + 1 + key.length + 1;
  if (peeled === undefined || form === "plain") return plain;
  if (form === "peeled-attribute") return plain + PEELED_ATTRIBUTE.length + idLength;
  return 2 * plain + PEELED_SUFFIX.length;
}

function writeLine(target: Uint8Array, start: number, parts: readonly string[]): number {
  let offset = start + 4;
  for (const part of parts) offset = writeByteString(target, offset, part);
  target[offset] = 0x0a;
  writePktLineLength(target, start, offset + 1 - start);
  return offset + 1;
}

function patchId(serialized: Serialized, index: number, id: ObjectId): void {
  if (serialized.isShared) {
    serialized.bytes = serialized.bytes.slice();
    serialized.isShared = false;
  }
  writeByteString(serialized.bytes, serialized.starts[index]! + 4, id);
}
