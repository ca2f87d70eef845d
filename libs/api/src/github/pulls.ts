import { Type, type Static } from "typebox";

import { OneOf } from "../schema.ts";

/** How to merge. `fast-forward` is ours: the branch is moved to the head as it is. */
export const PullMergeRequest = Type.Object(
  {
    commit_title: Type.Optional(Type.String({ maxLength: 1_024 })),
    commit_message: Type.Optional(Type.String({ maxLength: 65_536 })),
    sha: Type.Optional(Type.String({ maxLength: 64 })),
    merge_method: Type.Optional(OneOf("merge", "squash", "rebase", "fast-forward")),
  },
  { title: "PullMergeRequest" },
);
export type PullMergeRequest = Static<typeof PullMergeRequest>;

/** GitHub's `pull-request-merge-result`. */
export const PullMergeResult = Type.Object(
  { sha: Type.String(), merged: Type.Boolean(), message: Type.String() },
  { title: "PullMergeResult" },
);
export type PullMergeResult = Static<typeof PullMergeResult>;

/** The head that the branch is thought to be at. */
export const BranchUpdateRequest = Type.Object(
  { expected_head_sha: Type.Optional(Type.String({ maxLength: 64 })) },
  { title: "BranchUpdateRequest" },
);
