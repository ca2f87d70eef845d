/**
 * The refs of one repository as its clients see them, ready to be sent.
 *
 * Refs are kept in pages sorted by the bytes of their names, as git sorts them, with their pkt-lines already written
 * (gitprotocol-v2 `ls-refs`, gitprotocol-pack "Reference Discovery"). A `ref-prefix` is therefore a binary search to a
 * run of lines that is sent without a copy; moving a ref overwrites its id; creating or deleting one rewrites one page,
 * when it is next read. Slices that were handed out stay as they are: a reply that still waits in a socket is a
 * consistent answer of its moment.
 *
 * The caller leaves hidden refs out.
 */
import { assert, type ObjectFormat, type ObjectId, type RefName } from "@guts/primitives";
import { byteStringOf, type ByteString } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import type { LsRefsRequest } from "./ls-refs-request.ts";
import { encodeFlush, encodePktLine } from "./pkt-line.ts";
import { encodeRefLine, peeledAttribute, RefPage, type PageEntry, type RefForm } from "./ref-page.ts";

/** One ref. `peeled` is what an annotated tag finally points to. */
export interface AdvertisedRef {
  readonly name: RefName;
  readonly id: ObjectId;
  readonly peeled?: ObjectId | undefined;
}

/** What HEAD is: the name of a branch, born or not, or (never in a Guts repository) a commit itself. */
export type AdvertisedHead = { readonly target: RefName } | { readonly id: ObjectId };

/** What a `RefAdvertisement` is made from. Refs may come in any order, each name once. */
export interface RefAdvertisementOptions {
  readonly objectFormat: ObjectFormat;
  readonly head: AdvertisedHead;
  readonly refs: Iterable<AdvertisedRef>;
}

/** HEAD as it stands: `id` is undefined while its branch does not exist. */
export interface ResolvedHead {
  readonly target: RefName | undefined;
  readonly id: ObjectId | undefined;
  readonly peeled: ObjectId | undefined;
}

const PAGE_REFS = 512;
const PAGE_REFS_MAX = 2 * PAGE_REFS;
const HEAD_KEY = "HEAD";

/** Slices shorter than this are joined with their neighbours: a copy is cheaper than a write of its own. */
const SLICE_BYTES_MIN = 4096;

/** Where a ref is, or would be. */
interface Position {
  readonly page: number;
  readonly index: number;
}

/** See the top of this file. */
export class RefAdvertisement {
  readonly objectFormat: ObjectFormat;
  #head: AdvertisedHead;
  #pages: RefPage[] = [];
  #size = 0;

  constructor({ objectFormat, head, refs }: RefAdvertisementOptions) {
    this.objectFormat = objectFormat;
    this.#head = head;
    const entries = Array.from(refs, toEntry).sort((left, right) => (left.key < right.key ? -1 : 1));
    for (let index = 1; index < entries.length; index++)
      assert(entries[index - 1]!.key !== entries[index]!.key, "a ref is advertised once");
    for (let start = 0; start < entries.length; start += PAGE_REFS)
      this.#pages.push(new RefPage(objectFormat, entries.slice(start, start + PAGE_REFS)));
    this.#size = entries.length;
  }

  /** How many refs there are, without HEAD. */
  get size(): number {
    return this.#size;
  }

  /** The id of a ref, or undefined. */
  get(name: RefName): ObjectId | undefined {
    return this.#find(byteStringOf(name))?.id;
  }

  /** Creates the ref or moves it. */
  set(ref: AdvertisedRef): void {
    const entry = toEntry(ref);
    const position = this.#search((key) => key >= entry.key);
    const page = this.#pages[position.page];
    if (page !== undefined && position.index < page.size && page.at(position.index).key === entry.key)
      page.move(position.index, entry.id, entry.peeled);
    else this.#insert(position, entry);
  }

  /** Removes the ref, if it is there. */
  delete(name: RefName): void {
    const key = byteStringOf(name);
    const position = this.#search((other) => other >= key);
    const page = this.#pages[position.page];
    if (page === undefined || position.index === page.size || page.at(position.index).key !== key) return;
    page.remove(position.index);
    if (page.size === 0) this.#pages.splice(position.page, 1);
    this.#size--;
  }

  /** Points HEAD elsewhere. */
  setHead(head: AdvertisedHead): void {
    this.#head = head;
  }

  /** HEAD and what it leads to now. */
  get head(): ResolvedHead {
    if ("id" in this.#head) return { target: undefined, id: this.#head.id, peeled: undefined };
    const entry = this.#find(byteStringOf(this.#head.target));
    return { target: this.#head.target, id: entry?.id, peeled: entry?.peeled };
  }

  /** The ref that sorts first. */
  get first(): PageEntry | undefined {
    return this.#pages[0]?.at(0);
  }

  /** The pkt-lines of all refs in a form, without the first `skip` (0 or 1) refs and without HEAD. */
  lines(form: RefForm, skip: 0 | 1): Uint8Array[] {
    return this.#range(form, { page: 0, index: skip }, { page: this.#pages.length, index: 0 });
  }

  /** The response to `ls-refs`, with its flush: chunks to be sent in order. */
  lsRefs(request: LsRefsRequest): readonly Uint8Array[] {
    const prefixes = distinctPrefixes(request.refPrefixes);
    const chunks: Uint8Array[] = [];
    if (prefixes.some((prefix) => HEAD_KEY.startsWith(prefix))) chunks.push(...this.#headLine(request));
    const form = request.peel ? "peeled-attribute" : "plain";
    for (const prefix of prefixes) {
      const from = this.#search((key) => key >= prefix);
      const to = this.#search((key) => key >= prefix && !key.startsWith(prefix));
      chunks.push(...this.#range(form, from, to));
    }
    return joinShort([...chunks, encodeFlush()]);
  }

  #headLine(request: LsRefsRequest): Uint8Array[] {
    const { target, id, peeled } = this.head;
    const symref = request.symrefs && target !== undefined ? ` symref-target:${byteStringOf(target)}` : "";
    if (id !== undefined) return [encodeRefLine(id, HEAD_KEY, symref + (request.peel ? peeledAttribute(peeled) : ""))];
    return request.unborn && symref !== "" ? [encodePktLine(`unborn ${HEAD_KEY}${symref}\n`)] : [];
  }

  #find(key: ByteString): PageEntry | undefined {
    const { page, index } = this.#search((other) => other >= key);
    const entry = index < (this.#pages[page]?.size ?? 0) ? this.#pages[page]!.at(index) : undefined;
    return entry?.key === key ? entry : undefined;
  }

  /** The first position whose key satisfies `isReached`; behind the last ref when none does. */
  #search(isReached: (key: ByteString) => boolean): Position {
    let low = 0;
    for (let high = this.#pages.length; low < high;) {
      const middle = (low + high) >>> 1;
      const page = this.#pages[middle]!;
      if (isReached(page.at(page.size - 1).key)) high = middle;
      else low = middle + 1;
    }
    return { page: low, index: this.#pages[low]?.search(isReached) ?? 0 };
  }

  #insert(position: Position, entry: PageEntry): void {
    this.#size++;
    const isBehindAll = position.page === this.#pages.length;
    const pageIndex = isBehindAll ? Math.max(0, position.page - 1) : position.page;
    const page = this.#pages[pageIndex];
    if (page === undefined) {
      this.#pages.push(new RefPage(this.objectFormat, [entry]));
      return;
    }
    page.insert(isBehindAll ? page.size : position.index, entry);
    if (page.size > PAGE_REFS_MAX) this.#pages.splice(pageIndex + 1, 0, page.split());
  }

  #range(form: RefForm, from: Position, to: Position): Uint8Array[] {
    const slices: Uint8Array[] = [];
    for (let number = from.page; number <= to.page && number < this.#pages.length; number++) {
      const page = this.#pages[number]!;
      const start = number === from.page ? Math.min(from.index, page.size) : 0;
      const end = number === to.page ? to.index : page.size;
      if (start < end) slices.push(page.slice(form, start, end));
    }
    return slices;
  }
}

/** Joins runs of short chunks, so that a reply is few writes; long ones stay slices. */
export function joinShort(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (chunk.length < SLICE_BYTES_MIN) run.push(chunk);
    else {
      if (run.length > 0) joined.push(joinBytes(run));
      joined.push(chunk);
      run = [];
    }
  }
  return run.length > 0 ? [...joined, joinBytes(run)] : joined;
}

function toEntry(ref: AdvertisedRef): PageEntry {
  return { key: byteStringOf(ref.name), id: ref.id, peeled: ref.peeled };
}

/** Sorted prefixes, none of which begins with another: the runs they select neither overlap nor touch out of order. */
function distinctPrefixes(prefixes: readonly ByteString[]): readonly ByteString[] {
  const all = prefixes.length === 0 ? ["" as ByteString] : [...prefixes].sort((left, right) => (left < right ? -1 : 1));
  const distinct: ByteString[] = [];
  for (const prefix of all) {
    const last = distinct.at(-1);
    if (last === undefined || !prefix.startsWith(last)) distinct.push(prefix);
  }
  return distinct;
}
