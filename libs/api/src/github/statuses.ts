import { Type, type Static } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Nullable, OneOf, Strings, Timestamp } from "../schema.ts";
import { Repository } from "./repositories.ts";
import { SimpleUser } from "./users.ts";

const state = OneOf("error", "failure", "pending", "success");

/** GitHub's `status`: what a check said of a commit. */
export const CommitStatus = Type.Object(
  {
    id: Type.Integer(),
    ...Strings("url", "node_id", "context").properties,
    avatar_url: Nullable(Type.String()),
    state,
    description: Nullable(Type.String()),
    target_url: Nullable(Type.String()),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    creator: Nullable(SimpleUser),
  },
  { title: "CommitStatus" },
);
export type CommitStatus = Static<typeof CommitStatus>;

/** GitHub's `combined-commit-status`: the newest of each context, and all in one word. */
export const CombinedStatus = Type.Object(
  {
    state: OneOf("failure", "pending", "success"),
    statuses: Type.Array(CommitStatus),
    sha: Type.String(),
    total_count: Type.Integer(),
    repository: Repository,
    ...Strings("commit_url", "url").properties,
  },
  { title: "CombinedStatus" },
);
export type CombinedStatus = Static<typeof CombinedStatus>;

/** The body of `POST /repos/{owner}/{repo}/statuses/{sha}`. */
export const StatusCreation = Type.Object({
  state,
  target_url: Type.Optional(Nullable(Type.String({ maxLength: 2_048 }))),
  description: Type.Optional(Nullable(Type.String({ maxLength: 1_024 }))),
  context: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
});
export type StatusCreation = Static<typeof StatusCreation>;

/** Statuses of commits. */
export const statusRoutes = defineRoutes({
  "POST /api/v3/repos/{owner}/{repo}/statuses/{sha}": {
    operationId: "repos/create-commit-status",
    summary: "Say what a check found of a commit",
    access: "signed-in",
    body: StatusCreation,
    responses: { 201: CommitStatus },
  },
  "GET /api/v3/repos/{owner}/{repo}/commits/{ref}/statuses": {
    operationId: "repos/list-commit-statuses-for-ref",
    summary: "Every status that a commit has had, the newest first",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(CommitStatus) },
  },
  "GET /api/v3/repos/{owner}/{repo}/commits/{ref}/status": {
    operationId: "repos/get-combined-status-for-ref",
    summary: "The newest status of each context of a commit, and all in one word",
    access: "anyone",
    query: PageQuery,
    responses: { 200: CombinedStatus },
  },
});
