import type { ObjectFormat, ObjectId, RepositoryId } from "@guts/primitives";

import type { GitObjectType, GitPerson, GitTreeEntry } from "./git-engine.ts";

/** What becomes of one file of a commit. Without a mode it keeps the one it has, or is a plain file. */
export type FileChange =
  | { readonly path: string; readonly action: "delete" }
  | ({ readonly path: string; readonly action: "write"; readonly mode?: string | undefined } & (
      | { readonly content: Uint8Array }
      | { readonly id: ObjectId }
    ));

/** What becomes of one path of a tree; undefined takes it away. */
export interface TreeChange {
  readonly path: string;
  readonly to: { readonly mode?: string | undefined; readonly id: ObjectId } | undefined;
}

/** Who wrote a commit, and what they say of it. */
export interface CommitWords {
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
  readonly signature?: string | undefined;
}

/** Why objects cannot be made so. */
export type BuildRejection =
  | {
      readonly outcome: "rejected";
      readonly code: "path-invalid" | "path-missing" | "path-conflict";
      readonly path: string;
    }
  | { readonly outcome: "rejected"; readonly code: "object-missing"; readonly id: ObjectId };

/** An object to keep aside until a ref leads to it. */
export type ObjectDraft =
  | { readonly type: "blob"; readonly bytes: Uint8Array }
  | ({ readonly type: "commit"; readonly tree: ObjectId; readonly parents: readonly ObjectId[] } & CommitWords)
  | {
      readonly type: "tag";
      readonly target: ObjectId;
      readonly targetType: GitObjectType;
      readonly name: string;
      readonly tagger: GitPerson;
      readonly message: string;
    }
  | { readonly type: "tree"; readonly base: ObjectId | undefined; readonly changes: readonly TreeChange[] };

/** How git makes objects for the doors. */
export interface GitWriter {
  /** A commit that changes files of another one, with a pack of what is new of it; stores nothing. */
  buildCommit(
    id: RepositoryId,
    options: CommitWords & {
      readonly format: ObjectFormat;
      readonly parent: ObjectId | undefined;
      readonly changes: readonly FileChange[];
      readonly signal: AbortSignal;
    },
  ): Promise<
    | {
        readonly outcome: "built";
        readonly commit: ObjectId;
        readonly tree: ObjectId;
        readonly pack: AsyncIterable<Uint8Array>;
      }
    | BuildRejection
  >;
  /** Keeps an object aside for a day at most; nobody sees it until a ref is moved to what leads to it. */
  draftObject(
    id: RepositoryId,
    options: ObjectDraft & { readonly format: ObjectFormat; readonly signal: AbortSignal },
  ): Promise<{ readonly outcome: "drafted"; readonly id: ObjectId } | BuildRejection>;
  /** A pack of a draft and of the drafts that it leads to; undefined when it is none. */
  packDrafts(
    id: RepositoryId,
    options: { readonly root: ObjectId; readonly format: ObjectFormat; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The entries of a tree that is a draft or in the repository, without sizes; undefined when there is none. */
  listDraftTree(
    id: RepositoryId,
    options: { readonly tree: ObjectId; readonly signal: AbortSignal },
  ): Promise<readonly Omit<GitTreeEntry, "sizeBytes">[] | undefined>;
}
