import { Type, type Static } from "typebox";

import { committedFilesMax, fileBodyBytesMax } from "../limits.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, ObjectIdText, OneOf } from "../schema.ts";

const path = Type.String({ minLength: 1, maxLength: 4096 });

/**
 * What becomes of one file: `write` it with a text, or with a blob that is there or was made by `POST .../git/blobs`; `delete` it.
 * What is written keeps the mode it has.
 */
export const CommittedFile = Type.Union([
  Type.Object({ action: Type.Literal("write"), path, text: Type.String() }),
  Type.Object({
    action: Type.Literal("write"),
    path,
    blob: ObjectIdText(),
    mode: Type.Optional(OneOf("100644", "100755", "120000")),
  }),
  Type.Object({ action: Type.Literal("delete"), path }),
]);
export type CommittedFile = Static<typeof CommittedFile>;

/** A commit of several files. `head` is the commit that its author looked at; null in a repository without any. */
export const FilesCommitRequest = Type.Object(
  {
    head: Nullable(ObjectIdText()),
    branch: Type.String({ minLength: 1, maxLength: 255 }),
    /** Makes this branch at the commit, instead of moving `branch`. */
    newBranch: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    message: Type.String({ minLength: 1, maxLength: 65_536 }),
    files: Type.Array(CommittedFile, { minItems: 1, maxItems: committedFilesMax }),
  },
  { title: "FilesCommitRequest" },
);
export type FilesCommitRequest = Static<typeof FilesCommitRequest>;

/** The commit, and the branch that is at it. */
export const FilesCommitted = Type.Object(
  { commit: ObjectIdText(), branch: Type.String() },
  { title: "FilesCommitted" },
);
export type FilesCommitted = Static<typeof FilesCommitted>;

/** Commits that pages make. */
export const commitRoutes = defineRoutes({
  "POST /api/guts/repos/{owner}/{repo}/commits": {
    operationId: "commits/create",
    summary: "Commit several files at once; a conflict when somebody changed one of them since `head`",
    access: "signed-in",
    body: FilesCommitRequest,
    bodyBytesMax: fileBodyBytesMax,
    responses: { 201: FilesCommitted },
  },
});
