import type { ObjectId, RepositoryId } from "@guts/primitives";

import type { GitPerson } from "./git-engine.ts";

/** What to merge, and all that the result's bytes depend on. */
export interface MergeRequest {
  readonly method: "merge" | "squash" | "rebase" | "fast-forward";
  /** The commit that the branch is at. */
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

/** A path that only a person can bring together, with git's words for what is wrong. */
export interface MergeConflict {
  readonly path: string;
  readonly reasons: readonly string[];
}

/** A merge, on its way into the repository like a push; until it is disposed its objects are in a quarantine. */
export interface CleanMerge extends AsyncDisposable {
  readonly outcome: "merged";
  readonly result: ObjectId;
  /** The head contained the branch as it was. */
  readonly isUpToDate: boolean;
  /** What the merge made; undefined when it made nothing. May be asked for once. */
  readonly openPack: ((signal: AbortSignal) => AsyncIterable<Uint8Array>) | undefined;
}

/** What came of a merge. */
export type MergeOutcome =
  | CleanMerge
  | {
      readonly outcome: "conflicts";
      /** The first of them, by path. */
      readonly conflicts: readonly MergeConflict[];
      readonly conflictCount: number;
    }
  | {
      readonly outcome: "refused";
      readonly code:
        | "commit-missing"
        | "already-merged"
        | "unrelated-histories"
        | "not-fast-forward"
        | "too-many-commits"
        | "too-large";
    };

/** How git merges for the doors: alike at every node. */
export interface GitMerger {
  /** The rules by which it merges, as a number that receipts name. */
  readonly mergeStrategy: number;
  mergeCommits(id: RepositoryId, request: MergeRequest, signal: AbortSignal): Promise<MergeOutcome>;
}
