import type { ObjectId, RepositoryId } from "@guts/primitives";
import { objectReadersMax } from "../limits.ts";
import { CatFile, type ObjectContents, type ObjectInfo } from "../resident/cat-file.ts";
import { ResidentPool } from "../resident/resident-pool.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitRunner } from "../spawner/git-process.ts";

/** Reads objects through long-lived processes, one for each hot repository. */
export class ObjectReaders implements Disposable {
  readonly #runner: GitRunner;
  readonly #pool: ResidentPool<RepositoryId, CatFile>;
  readonly #closing = new AbortController();

  constructor(runner: GitRunner, countMax: number = objectReadersMax) {
    this.#runner = runner;
    this.#pool = new ResidentPool(countMax);
  }

  /** Type and size of an object or ref; undefined when it is not there. */
  async info(place: RepositoryPlace, name: string): Promise<ObjectInfo | undefined> {
    return this.#use(place, (reader) => reader.info(name));
  }

  /** Type and size of each object, in order. */
  async infos(place: RepositoryPlace, names: readonly string[]): Promise<readonly (ObjectInfo | undefined)[]> {
    return this.#use(place, (reader) => Promise.all(names.map((name) => reader.info(name))));
  }

  /** The content of an object; undefined when it is not there. The caller has checked that it is small. */
  async contents(place: RepositoryPlace, id: ObjectId): Promise<ObjectContents | undefined> {
    return this.#use(place, (reader) => reader.contents(id));
  }

  /** For each annotated tag among `ids`, what it finally points to; other objects have no entry. */
  async peel(place: RepositoryPlace, ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, ObjectId>> {
    if (ids.length === 0) return new Map();
    const infos = await this.infos(
      place,
      ids.map((id) => `${id}^{}`),
    );
    const pairs = ids.map((id, index) => [id, infos[index]?.id] as const);
    return new Map(pairs.filter((pair): pair is [ObjectId, ObjectId] => pair[1] !== undefined && pair[1] !== pair[0]));
  }

  /** Ends the reader of a repository, for example because its packs were replaced. */
  retire(id: RepositoryId): void {
    this.#pool.retire(id);
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
    this.#closing.abort();
  }

  #use<Result>({ id, path }: RepositoryPlace, work: (reader: CatFile) => Promise<Result>): Promise<Result> {
    return this.#pool.use(id, () => CatFile.start(this.#runner, path, this.#closing.signal), work);
  }
}
