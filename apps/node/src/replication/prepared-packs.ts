/**
 * Packs made on demand, in temporary files: so each has a size and a SHA-256 before its first byte is sent, can be resumed, and
 * serves the next node that asks for the same.
 */
import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PackRef } from "@guts/ledger";
import { toHex, type RepositoryId } from "@guts/primitives";
import type { GitEngine, PackObjectsOptions } from "@guts/storage";
import {
  packsInPreparationMax,
  preparationTimeoutMs,
  preparedBytesMax,
  preparedIdleMs,
  preparedPacksMax,
} from "./limits.ts";

/** A pack that is being made or is ready. */
interface Prepared {
  readonly repository: RepositoryId;
  readonly path: string;
  readonly made: Promise<PackRef>;
  pack: PackRef | undefined;
  usedMs: number;
}

/** What to prepare. */
export interface Preparation extends Omit<PackObjectsOptions, "signal"> {
  readonly repository: RepositoryId;
  /** Stands for all of this. */
  readonly key: string;
}

/** Makes and keeps them, a bounded number. */
export class PreparedPacks implements AsyncDisposable {
  readonly #git: Pick<GitEngine, "packObjects">;
  readonly #directory: string;
  readonly #byKey = new Map<string, Prepared>();
  readonly #closing = new AbortController();
  #nextName = 0;

  constructor(git: Pick<GitEngine, "packObjects">, directory: string) {
    this.#git = git;
    this.#directory = directory;
  }

  /** The pack, made now or being made; undefined when as many are being made as may be. Rejects when git fails. */
  prepare(preparation: Preparation): Promise<PackRef> | undefined {
    this.#removeIdle();
    const known = this.#byKey.get(preparation.key);
    if (known !== undefined) {
      known.usedMs = performance.now();
      return known.made;
    }
    const inPreparation = [...this.#byKey.values()].filter(({ pack }) => pack === undefined).length;
    if (inPreparation >= packsInPreparationMax || this.#closing.signal.aborted) return undefined;
    const path = join(this.#directory, `prepared-${this.#nextName++}`);
    const made = this.#make(preparation, path);
    const { repository, key } = preparation;
    const prepared: Prepared = { repository, path, made, pack: undefined, usedMs: performance.now() };
    this.#byKey.set(key, prepared);
    made.then(
      (pack) => {
        prepared.pack = pack;
      },
      () => this.#remove(key),
    );
    return made;
  }

  /** The file of a pack that is ready; undefined when there is none with this name. */
  find(repository: RepositoryId, { sha256, sizeBytes }: PackRef): string | undefined {
    const name = toHex(sha256);
    for (const prepared of this.#byKey.values()) {
      const { pack } = prepared;
      if (pack === undefined || prepared.repository !== repository) continue;
      if (pack.sizeBytes !== sizeBytes || toHex(pack.sha256) !== name) continue;
      prepared.usedMs = performance.now();
      return prepared.path;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const all = [...this.#byKey.keys()];
    await Promise.allSettled([...this.#byKey.values()].map(({ made }) => made));
    for (const key of all) this.#remove(key);
  }

  async #make({ repository, wants, haves, isThin }: Preparation, path: string): Promise<PackRef> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(preparationTimeoutMs)]);
    const digest = createHash("sha256");
    let sizeBytes = 0;
    await using file = await open(path, "wx", 0o600);
    for await (const chunk of this.#git.packObjects(repository, { wants, haves, isThin, signal })) {
      digest.update(chunk);
      sizeBytes += chunk.length;
      await file.write(chunk);
    }
    return { sha256: Uint8Array.from(digest.digest()), sizeBytes };
  }

  /** The ones not used for long, and of the others the oldest when there are too many. */
  #removeIdle(): void {
    const byUse = [...this.#byKey].filter(([, { pack }]) => pack !== undefined);
    byUse.sort(([, left], [, right]) => left.usedMs - right.usedMs);
    let bytes = byUse.reduce((sum, [, { pack }]) => sum + (pack?.sizeBytes ?? 0), 0);
    for (const [index, [key, { pack, usedMs }]] of byUse.entries()) {
      const isIdle = performance.now() - usedMs > preparedIdleMs;
      if (!isIdle && byUse.length - index < preparedPacksMax && bytes <= preparedBytesMax) return;
      bytes -= pack?.sizeBytes ?? 0;
      this.#remove(key);
    }
  }

  /** A transfer under way keeps its open file. */
  #remove(key: string): void {
    const prepared = this.#byKey.get(key);
    this.#byKey.delete(key);
    if (prepared !== undefined) void rm(prepared.path, { force: true }).catch(() => {});
  }
}
