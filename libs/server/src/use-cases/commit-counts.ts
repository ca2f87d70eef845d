/**
 * How many commits a push brought to a branch: known to git alone, so asked when somebody looks at the push, and kept.
 *
 * Words about a push are no reason to wait or to start many processes: an answer asks for a few counts at once and for a moment;
 * the words of the others go without, until somebody looks again.
 */
import type { ObjectId, RepositoryId } from "@guts/primitives";
import type { LRUCache } from "lru-cache";

import { countedCache } from "./counted-cache.ts";
import type { GitEngine } from "../ports/index.ts";

/** Commits that are counted; where there are more, the words say so many and a plus. */
export const countedCommitsMax = 250;
/** Counts that one answer asks git for. */
export const countsPerAnswerMax = 32;
/** How long an answer waits for its counts, in milliseconds. */
export const countPatienceMs = 500;
/** Counts that are kept. */
const countsKeptMax = 20_000;

/** The commits that `head` reaches and `base` does not. */
export interface CommitRange {
  readonly repository: RepositoryId;
  readonly base: ObjectId;
  readonly head: ObjectId;
}

/** Counts for one answer: a number up to one more than {@link countedCommitsMax}; undefined when it is not known soon. */
export type CountCommits = (range: CommitRange) => Promise<number | undefined>;

/** The counts of one node. What a push brought never changes, so a count is good for ever. */
export class CommitCounts {
  readonly #git: Pick<GitEngine, "countNewCommits">;
  readonly #kept: LRUCache<string, number> = countedCache(countsKeptMax);

  constructor(git: Pick<GitEngine, "countNewCommits">) {
    this.#git = git;
  }

  /** Counts for one answer, within its bounds. */
  forAnswer(signal: AbortSignal): CountCommits {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(countPatienceMs)]);
    let left = countsPerAnswerMax;
    return async (range) => {
      const name = `${range.repository} ${range.base} ${range.head}`;
      const kept = this.#kept.get(name);
      if (kept !== undefined || left === 0 || patience.aborted) return kept;
      left--;
      const count = await this.#ask(range, patience);
      if (count !== undefined) this.#kept.set(name, count);
      return count;
    };
  }

  /** What git says; undefined for whatever keeps it from saying: objects that are gone or on their way, too much to do. */
  async #ask({ repository, base, head }: CommitRange, signal: AbortSignal): Promise<number | undefined> {
    try {
      return await this.#git.countNewCommits(repository, { base, head, countMax: countedCommitsMax + 1, signal });
    } catch {
      return undefined; // The words do without; a repository that is ill shows where it is read.
    }
  }
}
