import { Type, type Static } from "typebox";

import { Strings } from "../schema.ts";
import { Signature, Verification } from "./commits.ts";

/** GitHub's `git-commit`: the commit object alone. */
export const GitCommit = Type.Object(
  {
    ...Strings("sha", "node_id", "url", "html_url", "message").properties,
    author: Signature,
    committer: Signature,
    tree: Strings("sha", "url"),
    parents: Type.Array(Strings("sha", "url", "html_url")),
    verification: Verification,
  },
  { title: "GitCommit" },
);
export type GitCommit = Static<typeof GitCommit>;

/** GitHub's `git-tag`: an annotated tag object. */
export const GitTag = Type.Object(
  {
    ...Strings("node_id", "tag", "sha", "url", "message").properties,
    tagger: Signature,
    object: Strings("sha", "type", "url"),
    verification: Verification,
  },
  { title: "GitTag" },
);
export type GitTag = Static<typeof GitTag>;
