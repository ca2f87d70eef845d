/** What people make of a repository: stars, watchers, topics. Synchronous reads, as in `ForgeState`. */
import type { AccountId, RepositoryId, Topic } from "@guts/primitives";
import type { StateReader } from "./state.ts";
import { readRow } from "./table.ts";
import * as tables from "./tables.ts";
import { tallyOf } from "./tally.ts";

/** How many star a repository, watch it and forked it; closed accounts still count. */
export interface RepositoryCounts {
  readonly stars: number;
  readonly subscribers: number;
  readonly forks: number;
}

/** Typed reads over the state at one height. */
export class RepositoryStanding {
  readonly #reader: StateReader;

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  counts(repository: RepositoryId): RepositoryCounts {
    return {
      stars: tallyOf(this.#reader, "stars", repository),
      subscribers: tallyOf(this.#reader, "subscribers", repository),
      forks: tallyOf(this.#reader, "forks", repository),
    };
  }

  /** What a repository was forked from, whether that is still there or not; undefined for one that is no fork. */
  fork(repository: RepositoryId): tables.ForkRow | undefined {
    return readRow(this.#reader, tables.forkTable, repository);
  }

  /** The repository that this one is a fork of, as long as both are of one visibility. */
  parentOf(repository: RepositoryId): RepositoryId | undefined {
    const parent = this.fork(repository)?.parent;
    if (parent === undefined) return undefined;
    const [own, other] = [repository, parent].map((id) => readRow(this.#reader, tables.repositoryTable, id));
    return other !== undefined && own?.visibility === other.visibility ? parent : undefined;
  }

  isStarred(repository: RepositoryId, account: AccountId): boolean {
    return readRow(this.#reader, tables.starTable, { repository, account }) !== undefined;
  }

  /** How many repositories an account has starred. */
  starred(account: AccountId): number {
    return tallyOf(this.#reader, "starred", account);
  }

  /** Whether somebody watches a repository or ignores it; undefined for who said neither. */
  subscription(repository: RepositoryId, account: AccountId): tables.SubscriptionRow | undefined {
    return readRow(this.#reader, tables.subscriptionTable, { repository, account });
  }

  /** In ascending order. */
  topics(repository: RepositoryId): readonly Topic[] {
    return readRow(this.#reader, tables.topicsTable, repository) ?? [];
  }
}
