import { Type, type Static } from "typebox";

import { OneOf, Strings } from "../schema.ts";
import { Commit, DiffEntry } from "./commits.ts";

/**
 * GitHub's `commit-comparison`. `commits` are a page of what the head has and the base has not, oldest first; `files` come with the
 * first page and say what changed since `merge_base_commit`.
 */
export const CommitComparison = Type.Object(
  {
    ...Strings("url", "html_url", "permalink_url", "diff_url", "patch_url").properties,
    base_commit: Commit,
    merge_base_commit: Commit,
    status: OneOf("diverged", "ahead", "behind", "identical"),
    ahead_by: Type.Integer(),
    behind_by: Type.Integer(),
    total_commits: Type.Integer(),
    commits: Type.Array(Commit),
    files: Type.Optional(Type.Array(DiffEntry)),
  },
  { title: "CommitComparison" },
);
export type CommitComparison = Static<typeof CommitComparison>;
