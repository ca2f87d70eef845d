/** Whether two commits go together, computed in the background of requests and kept: it never changes. */
import type { ObjectId, RepositoryId } from "@guts/primitives";

import type { GitEngine, MergeConflict, MergeOutcome } from "../ports/index.ts";
import { countedCache } from "./counted-cache.ts";

/** What git says of a merge of two commits. */
export type Mergeable =
  | { readonly outcome: "clean" }
  | Pick<Extract<MergeOutcome, { outcome: "conflicts" }>, "outcome" | "conflicts" | "conflictCount">
  | Extract<MergeOutcome, { outcome: "refused" }>;

/** Answers that are kept, conflicting paths that are kept of each, and merges that are computed at once. */
const answersKept = 5_000;
const conflictsKept = 100;
const computedAtOnce = 2;

/** A person that no commit names: what is computed is thrown away. */
const nobody = { name: "nobody", email: "nobody", timeSeconds: 0, zoneMinutes: 0 };

/** Asks git, a few merges at a time. */
export class Mergeability {
  readonly #git: Pick<GitEngine, "mergeCommits">;
  readonly #kept = countedCache<string, Mergeable>(answersKept);
  readonly #computing = new Map<string, Promise<Mergeable | undefined>>();

  constructor(git: Pick<GitEngine, "mergeCommits">) {
    this.#git = git;
  }

  /**
   * What is known, after waiting for it at most `patienceMs`; undefined while it is computed or when too much else is. Who asks again
   * gets it then.
   */
  async of(
    repository: RepositoryId,
    { base, head }: { readonly base: ObjectId; readonly head: ObjectId },
    patienceMs: number,
  ): Promise<Mergeable | undefined> {
    const key = `${repository} ${base} ${head}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    let computing = this.#computing.get(key);
    if (computing === undefined) {
      if (this.#computing.size >= computedAtOnce) return undefined;
      computing = this.#compute(repository, { base, head }).then(
        (found) => {
          this.#kept.set(key, found);
          return found;
        },
        () => undefined, // Git has failed or is busy; the next one who asks tries again.
      );
      this.#computing.set(key, computing);
      void computing.finally(() => this.#computing.delete(key));
    }
    return Promise.race([computing, patience(patienceMs)]);
  }

  async #compute(
    repository: RepositoryId,
    pair: { readonly base: ObjectId; readonly head: ObjectId },
  ): Promise<Mergeable> {
    const request = { ...pair, method: "merge", author: nobody, committer: nobody, message: "" } as const;
    // Others may wait for the same answer, so nobody's request ends it; git has a deadline of its own.
    const outcome = await this.#git.mergeCommits(repository, request, new AbortController().signal);
    if (outcome.outcome === "refused") return outcome;
    if (outcome.outcome === "conflicts") return { ...outcome, conflicts: firstOf(outcome.conflicts) };
    await outcome[Symbol.asyncDispose]();
    return { outcome: "clean" };
  }
}

function firstOf(conflicts: readonly MergeConflict[]): readonly MergeConflict[] {
  return conflicts.slice(0, conflictsKept);
}

function patience(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}
