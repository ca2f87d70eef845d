import { open } from "node:fs/promises";
import { GitEngineError } from "../errors.ts";

const MAGIC = 0xff744f63;
const HEADER_BYTES = 8;
const FANOUT_BYTES = 256 * 4;

/** The table of object ids of one pack: which objects are in it (pack-*.idx version 2, gitformat-pack(5)). */
export class PackIndex {
  readonly #fanout: Buffer;
  readonly #ids: Buffer;
  readonly #idLength: number;

  private constructor(fanout: Buffer, ids: Buffer, idLength: number) {
    this.#fanout = fanout;
    this.#ids = ids;
    this.#idLength = idLength;
  }

  /** Reads the ids of an index that git has just written: 20 or 32 bytes of memory for each object. */
  static async read(path: string, idLength: number): Promise<PackIndex> {
    await using file = await open(path, "r");
    const head = Buffer.alloc(HEADER_BYTES + FANOUT_BYTES);
    await file.read(head, 0, head.length, 0);
    if (head.readUInt32BE(0) !== MAGIC || head.readUInt32BE(4) !== 2) {
      throw new GitEngineError("protocol-violation", "git wrote a pack index that is not version 2", undefined);
    }
    const fanout = head.subarray(HEADER_BYTES);
    const ids = Buffer.alloc(fanout.readUInt32BE(FANOUT_BYTES - 4) * idLength);
    await file.read(ids, 0, ids.length, head.length);
    return new PackIndex(fanout, ids, idLength);
  }

  /** Objects in the pack. */
  get objectCount(): number {
    return this.#ids.length / this.#idLength;
  }

  /** Where the offsets of small packs begin in the file: after ids and checksums. */
  get offsetTableStart(): number {
    return HEADER_BYTES + FANOUT_BYTES + this.objectCount * (this.#idLength + 4);
  }

  /** Whether the pack holds the object with this id. */
  has(id: string): boolean {
    const wanted = Buffer.from(id, "hex");
    const first = wanted[0]!;
    let low = first === 0 ? 0 : this.#fanout.readUInt32BE(4 * (first - 1));
    let high = this.#fanout.readUInt32BE(4 * first);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = middle * this.#idLength;
      const order = this.#ids.compare(wanted, 0, this.#idLength, start, start + this.#idLength);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}
