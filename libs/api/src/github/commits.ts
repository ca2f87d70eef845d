import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings, Timestamp } from "../schema.ts";
import { ProtectionSummary } from "./protection.ts";
import { SimpleUser } from "./users.ts";

/** Who wrote or applied a commit, as the commit itself says. */
export const Signature = Type.Object({ name: Type.String(), email: Type.String(), date: Timestamp() });
export type Signature = Static<typeof Signature>;

/** GitHub's `verification`: what the signature inside a commit or tag comes to, in `reason`. It is checked whenever it is shown. */
export const Verification = Type.Object(
  {
    verified: Type.Boolean(),
    reason: Type.String(),
    signature: Nullable(Type.String()),
    payload: Nullable(Type.String()),
    verified_at: Nullable(Type.String()),
  },
  { title: "Verification" },
);
export type Verification = Static<typeof Verification>;

/** GitHub's `diff-entry`: one changed file. */
export const DiffEntry = Type.Object(
  {
    sha: Nullable(Type.String()),
    filename: Type.String(),
    previous_filename: Type.Optional(Type.String()),
    status: OneOf("added", "removed", "modified", "renamed", "copied", "changed", "unchanged"),
    additions: Type.Integer(),
    deletions: Type.Integer(),
    changes: Type.Integer(),
    ...Strings("blob_url", "raw_url", "contents_url").properties,
    patch: Type.Optional(Type.String()),
  },
  { title: "DiffEntry" },
);
export type DiffEntry = Static<typeof DiffEntry>;

/** GitHub's `commit`: a commit with its place in the forge. `stats` and `files` come with a single commit only. */
export const Commit = Type.Object(
  {
    ...Strings("url", "sha", "node_id", "html_url", "comments_url").properties,
    commit: Type.Object({
      url: Type.String(),
      author: Signature,
      committer: Signature,
      message: Type.String(),
      comment_count: Type.Integer(),
      tree: Strings("sha", "url"),
      verification: Verification,
    }),
    author: Nullable(SimpleUser),
    committer: Nullable(SimpleUser),
    parents: Type.Array(Strings("sha", "url", "html_url")),
    stats: Type.Optional(Type.Object({ additions: Type.Integer(), deletions: Type.Integer(), total: Type.Integer() })),
    files: Type.Optional(Type.Array(DiffEntry)),
  },
  { title: "Commit" },
);
export type Commit = Static<typeof Commit>;

/** GitHub's `short-branch`. */
export const ShortBranch = Type.Object(
  {
    name: Type.String(),
    commit: Strings("sha", "url"),
    protected: Type.Boolean(),
    protection: ProtectionSummary,
    protection_url: Type.String(),
  },
  { title: "ShortBranch" },
);
export type ShortBranch = Static<typeof ShortBranch>;

/** GitHub's `branch-with-protection`. */
export const BranchWithProtection = Type.Object(
  {
    name: Type.String(),
    commit: Commit,
    _links: Strings("html", "self"),
    protected: Type.Boolean(),
    protection: ProtectionSummary,
    protection_url: Type.String(),
  },
  { title: "BranchWithProtection" },
);
export type BranchWithProtection = Static<typeof BranchWithProtection>;

/** GitHub's `tag`: a tag with the commit that it finally names. */
export const Tag = Type.Object(
  { ...Strings("name", "zipball_url", "tarball_url", "node_id").properties, commit: Strings("sha", "url") },
  { title: "Tag" },
);
export type Tag = Static<typeof Tag>;
