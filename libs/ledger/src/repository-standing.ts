/** What people make of a repository: stars, watchers, topics. Synchronous reads, as in `ForgeState`. */
import type { AccountId, RepositoryId, Topic } from "@guts/primitives";
import type { StateReader } from "./state.ts";
import { readRow } from "./table.ts";
import * as tables from "./tables.ts";
import { tallyOf } from "./tally.ts";

/** How many star a repository, and how many watch it; closed accounts still count. */
export interface RepositoryCounts {
  readonly stars: number;
  readonly subscribers: number;
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
    };
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
