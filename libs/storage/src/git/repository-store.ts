import { access, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectFormat, RepositoryId } from "@guts/primitives";
import { isSystemError, randomToken, syncDirectory, writeSyncedFile } from "./durable.ts";
import { GitEngineError, isGitEngineError } from "./errors.ts";
import { sharePacks } from "./share-packs.ts";

/** A repository on disk. */
export interface RepositoryPlace {
  readonly id: RepositoryId;
  readonly path: string;
}

/**
 * Where repositories are: `repositories/<xx>/<id>.git`, xx being the low byte of the id, so that a directory never
 * holds a million names. They are bare, written by us without templates, and hold no hooks.
 *
 * A repository appears and disappears by one rename from or to `temporary/`, so a crash leaves all of it or none.
 */
export class RepositoryStore {
  readonly #repositories: string;
  readonly #temporary: string;
  readonly #known = new Set<RepositoryId>();

  private constructor(directory: string) {
    this.#repositories = join(directory, "repositories");
    this.#temporary = join(directory, "temporary");
  }

  /** Makes the two directories when they are missing. */
  static async open(directory: string): Promise<RepositoryStore> {
    const store = new RepositoryStore(directory);
    await mkdir(store.#repositories, { recursive: true, mode: 0o700 });
    await mkdir(store.#temporary, { recursive: true, mode: 0o700 });
    await syncDirectory(directory);
    return store;
  }

  /** The directory of a repository, whether it exists or not. */
  path(id: RepositoryId): string {
    const shard = (id % 256).toString(16).padStart(2, "0");
    return join(this.#repositories, shard, `${id}.git`);
  }

  /** Whether the repository exists. */
  async has(id: RepositoryId): Promise<boolean> {
    try {
      await this.existing(id);
      return true;
    } catch (error) {
      if (isGitEngineError(error, "repository-missing")) return false;
      throw error;
    }
  }

  /** The directory of a repository that exists; throws `repository-missing` otherwise. */
  async existing(id: RepositoryId): Promise<string> {
    const path = this.path(id);
    if (this.#known.has(id)) return path;
    try {
      await access(join(path, "HEAD"));
    } catch (cause) {
      if (!isSystemError(cause, "ENOENT")) throw cause;
      throw new GitEngineError("repository-missing", `no repository ${id}`, { path }, { cause });
    }
    this.#known.add(id);
    return path;
  }

  /** Makes an empty repository that nobody sees, to {@link replace} one with. */
  async stage(id: RepositoryId, format: ObjectFormat): Promise<string> {
    const path = join(this.#temporary, `staged-${id}-${randomToken()}`);
    await writeEmptyRepository(path, format);
    return path;
  }

  /** Removes a staged repository. */
  async discard(staged: string): Promise<void> {
    await rm(staged, { recursive: true, force: true });
  }

  /**
   * Puts a staged repository in the place of the one with this id, if there is one.
   *
   * Two renames: after a crash between them there is none, which its caller finds and repairs again; never a mixture.
   */
  async replace(id: RepositoryId, staged: string): Promise<void> {
    const path = this.path(id);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await syncDirectory(this.#repositories);
    await this.delete(id);
    await rename(staged, path);
    await syncDirectory(dirname(path));
  }

  /** Makes a repository with the packs of another, if that is there; one that is there itself stays as it is. */
  async fork(id: RepositoryId, format: ObjectFormat, source: RepositoryId): Promise<void> {
    if (await this.has(id)) return;
    await this.#place(id, format, async (path) => {
      if (await this.has(source)) await sharePacks(this.path(source), path);
    });
  }

  /** Makes an empty repository; one that is there stays as it is. */
  async create(id: RepositoryId, format: ObjectFormat): Promise<void> {
    await this.#place(id, format, async () => {});
  }

  /** Makes a repository beside its place, and puts it there once it is filled. */
  async #place(id: RepositoryId, format: ObjectFormat, fill: (path: string) => Promise<void>): Promise<void> {
    const path = this.path(id);
    const temporary = join(this.#temporary, `new-${id}-${randomToken()}`);
    const shard = dirname(path);
    await writeEmptyRepository(temporary, format);
    await fill(temporary);
    await mkdir(shard, { recursive: true, mode: 0o700 });
    await syncDirectory(this.#repositories);
    try {
      await rename(temporary, path);
    } catch (error) {
      if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
      await rm(temporary, { recursive: true, force: true });
    }
    await syncDirectory(shard);
  }

  /** Takes a repository away; one that is not there is fine. */
  async delete(id: RepositoryId): Promise<void> {
    const path = this.path(id);
    const doomed = join(this.#temporary, `deleted-${id}-${randomToken()}`);
    this.#known.delete(id);
    try {
      await rename(path, doomed);
    } catch (error) {
      if (isSystemError(error, "ENOENT")) return;
      throw error;
    }
    await syncDirectory(dirname(path));
    await rm(doomed, { recursive: true, force: true });
  }

  /** Removes what a crash left half made or half deleted. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#temporary)) {
      await rm(join(this.#temporary, name), { recursive: true, force: true });
    }
  }

  /** The directories of all repositories. */
  async *all(): AsyncGenerator<string, void, undefined> {
    for (const shard of await readdir(this.#repositories)) {
      for (const name of await readdir(join(this.#repositories, shard))) yield join(this.#repositories, shard, name);
    }
  }
}

/** The files of gitrepository-layout(5) that git insists on, each synced. */
async function writeEmptyRepository(path: string, format: ObjectFormat): Promise<void> {
  const directories = ["", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "refs/tags"];
  for (const name of directories) await mkdir(join(path, name), { mode: 0o700 });
  await writeSyncedFile(join(path, "HEAD"), "ref: refs/heads/main\n");
  await writeSyncedFile(join(path, "config"), repositoryConfig(format));
  for (const name of directories.toReversed()) await syncDirectory(join(path, name));
}

/** Extensions need repository format version 1; sha1 stays at 0, which every git reads. */
function repositoryConfig(format: ObjectFormat): string {
  const core = (version: 0 | 1): string =>
    `[core]\n\trepositoryformatversion = ${version}\n\tfilemode = true\n\tbare = true\n`;
  return format === "sha1" ? core(0) : `${core(1)}[extensions]\n\tobjectformat = sha256\n`;
}
