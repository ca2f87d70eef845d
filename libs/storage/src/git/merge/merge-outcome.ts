import type { ObjectId } from "@guts/primitives";
import type { GitPerson } from "../read/commit.ts";

/** How a branch takes in another: one commit with two parents, one commit with all changes, each commit anew, or as it is. */
export type MergeMethod = "merge" | "squash" | "rebase" | "fast-forward";

/**
 * The rules by which merges are computed, as one number: git's `ort` with the settings of `strategy.ts`. Nodes that sign for a merge
 * recompute it by the strategy that it names; a change of any setting is a new number.
 */
export const mergeStrategy = 1;

/** What to merge, and all that the result's bytes depend on. */
export interface MergeRequest {
  readonly method: MergeMethod;
  /** The commit that the branch is at. */
  readonly base: ObjectId;
  /** The commit that is to be taken in. */
  readonly head: ObjectId;
  /** Who wrote the result; a rebase keeps the authors of its commits. */
  readonly author: GitPerson;
  readonly committer: GitPerson;
  /** The whole message; a rebase keeps those of its commits. */
  readonly message: string;
}

/** Why git does not merge, apart from conflicts. `too-many-commits` and `too-large` are bounds of this forge. */
export type MergeRefusalCode =
  | "commit-missing"
  | "already-merged"
  | "unrelated-histories"
  | "not-fast-forward"
  | "too-many-commits"
  | "too-large";

/** A path that both sides changed in ways that only a person can bring together. */
export interface MergeConflict {
  readonly path: string;
  /** Git's words for what is wrong, such as `contents`, `binary`, `rename/delete`, `submodule`. */
  readonly reasons: readonly string[];
}

/** Two sides that do not go together. */
export interface MergeConflicts {
  readonly outcome: "conflicts";
  /** Sorted by path; cut off at `conflictPathsMax`. */
  readonly conflicts: readonly MergeConflict[];
  readonly conflictCount: number;
  /** The commit of a rebase that does not apply. */
  readonly commit: ObjectId | undefined;
}

/** No merge, for a reason that another try does not change. */
export interface MergeRefusal {
  readonly outcome: "refused";
  readonly code: MergeRefusalCode;
}

/** A merge, on its way into the repository like a push: until it is disposed its objects are in a quarantine of their own. */
export interface Merged extends AsyncDisposable {
  readonly outcome: "merged";
  readonly result: ObjectId;
  /** The head contained the branch as it was, so nothing was merged that its author had not seen. */
  readonly isUpToDate: boolean;
  /** Objects that the merge made, as a pack that needs base and head; undefined when it made none. May be asked for once. */
  readonly openPack: ((signal: AbortSignal) => AsyncIterable<Uint8Array>) | undefined;
}

/** What came of a merge. */
export type MergeOutcome = Merged | MergeConflicts | MergeRefusal;
