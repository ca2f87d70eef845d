import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import { LRUCache } from "lru-cache";
import type { ObjectId, RepositoryId } from "@guts/primitives";
import { isSystemError, randomToken } from "../durable.ts";
import { draftBytesMax, draftCountMax, draftIndexesMax, draftLifeMs } from "../limits.ts";
import type { ObjectType } from "../push/receive-outcome.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { NewObject } from "./object-encoding.ts";

const deflateAsync = promisify(deflate);
const inflateAsync = promisify(inflate);

interface Draft {
  readonly bytes: number;
  readonly writtenMs: number;
}

type Index = Map<ObjectId, Draft>;

/**
 * Objects that were made one by one and that no ref reaches yet: blobs, trees and commits of the API before a ref is moved to them.
 *
 * They lie as loose objects in `drafts/` of their repository, where git does not look, so nothing shows them and no other node has
 * them. They live for a while and within a bound; the oldest go first. A crash may lose them, which costs their maker a repetition.
 */
export class DraftStore {
  readonly #indexes = new LRUCache<RepositoryId, Promise<Index>>({
    maxSize: draftIndexesMax,
    sizeCalculation: () => 1,
  });

  /** Keeps an object; one that is there already lives anew. */
  async write(place: RepositoryPlace, { id, type, bytes }: NewObject): Promise<void> {
    const packed = await deflateAsync(Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]));
    const path = draftPath(place, id);
    const temporary = `${path}.${randomToken()}.tmp`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, packed, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
    const index = await this.#index(place);
    index.delete(id);
    index.set(id, { bytes: packed.length, writtenMs: Date.now() });
    await this.#shrink(place, index);
  }

  /** Whether the object is a draft. */
  async has(place: RepositoryPlace, id: ObjectId): Promise<boolean> {
    const draft = (await this.#index(place)).get(id);
    return draft !== undefined && draft.writtenMs + draftLifeMs > Date.now();
  }

  /** A draft; undefined when there is none. */
  async read(place: RepositoryPlace, id: ObjectId): Promise<NewObject | undefined> {
    if (!(await this.has(place, id))) return undefined;
    try {
      const bytes = await inflateAsync(await readFile(draftPath(place, id)));
      const end = bytes.indexOf(0);
      const type = bytes.toString("latin1", 0, bytes.indexOf(32)) as ObjectType;
      return { id, type, bytes: bytes.subarray(end + 1) };
    } catch (error) {
      if (isSystemError(error, "ENOENT")) return undefined; // It has just gone.
      throw error;
    }
  }

  /** Forgets what is known of a repository, which is gone or replaced. */
  forget(id: RepositoryId): void {
    this.#indexes.delete(id);
  }

  #index(place: RepositoryPlace): Promise<Index> {
    const known = this.#indexes.get(place.id);
    if (known !== undefined) return known;
    const loading = loadIndex(place);
    this.#indexes.set(place.id, loading);
    return loading;
  }

  /** Removes what is too old, and the oldest of what is too much. The index is in order of age. */
  async #shrink(place: RepositoryPlace, index: Index): Promise<void> {
    let bytes = 0;
    for (const draft of index.values()) bytes += draft.bytes;
    const oldestMs = Date.now() - draftLifeMs;
    for (const [id, draft] of index) {
      if (draft.writtenMs > oldestMs && bytes <= draftBytesMax && index.size <= draftCountMax) break;
      bytes -= draft.bytes;
      index.delete(id);
      await rm(draftPath(place, id), { force: true });
    }
  }
}

function draftPath({ path }: RepositoryPlace, id: ObjectId): string {
  return join(path, "drafts", id.slice(0, 2), id.slice(2));
}

async function loadIndex({ path }: RepositoryPlace): Promise<Index> {
  const folder = join(path, "drafts");
  const names = await readdir(folder, { recursive: true }).catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  });
  const drafts: (readonly [ObjectId, Draft])[] = [];
  for (const name of names) {
    const id = name.replace("/", "");
    const file = join(folder, name);
    const isTemporary = name.endsWith(".tmp");
    if (!isTemporary && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) continue;
    const { size, mtimeMs } = await stat(file);
    if (isTemporary) {
      // What is being written is young.
      if (mtimeMs + draftLifeMs < Date.now()) await rm(file, { force: true });
      continue;
    }
    drafts.push([id as ObjectId, { bytes: size, writtenMs: mtimeMs }]);
  }
  return new Map(drafts.sort(([, left], [, right]) => left.writtenMs - right.writtenMs));
}
