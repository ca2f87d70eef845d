import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomToken, syncDirectory } from "../durable.ts";

/** The prefix of directories under `objects/` whose objects nobody sees. */
export const incomingPrefix = "incoming-";

/** The prefix of what is left of a quarantine from its promotion until its refs are projected. */
export const promotedPrefix = "promoted-";

/** A directory under a repository's `objects/` that takes the objects of one push. */
export class QuarantineDirectory {
  readonly repositoryPath: string;
  #path: string;

  private constructor(repositoryPath: string, path: string) {
    this.repositoryPath = repositoryPath;
    this.#path = path;
  }

  /** Makes an empty quarantine. */
  static async create(repositoryPath: string): Promise<QuarantineDirectory> {
    const path = join(repositoryPath, "objects", incomingPrefix + randomToken());
    const quarantine = new QuarantineDirectory(repositoryPath, path);
    await mkdir(path, { mode: 0o700 });
    await mkdir(quarantine.packDirectory, { mode: 0o700 });
    return quarantine;
  }

  /** Where loose objects are written. */
  get objectDirectory(): string {
    return this.#path;
  }

  /** Where packs are written. */
  get packDirectory(): string {
    return join(this.#path, "pack");
  }

  /** Makes git write here and see the repository's objects too, and refuse to touch refs. */
  get environment(): Readonly<Record<string, string>> {
    return {
      GIT_OBJECT_DIRECTORY: this.#path,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(this.repositoryPath, "objects"),
      GIT_QUARANTINE_PATH: this.#path,
    };
  }

  /** Makes git see the quarantine's objects only. */
  get isolatedEnvironment(): Readonly<Record<string, string>> {
    return { GIT_OBJECT_DIRECTORY: this.#path, GIT_QUARANTINE_PATH: this.#path };
  }

  /**
   * Moves the packs into the repository, durably.
   *
   * 1. The directory is renamed to `promoted-*` and that is synced. 2. Each pack moves, its index last, since git takes a
   * pack for there when it sees the index. 3. The pack directory is synced. A crash before 1 leaves a quarantine, which
   * the next start removes. After 1 some objects may be there without a ref; the `promoted-*` directory says so until
   * {@link remove}.
   */
  async promote(): Promise<void> {
    const objects = join(this.repositoryPath, "objects");
    const destination = join(objects, "pack");
    const promoted = this.#path.replace(`/${incomingPrefix}`, `/${promotedPrefix}`);
    await rename(this.#path, promoted);
    this.#path = promoted;
    await syncDirectory(objects);
    const names = (await readdir(this.packDirectory)).sort((left, right) => rank(left) - rank(right));
    for (const name of names) await rename(join(this.packDirectory, name), join(destination, name));
    await syncDirectory(destination);
  }

  /** Removes the directory with what is left in it. */
  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }
}

function rank(name: string): number {
  return name.endsWith(".idx") ? 2 : name.endsWith(".pack") ? 0 : 1;
}
