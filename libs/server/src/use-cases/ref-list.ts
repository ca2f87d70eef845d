import { byteStringOf, type ByteString } from "@guts/git";
import { isZeroObjectId, type ObjectId, type RefName } from "@guts/primitives";

/** A ref and where it points. */
export interface NamedRef {
  readonly name: RefName;
  readonly id: ObjectId;
}

interface Entry extends NamedRef {
  /** The bytes of the name, by which git orders refs. */
  readonly key: ByteString;
}

/** Refs by the bytes of their names. Looking one up and counting those under a prefix is a binary search. */
export class RefList implements Iterable<NamedRef> {
  readonly #entries: Entry[];

  /** `refs` come in the order of their names' bytes, as the state has them. */
  constructor(refs: Iterable<readonly [RefName, ObjectId]>) {
    this.#entries = Array.from(refs, ([name, id]) => ({ name, id, key: byteStringOf(name) }));
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Where the ref points; undefined when it is not there. */
  get(name: RefName): ObjectId | undefined {
    const key = byteStringOf(name);
    const entry = this.#entries[this.#lowerBound(key)];
    return entry?.key === key ? entry.id : undefined;
  }

  /** The refs whose names begin with `prefix`, in order. */
  under(prefix: string): readonly NamedRef[] {
    const [start, end] = this.#rangeOf(prefix);
    return this.#entries.slice(start, end);
  }

  /** How many names begin with `prefix`. */
  count(prefix: string): number {
    const [start, end] = this.#rangeOf(prefix);
    return end - start;
  }

  [Symbol.iterator](): Iterator<NamedRef> {
    return this.#entries[Symbol.iterator]();
  }

  /** Creates, moves or, with the zero id, deletes a ref. */
  move(name: RefName, id: ObjectId): void {
    const key = byteStringOf(name);
    const index = this.#lowerBound(key);
    const isThere = this.#entries[index]?.key === key;
    if (isZeroObjectId(id)) this.#entries.splice(index, isThere ? 1 : 0);
    else this.#entries.splice(index, isThere ? 1 : 0, { name, id, key });
  }

  #rangeOf(prefix: string): readonly [start: number, end: number] {
    const key = byteStringOf(prefix);
    // No byte of UTF-8 is above 0xf7, so this sorts behind every name with the prefix.
    return [this.#lowerBound(key), this.#lowerBound(`${key}\u00ff` as ByteString)];
  }

  /** The first index whose key is not below `key`. */
  #lowerBound(key: ByteString): number {
    let low = 0;
    for (let high = this.#entries.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.key < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
