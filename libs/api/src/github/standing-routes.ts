import { Type, type Static } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Strings, Timestamp } from "../schema.ts";
import { Repository } from "./repositories.ts";
import { SimpleUser } from "./users.ts";

/** Whether one watches a repository, or ignores it. */
export const RepositorySubscription = Type.Object(
  {
    subscribed: Type.Boolean(),
    ignored: Type.Boolean(),
    reason: Type.Null(),
    created_at: Timestamp(),
    ...Strings("url", "repository_url").properties,
  },
  { title: "RepositorySubscription" },
);
export type RepositorySubscription = Static<typeof RepositorySubscription>;

/** The body of `PUT /repos/{owner}/{repo}/subscription`. Nothing that is true ends the subscription. */
export const SubscriptionRequest = Type.Object({
  subscribed: Type.Optional(Type.Boolean()),
  ignored: Type.Optional(Type.Boolean()),
});

/** What a repository is about. */
export const Topics = Type.Object({ names: Type.Array(Type.String()) }, { title: "Topics" });

/** The body of `POST /repos/{owner}/{repo}/forks`. */
export const ForkCreation = Type.Object({
  organization: Type.Optional(Type.String({ minLength: 1, maxLength: 39 })),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  default_branch_only: Type.Optional(Type.Boolean()),
});
export type ForkCreation = Static<typeof ForkCreation>;

const ForksQuery = Type.Object({
  ...PageQuery.properties,
  sort: Type.Optional(Type.Enum(["newest", "oldest", "stargazers", "watchers"])),
});

const StarredQuery = Type.Object({
  ...PageQuery.properties,
  sort: Type.Optional(Type.Enum(["created", "updated"])),
  direction: Type.Optional(Type.Enum(["asc", "desc"])),
});

/** Stars, watching and topics. */
export const standingRoutes = defineRoutes({
  "GET /api/v3/user/starred": {
    operationId: "activity/list-repos-starred-by-authenticated-user",
    summary: "Repositories that you have starred, the newest star first; `sort` is taken and changes nothing",
    access: "signed-in",
    query: StarredQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "GET /api/v3/users/{username}/starred": {
    operationId: "activity/list-repos-starred-by-user",
    summary: "Repositories that an account has starred",
    access: "anyone",
    query: StarredQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "GET /api/v3/user/starred/{owner}/{repo}": {
    operationId: "activity/check-repo-is-starred-by-authenticated-user",
    summary: "Whether you have starred a repository",
    access: "signed-in",
    responses: { 204: null },
  },
  "PUT /api/v3/user/starred/{owner}/{repo}": {
    operationId: "activity/star-repo-for-authenticated-user",
    summary: "Star a repository",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/v3/user/starred/{owner}/{repo}": {
    operationId: "activity/unstar-repo-for-authenticated-user",
    summary: "Take a star back",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/stargazers": {
    operationId: "activity/list-stargazers-for-repo",
    summary: "Who has starred a repository",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/repos/{owner}/{repo}/subscribers": {
    operationId: "activity/list-watchers-for-repo",
    summary: "Who watches a repository",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/user/subscriptions": {
    operationId: "activity/list-watched-repos-for-authenticated-user",
    summary: "Repositories that you watch",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "GET /api/v3/users/{username}/subscriptions": {
    operationId: "activity/list-repos-watched-by-user",
    summary: "Repositories that an account watches",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "GET /api/v3/repos/{owner}/{repo}/subscription": {
    operationId: "activity/get-repo-subscription",
    summary: "Whether you watch a repository, or ignore it",
    access: "signed-in",
    responses: { 200: RepositorySubscription },
  },
  "PUT /api/v3/repos/{owner}/{repo}/subscription": {
    operationId: "activity/set-repo-subscription",
    summary: "Watch a repository, or ignore it",
    access: "signed-in",
    body: SubscriptionRequest,
    responses: { 200: RepositorySubscription },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/subscription": {
    operationId: "activity/delete-repo-subscription",
    summary: "Neither watch a repository nor ignore it",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/forks": {
    operationId: "repos/list-forks",
    summary: "Forks of a repository, newest first; of GitHub's orders only `oldest` is another one",
    access: "anyone",
    query: ForksQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "POST /api/v3/repos/{owner}/{repo}/forks": {
    operationId: "repos/create-fork",
    summary: "Fork a repository, at once; one with very many branches and tags with its default branch alone",
    access: "signed-in",
    body: ForkCreation,
    responses: { 202: Repository },
  },
  "GET /api/v3/repos/{owner}/{repo}/topics": {
    operationId: "repos/get-all-topics",
    summary: "What a repository is about",
    access: "anyone",
    responses: { 200: Topics },
  },
  "PUT /api/v3/repos/{owner}/{repo}/topics": {
    operationId: "repos/replace-all-topics",
    summary: "Say what a repository is about",
    access: "signed-in",
    body: Topics,
    responses: { 200: Topics },
  },
});
