import type { ObjectFormat, RepositoryId } from "@guts/primitives";
import { gitEnvironment } from "./environment.ts";
import type { GitEngine, GitEngineOptions } from "./git-engine.ts";
import { detectGit, type GitFeatures } from "./git-version.ts";
import { KeyedMutex } from "./keyed-mutex.ts";
import { receivePack, type ReceivePackOptions } from "./push/receive-pack.ts";
import type { ReceiveOutcome } from "./push/receive-outcome.ts";
import { ReachabilityRecord } from "./reachability.ts";
import { RepositoryStore } from "./repository-store.ts";
import { SpawnerPool } from "./spawner/spawner-pool.ts";
import { sweepRepository } from "./sweep.ts";

/**
 * Starts the spawners, finds git and opens the repositories. Throws `git-unusable` when there is no git or one too old.
 *
 * To be called while the process is still small: the spawners are forked from it.
 */
export async function openGitEngine(options: GitEngineOptions, signal: AbortSignal): Promise<GitEngine> {
  const runner = await SpawnerPool.open({
    gitPath: options.gitPath ?? "git",
    environment: gitEnvironment(options),
    ...(options.spawnerCount === undefined ? {} : { spawnerCount: options.spawnerCount }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  try {
    const features = await detectGit(runner, signal);
    return new StockGitEngine(runner, features, await RepositoryStore.open(options.directory));
  } catch (error) {
    await runner[Symbol.asyncDispose]();
    throw error;
  }
}

/** Composes the parts of the engine; each method hands on to one of them. */
class StockGitEngine implements GitEngine {
  readonly gitVersion: string;
  readonly #runner: SpawnerPool;
  readonly #store: RepositoryStore;
  readonly #locks = new KeyedMutex<RepositoryId>();
  readonly #record = new ReachabilityRecord();

  constructor(runner: SpawnerPool, features: GitFeatures, store: RepositoryStore) {
    this.#runner = runner;
    this.#store = store;
    this.gitVersion = features.version;
  }

  async createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void> {
    await this.#locks.run(id, signal, () => this.#store.create(id, format));
  }

  async deleteRepository(id: RepositoryId, signal: AbortSignal): Promise<void> {
    await this.#locks.run(id, signal, async () => {
      this.#record.forget(id);
      await this.#store.delete(id);
    });
  }

  async receivePack(id: RepositoryId, options: ReceivePackOptions): Promise<ReceiveOutcome> {
    const repositoryPath = await this.#store.existing(id);
    return receivePack(
      { runner: this.#runner, record: this.#record, locks: this.#locks, repository: id, repositoryPath },
      options,
    );
  }

  async sweep(): Promise<void> {
    await this.#store.sweep();
    for await (const path of this.#store.all()) await sweepRepository(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runner[Symbol.asyncDispose]();
  }
}
