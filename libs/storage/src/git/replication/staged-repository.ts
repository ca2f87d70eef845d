import type { RepositoryId } from "@guts/primitives";
import { KeyedMutex } from "../keyed-mutex.ts";
import { ReachabilityRecord } from "../reachability.ts";
import type { RepositoryStore } from "../repository-store.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { receiveObjects, type ReceiveObjectsOptions } from "./receive-objects.ts";
import type { ReceiveRejection } from "../push/receive-outcome.ts";

/** A repository that is being made anew beside the one that it will replace. */
export interface StagedRepository extends AsyncDisposable {
  /** Adds a pack; undefined when it was taken, or why not. */
  add(options: ReceiveObjectsOptions): Promise<ReceiveRejection | undefined>;
  /** Puts it in the place of the old one, whose refs the caller then projects. Disposed before that, it leaves no trace. */
  commit(signal: AbortSignal): Promise<void>;
}

/** What staging needs of the engine. */
export interface StagingContext {
  readonly runner: GitRunner;
  readonly store: RepositoryStore;
  /** Runs while nobody else writes to the repository, after everything that reads it was ended. */
  readonly replacing: (signal: AbortSignal, work: () => Promise<void>) => Promise<void>;
}

/** Nobody sees a staged repository, so it has locks and records of its own. */
export class Staging implements StagedRepository {
  readonly #context: StagingContext;
  readonly #id: RepositoryId;
  readonly #path: string;
  readonly #record = new ReachabilityRecord();
  readonly #locks = new KeyedMutex<RepositoryId>();
  #isCommitted = false;

  constructor(context: StagingContext, id: RepositoryId, path: string) {
    this.#context = context;
    this.#id = id;
    this.#path = path;
  }

  async add(options: ReceiveObjectsOptions): Promise<ReceiveRejection | undefined> {
    const { runner } = this.#context;
    const outcome = await receiveObjects(
      { runner, record: this.#record, locks: this.#locks, repository: this.#id, repositoryPath: this.#path },
      options,
    );
    if (outcome.outcome === "rejected") return outcome;
    await using quarantine = outcome.quarantine;
    await quarantine.promote(options.signal);
    return undefined;
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.#context.replacing(signal, () => this.#context.store.replace(this.#id, this.#path));
    this.#isCommitted = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isCommitted) await this.#context.store.discard(this.#path);
  }
}
