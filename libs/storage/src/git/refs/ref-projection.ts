import { mkdir, readdir, readFile, rm, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isZeroObjectId, type ObjectId, type RefName, type RepositoryId } from "@guts/primitives";
import { isSystemError, replaceFileDurably, syncDirectory } from "../durable.ts";
import { checkedRefUpdatesMax, looseRefUpdatesMax, refWritersMax } from "../limits.ts";
import type { ReachabilityRecord } from "../reachability.ts";
import type { ObjectReaders } from "../read/object-readers.ts";
import { ResidentPool } from "../resident/resident-pool.ts";
import { UpdateRef } from "../resident/update-ref.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import { assertSuccess, collect, linesOf } from "../spawner/output.ts";
import { removeStaleLocks } from "../sweep.ts";
import { type PackedRef, readPackedRefs, writePackedRefs } from "./packed-refs.ts";

/** A ref and the value it shall have; the zero id removes it. */
export interface ProjectedRef {
  readonly name: RefName;
  readonly newId: ObjectId;
}

/**
 * Writes refs to disk as the ledger has decided them. It asks nothing and compares nothing: the same projection twice is
 * the same as once, and a lost one is repaired by a rebuild. The caller holds the repository's lock.
 */
export class RefProjection implements Disposable {
  readonly #runner: GitRunner;
  readonly #record: ReachabilityRecord;
  readonly #readers: ObjectReaders;
  readonly #writers = new ResidentPool<RepositoryId, UpdateRef>(refWritersMax);
  readonly #closing = new AbortController();
  /** Directories whose names git has changed and not synced. */
  #unsynced = new Set<string>();

  constructor(runner: GitRunner, record: ReachabilityRecord, readers: ObjectReaders) {
    this.#runner = runner;
    this.#record = record;
    this.#readers = readers;
  }

  /**
   * 1. Note, durably, that objects may become unreachable, if any update may do that. 2. Remove refs, so that `a` makes
   * room for `a/b`. 3. Set refs. 4. Point HEAD. 5. Settle the pushes that waited for this.
   */
  async project(
    place: RepositoryPlace,
    updates: readonly ProjectedRef[],
    head: RefName,
    signal: AbortSignal,
  ): Promise<void> {
    const last = new Map(updates.map((update) => [update.name, update.newId]));
    if (await this.#mayLose(place, updates, signal)) await this.#record.mark(place.id, place.path);
    if (last.size > looseRefUpdatesMax) await this.#projectPacked(place, last);
    else if (last.size > 0) await this.#projectLoose(place, last);
    await pointHead(place.path, head);
    await this.#record.onProjected(place.id, updates);
  }

  /** Makes the refs on disk exactly `refs`, whatever they were. */
  async rebuild(
    place: RepositoryPlace,
    refs: ReadonlyMap<RefName, ObjectId>,
    head: RefName,
    signal: AbortSignal,
  ): Promise<void> {
    if (await this.#losesAny(place, refs, signal)) await this.#record.mark(place.id, place.path);
    this.#writers.retire(place.id);
    await removeStaleLocks(place.path);
    await writePackedRefs(place.path, await this.#peelAll(place, refs));
    await removeLooseRefs(place.path);
    await pointHead(place.path, head);
    await this.#record.onProjected(
      place.id,
      Array.from(refs, ([name, newId]) => ({ name, newId })),
    );
  }

  /** The refs as they are on disk. */
  async read({ path: repositoryPath }: RepositoryPlace, signal: AbortSignal): Promise<ReadonlyMap<RefName, ObjectId>> {
    const args = ["for-each-ref", "--format=%(objectname) %(refname)"];
    const process = await this.#runner.run({ class: "read", args, repositoryPath, signal });
    const refs = new Map<RefName, ObjectId>();
    for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) {
      for (const line of lines) {
        const space = line.indexOf(" ");
        refs.set(refNameOf(line.slice(space + 1)), line.slice(0, space) as ObjectId);
      }
    }
    // A ref that cannot be read, because a power loss or a missing object spoilt it, is not there for us.
    await assertSuccess(process, [0, 1, 128]);
    return refs;
  }

  /** Makes everything projected until now durable: git syncs the files of refs, not their names. */
  async sync(): Promise<void> {
    const directories = this.#unsynced;
    this.#unsynced = new Set();
    for (const directory of directories) {
      try {
        await syncDirectory(directory);
      } catch (error) {
        if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error; // It went with its last ref.
      }
    }
  }

  /** Ends the writer of a repository, for example because it is deleted. */
  retire(id: RepositoryId): void {
    this.#writers.retire(id);
  }

  [Symbol.dispose](): void {
    this.#writers[Symbol.dispose]();
    this.#closing.abort();
  }

  async #projectLoose({ id, path }: RepositoryPlace, last: ReadonlyMap<RefName, ObjectId>): Promise<void> {
    for (const name of last.keys()) {
      for (let at = dirname(name); ; at = dirname(at)) {
        this.#unsynced.add(join(path, at));
        if (at === ".") break;
      }
    }
    const deletions = [...last].filter(([, newId]) => isZeroObjectId(newId)).map(([name]) => `delete ${name}`);
    const settings = [...last]
      .filter(([, newId]) => !isZeroObjectId(newId))
      .map(([name, newId]) => `update ${name} ${newId}`);
    const open = async (): Promise<UpdateRef> => {
      await removeStaleLocks(path);
      return UpdateRef.start(this.#runner, path, this.#closing.signal);
    };
    await this.#writers.use(id, open, async (writer) => {
      if (deletions.length > 0) await writer.transact(deletions);
      if (settings.length > 0) await writer.transact(settings);
    });
  }

  /** Packed first, then the loose files that would hide the packed values. A crash in between is repaired by repeating. */
  async #projectPacked(place: RepositoryPlace, last: ReadonlyMap<RefName, ObjectId>): Promise<void> {
    this.#writers.retire(place.id);
    await removeStaleLocks(place.path);
    const refs = await readPackedRefs(place.path);
    const present = new Map([...last].filter(([, newId]) => !isZeroObjectId(newId)));
    for (const name of last.keys()) refs.delete(name);
    for (const [name, ref] of await this.#peelAll(place, present)) refs.set(name, ref);
    await writePackedRefs(place.path, refs);
    await removeLooseFiles(place.path, last.keys());
  }

  /** Branches name commits; anything else may be a tag. */
  async #peelAll(
    place: RepositoryPlace,
    refs: ReadonlyMap<RefName, ObjectId>,
  ): Promise<ReadonlyMap<RefName, PackedRef>> {
    const mayBeTags = [...refs].filter(([name]) => !name.startsWith("refs/heads/")).map(([, id]) => id);
    const peeled = await this.#readers.peel(place, mayBeTags);
    return new Map(Array.from(refs, ([name, id]) => [name, { id, peeled: peeled.get(id) }]));
  }

  /** Whether an update may take objects away from the refs, as far as that can be known cheaply. */
  async #mayLose(place: RepositoryPlace, updates: readonly ProjectedRef[], signal: AbortSignal): Promise<boolean> {
    const unproven = updates.filter(({ name, newId }) => !this.#record.findSafeUpdate(place.id, name, newId));
    if (unproven.length > checkedRefUpdatesMax) return true;
    for (const update of unproven) if (await this.#loses(place, update, signal)) return true;
    return false;
  }

  async #loses(place: RepositoryPlace, { name, newId }: ProjectedRef, signal: AbortSignal): Promise<boolean> {
    const current = await this.#readers.info(place, name);
    if (current === undefined || current.id === newId) return false;
    if (isZeroObjectId(newId) || (await this.#record.isMarked(place.id, place.path))) return true;
    const args = ["merge-base", "--is-ancestor", current.id, newId];
    const job = { class: "read" as const, args, repositoryPath: place.path, signal };
    return (await collect(this.#runner, job, { acceptedCodes: [0, 1, 128] })).exitCode !== 0;
  }

  async #losesAny(place: RepositoryPlace, refs: ReadonlyMap<RefName, ObjectId>, signal: AbortSignal): Promise<boolean> {
    const process = await this.#runner.run({
      class: "read",
      args: ["for-each-ref", "--format=%(objectname) %(refname)"],
      repositoryPath: place.path,
      signal,
    });
    for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) {
      if (lines.some((line) => !isKept(line, refs))) return true;
    }
    // Refs that a power loss left unreadable are about to be replaced; what they named is unknown.
    const { code } = await assertSuccess(process, [0, 1, 128]);
    return code !== 0;
  }
}

/** Whether a line of `for-each-ref` is also among `refs`. */
function isKept(line: string, refs: ReadonlyMap<RefName, ObjectId>): boolean {
  const space = line.indexOf(" ");
  return refs.get(refNameOf(line.slice(space + 1))) === line.slice(0, space);
}

/** A ref's name from git's output, which is read byte by byte. */
function refNameOf(latin1: string): RefName {
  return Buffer.from(latin1, "latin1").toString("utf8") as RefName;
}

/** Makes HEAD name a ref, born or not. Nothing is written when it does already. */
async function pointHead(repositoryPath: string, head: RefName): Promise<void> {
  const path = join(repositoryPath, "HEAD");
  const content = `ref: ${head}\n`;
  if ((await readFile(path, "utf8")) !== content) await replaceFileDurably(path, content);
}

async function removeLooseRefs(repositoryPath: string): Promise<void> {
  const refs = join(repositoryPath, "refs");
  for (const name of await readdir(refs)) await rm(join(refs, name), { recursive: true, force: true });
  for (const name of ["heads", "tags"]) await mkdir(join(refs, name), { mode: 0o700 });
  await syncDirectory(refs);
}

async function removeLooseFiles(repositoryPath: string, names: Iterable<RefName>): Promise<void> {
  const changed = new Set<string>();
  for (const name of names) {
    try {
      await unlink(join(repositoryPath, name));
      changed.add(dirname(join(repositoryPath, name)));
    } catch (error) {
      // Not there, or a directory of other refs.
      if (!isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR", "EPERM")) throw error;
    }
  }
  for (const directory of changed) await syncDirectory(directory);
}
