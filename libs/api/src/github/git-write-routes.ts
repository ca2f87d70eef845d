import { Type, type Static } from "typebox";

import { fileBodyBytesMax, treeBodyBytesMax } from "../limits.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, OneOf, Strings } from "../schema.ts";
import { ContentEntry, GitTree } from "./contents.ts";
import { GitCommit, GitTag } from "./git-data.ts";

const ShaText = Type.String({ minLength: 1, maxLength: 64 });
const Message = Type.String({ minLength: 1, maxLength: 65_536 });

/** Who wrote or applied something, as a client names them. */
export const NamedPerson = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    email: Type.String({ minLength: 1, maxLength: 255 }),
    date: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { title: "NamedPerson" },
);
export type NamedPerson = Static<typeof NamedPerson>;

/** `content` is base64; `sha` the blob that is replaced, left out for a new file. */
export const FileWrite = Type.Object(
  {
    message: Message,
    content: Type.String(),
    sha: Type.Optional(ShaText),
    branch: Type.Optional(Type.String({ maxLength: 255 })),
    author: Type.Optional(NamedPerson),
    committer: Type.Optional(NamedPerson),
  },
  { title: "FileWrite" },
);
export type FileWrite = Static<typeof FileWrite>;

/** `sha` is the blob that is taken away. */
export const FileDeletion = Type.Object(
  {
    message: Message,
    sha: ShaText,
    branch: Type.Optional(Type.String({ maxLength: 255 })),
    author: Type.Optional(NamedPerson),
    committer: Type.Optional(NamedPerson),
  },
  { title: "FileDeletion" },
);
export type FileDeletion = Static<typeof FileDeletion>;

/** GitHub's `file-commit`: what is at the path now, and the commit. */
export const FileCommit = Type.Object({ content: Nullable(ContentEntry), commit: GitCommit }, { title: "FileCommit" });
export type FileCommit = Static<typeof FileCommit>;

export const BlobCreation = Type.Object(
  { content: Type.String(), encoding: Type.Optional(OneOf("utf-8", "base64")) },
  { title: "BlobCreation" },
);

/** Changes of a tree. Each has a `sha`, which is null to take the path away, or the `content` of a file. */
export const TreeCreation = Type.Object(
  {
    base_tree: Type.Optional(ShaText),
    tree: Type.Array(
      Type.Object({
        path: Type.String({ minLength: 1, maxLength: 4096 }),
        mode: Type.Optional(OneOf("100644", "100755", "040000", "160000", "120000")),
        type: Type.Optional(OneOf("blob", "tree", "commit")),
        sha: Type.Optional(Nullable(ShaText)),
        content: Type.Optional(Type.String()),
      }),
      { minItems: 1, maxItems: 100_000 },
    ),
  },
  { title: "TreeCreation" },
);
export type TreeCreation = Static<typeof TreeCreation>;

export const CommitCreation = Type.Object(
  {
    message: Message,
    tree: ShaText,
    parents: Type.Optional(Type.Array(ShaText, { maxItems: 64 })),
    author: Type.Optional(NamedPerson),
    committer: Type.Optional(NamedPerson),
    signature: Type.Optional(Type.String({ maxLength: 65_536 })),
  },
  { title: "CommitCreation" },
);

export const TagCreation = Type.Object(
  {
    tag: Type.String({ minLength: 1, maxLength: 255 }),
    message: Message,
    object: ShaText,
    type: OneOf("commit", "tree", "blob"),
    tagger: Type.Optional(NamedPerson),
  },
  { title: "TagCreation" },
);

/** Files and objects that are made through the API. */
export const gitWriteRoutes = defineRoutes({
  "PUT /api/v3/repos/{owner}/{repo}/contents/{+path}": {
    operationId: "repos/create-or-update-file-contents",
    summary: "Commit a new file, or a file's new content",
    access: "signed-in",
    body: FileWrite,
    bodyBytesMax: fileBodyBytesMax,
    responses: { 200: FileCommit, 201: FileCommit },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/contents/{+path}": {
    operationId: "repos/delete-file",
    summary: "Commit that a file is gone",
    access: "signed-in",
    body: FileDeletion,
    responses: { 200: FileCommit },
  },
  "POST /api/v3/repos/{owner}/{repo}/git/blobs": {
    operationId: "git/create-blob",
    summary: "Keep a blob at this node, for a day, until a ref leads to it",
    access: "signed-in",
    body: BlobCreation,
    bodyBytesMax: fileBodyBytesMax,
    responses: { 201: Strings("sha", "url") },
  },
  "POST /api/v3/repos/{owner}/{repo}/git/trees": {
    operationId: "git/create-tree",
    summary: "Keep a tree at this node, for a day, until a ref leads to it",
    access: "signed-in",
    body: TreeCreation,
    bodyBytesMax: treeBodyBytesMax,
    responses: { 201: GitTree },
  },
  "POST /api/v3/repos/{owner}/{repo}/git/commits": {
    operationId: "git/create-commit",
    summary: "Keep a commit at this node, for a day, until a ref leads to it",
    access: "signed-in",
    body: CommitCreation,
    responses: { 201: GitCommit },
  },
  "POST /api/v3/repos/{owner}/{repo}/git/tags": {
    operationId: "git/create-tag",
    summary: "Keep an annotated tag at this node, for a day, until a ref leads to it",
    access: "signed-in",
    body: TagCreation,
    responses: { 201: GitTag },
  },
});
