/** What a disk writes at once, and so what a power loss tears a write into. */
export const pageBytes = 4096;

/** A change to a file's bytes that is not yet durable. */
export type FileChange =
  | { readonly type: "write"; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: "zeros"; readonly offset: number; readonly length: number }
  | { readonly type: "truncate"; readonly length: number }
  | { readonly type: "content"; readonly bytes: Buffer };

/** A file's bytes by page; a page that is not there is all zeros. */
export class SparseFile {
  size = 0;
  readonly #pages = new Map<number, Buffer>();

  clone(): SparseFile {
    const copy = new SparseFile();
    copy.size = this.size;
    for (const [number, page] of this.#pages) copy.#pages.set(number, page); // Pages are never changed in place.
    return copy;
  }

  /**
   * Applies a change. `keepsPage` is asked for each page of a write, and once for a truncation, whether it reached the
   * disk; `keepsLength` whether the file has grown although a page did not.
   */
  apply(change: FileChange, keepsPage: () => boolean = () => true, keepsLength: () => boolean = () => true): void {
    switch (change.type) {
      case "truncate":
        if (keepsPage()) this.#resize(change.length);
        break;
      case "content":
        if (keepsPage()) this.#resize(0);
        this.#write({ offset: 0, bytes: change.bytes, length: change.bytes.length }, keepsPage, keepsLength);
        break;
      case "zeros":
        this.#write({ ...change, bytes: undefined }, keepsPage, keepsLength);
        break;
      case "write":
        this.#write({ ...change, length: change.bytes.length }, keepsPage, keepsLength);
        break;
    }
  }

  /** The pages that are not zeros, by number, cut at the file's end. */
  *pages(): Generator<readonly [offset: number, bytes: Buffer], undefined> {
    for (const [number, page] of this.#pages) {
      const offset = number * pageBytes;
      if (offset < this.size) yield [offset, page.subarray(0, Math.min(pageBytes, this.size - offset))];
    }
  }

  toBuffer(): Buffer {
    const bytes = Buffer.alloc(this.size);
    for (const [offset, page] of this.pages()) page.copy(bytes, offset);
    return bytes;
  }

  #write(
    { offset, length, bytes }: { readonly offset: number; readonly length: number; readonly bytes: Buffer | undefined },
    keepsPage: () => boolean,
    keepsLength: () => boolean,
  ): void {
    for (let at = offset; at < offset + length;) {
      const number = Math.floor(at / pageBytes);
      const end = Math.min((number + 1) * pageBytes, offset + length);
      if (keepsPage()) {
        this.#put(number, at, bytes?.subarray(at - offset, end - offset), end);
        this.size = Math.max(this.size, end);
      } else if (keepsLength()) this.size = Math.max(this.size, end);
      at = end;
    }
  }

  #put(number: number, at: number, bytes: Buffer | undefined, end: number): void {
    const start = number * pageBytes;
    if (bytes === undefined && end - at === pageBytes) {
      this.#pages.delete(number);
      return;
    }
    const page = Buffer.alloc(pageBytes);
    this.#pages.get(number)?.copy(page);
    if (bytes === undefined) page.fill(0, at - start, end - start);
    else bytes.copy(page, at - start);
    this.#pages.set(number, page);
  }

  #resize(length: number): void {
    if (length < this.size) {
      const last = Math.floor(length / pageBytes);
      for (const number of this.#pages.keys()) if (number > last) this.#pages.delete(number);
      const kept = this.#pages.get(last);
      if (kept !== undefined) {
        const page = Buffer.alloc(pageBytes);
        kept.copy(page, 0, 0, length - last * pageBytes);
        this.#pages.set(last, page);
      }
    }
    this.size = length;
  }
}
