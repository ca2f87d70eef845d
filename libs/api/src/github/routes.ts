import { Type } from "typebox";

import { PageQuery, SinceQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { administrationRoutes } from "./administration-routes.ts";
import { branchRoutes } from "./branch-routes.ts";
import {
  Collaborator,
  CollaboratorPermission,
  CollaboratorRequest,
  InvitationUpdate,
  RepositoryInvitation,
} from "./collaborators.ts";
import { gitRoutes } from "./git-routes.ts";
import { gitWriteRoutes } from "./git-write-routes.ts";
import { issueRoutes } from "./issue-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { pullRoutes } from "./pull-routes.ts";
import { signingKeyRoutes } from "./signing-keys.ts";
import { Meta, RateLimitOverview, Root } from "./meta.ts";
import { organizationRoutes } from "./organization-routes.ts";
import { Repository, RepositoryCreation, RepositoryTransfer, RepositoryUpdate } from "./repositories.ts";
import { standingRoutes } from "./standing-routes.ts";
import { statusRoutes } from "./statuses.ts";
import { teamRoutes } from "./team-routes.ts";
import { emailRoutes } from "./emails.ts";
import { PrivateUser, PublicUser, SimpleUser, UserUpdate } from "./users.ts";

const direction = Type.Optional(Type.Enum(["asc", "desc"]));
const sort = Type.Optional(Type.Enum(["created", "updated", "pushed", "full_name"]));

/** Lists of one's own repositories; filters that Guts does not know yet are ignored. */
const OwnRepositoriesQuery = Type.Object({
  ...PageQuery.properties,
  visibility: Type.Optional(Type.Enum(["all", "public", "private"])),
  affiliation: Type.Optional(Type.String({ maxLength: 100 })),
  type: Type.Optional(Type.Enum(["all", "owner", "public", "private", "member"])),
  sort,
  direction,
});
const UserRepositoriesQuery = Type.Object({
  ...PageQuery.properties,
  type: Type.Optional(Type.Enum(["all", "owner", "member"])),
  sort,
  direction,
});
const account = defineRoutes({
  "GET /api/v3/": {
    operationId: "meta/root",
    summary: "URL templates of the API",
    access: "anyone",
    responses: { 200: Root },
  },
  "GET /api/v3/meta": {
    operationId: "meta/get",
    summary: "Facts about this server",
    access: "anyone",
    responses: { 200: Meta },
  },
  "GET /api/v3/rate_limit": {
    operationId: "rate-limit/get",
    summary: "How many requests are left",
    access: "anyone",
    responses: { 200: RateLimitOverview },
  },
  "GET /api/v3/user": {
    operationId: "users/get-authenticated",
    summary: "The signed-in account",
    access: "signed-in",
    responses: { 200: PrivateUser },
  },
  "PATCH /api/v3/user": {
    operationId: "users/update-authenticated",
    summary: "Change one's profile",
    access: "signed-in",
    body: UserUpdate,
    responses: { 200: PrivateUser },
  },
  "GET /api/v3/users": {
    operationId: "users/list",
    summary: "Accounts in order of their ids",
    access: "anyone",
    query: SinceQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/users/{username}": {
    operationId: "users/get-by-username",
    summary: "An account",
    access: "anyone",
    responses: { 200: PublicUser },
  },
  "GET /api/v3/user/followers": {
    operationId: "users/list-followers-for-authenticated-user",
    summary: "Who follows you",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/user/following": {
    operationId: "users/list-followed-by-authenticated-user",
    summary: "Whom you follow",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/user/following/{username}": {
    operationId: "users/check-person-is-followed-by-authenticated",
    summary: "Whether you follow somebody",
    access: "signed-in",
    responses: { 204: null },
  },
  "PUT /api/v3/user/following/{username}": {
    operationId: "users/follow",
    summary: "Follow somebody",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/v3/user/following/{username}": {
    operationId: "users/unfollow",
    summary: "Follow somebody no longer",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/users/{username}/followers": {
    operationId: "users/list-followers-for-user",
    summary: "Who follows an account",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/users/{username}/following": {
    operationId: "users/list-following-for-user",
    summary: "Whom an account follows",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/users/{username}/following/{target_user}": {
    operationId: "users/check-following-for-user",
    summary: "Whether one account follows another",
    access: "anyone",
    responses: { 204: null },
  },
  "GET /api/v3/users/{username}/repos": {
    operationId: "repos/list-for-user",
    summary: "An account's repositories that the viewer may see",
    access: "anyone",
    query: UserRepositoriesQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "GET /api/v3/user/repos": {
    operationId: "repos/list-for-authenticated-user",
    summary: "Repositories one owns or works on",
    access: "signed-in",
    query: OwnRepositoriesQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "POST /api/v3/user/repos": {
    operationId: "repos/create-for-authenticated-user",
    summary: "Create a repository",
    access: "signed-in",
    body: RepositoryCreation,
    responses: { 201: Repository },
  },
  "GET /api/v3/repositories": {
    operationId: "repos/list-public",
    summary: "Public repositories in order of their ids",
    access: "anyone",
    query: SinceQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "GET /api/v3/user/repository_invitations": {
    operationId: "repos/list-invitations-for-authenticated-user",
    summary: "Invitations that wait for one's answer",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(RepositoryInvitation) },
  },
  "PATCH /api/v3/user/repository_invitations/{invitation_id}": {
    operationId: "repos/accept-invitation-for-authenticated-user",
    summary: "Accept an invitation",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/v3/user/repository_invitations/{invitation_id}": {
    operationId: "repos/decline-invitation-for-authenticated-user",
    summary: "Decline an invitation",
    access: "signed-in",
    responses: { 204: null },
  },
});

const repository = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}": {
    operationId: "repos/get",
    summary: "A repository",
    access: "anyone",
    responses: { 200: Repository },
  },
  "PATCH /api/v3/repos/{owner}/{repo}": {
    operationId: "repos/update",
    summary: "Change a repository's name, description, visibility, default branch or archive state",
    access: "signed-in",
    body: RepositoryUpdate,
    responses: { 200: Repository },
  },
  "DELETE /api/v3/repos/{owner}/{repo}": {
    operationId: "repos/delete",
    summary: "Delete a repository",
    access: "signed-in",
    responses: { 204: null },
  },
  "POST /api/v3/repos/{owner}/{repo}/transfer": {
    operationId: "repos/transfer",
    summary: "Give a repository to another owner",
    access: "signed-in",
    body: RepositoryTransfer,
    responses: { 202: Repository },
  },
  "GET /api/v3/repos/{owner}/{repo}/collaborators": {
    operationId: "repos/list-collaborators",
    summary: "Who works on a repository: collaborators, and who has access by the organization or a team",
    access: "signed-in",
    query: Type.Object({
      ...PageQuery.properties,
      affiliation: Type.Optional(Type.Enum(["all", "direct", "outside"])),
      permission: Type.Optional(Type.Enum(["pull", "triage", "push", "maintain", "admin"])),
    }),
    responses: { 200: Type.Array(Collaborator) },
  },
  "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}": {
    operationId: "repos/check-collaborator",
    summary: "Whether an account works on a repository",
    access: "signed-in",
    responses: { 204: null },
  },
  "PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}": {
    operationId: "repos/add-collaborator",
    summary: "Invite an account, or change a collaborator's role",
    access: "signed-in",
    body: CollaboratorRequest,
    responses: { 201: RepositoryInvitation, 204: null },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}": {
    operationId: "repos/remove-collaborator",
    summary: "Remove a collaborator, or leave",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/collaborators/{username}/permission": {
    operationId: "repos/get-collaborator-permission-level",
    summary: "An account's role in a repository",
    access: "signed-in",
    responses: { 200: CollaboratorPermission },
  },
  "GET /api/v3/repos/{owner}/{repo}/invitations": {
    operationId: "repos/list-invitations",
    summary: "Open invitations of a repository",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(RepositoryInvitation) },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": {
    operationId: "repos/update-invitation",
    summary: "Change the role that an invitation offers",
    access: "signed-in",
    body: InvitationUpdate,
    responses: { 200: RepositoryInvitation },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}": {
    operationId: "repos/delete-invitation",
    summary: "Withdraw an invitation",
    access: "signed-in",
    responses: { 204: null },
  },
});

/** Every route whose shape is GitHub's. */
export const githubRoutes = {
  ...account,
  ...repository,
  ...gitRoutes,
  ...gitWriteRoutes,
  ...pullRoutes,
  ...branchRoutes,
  ...organizationRoutes,
  ...teamRoutes,
  ...administrationRoutes,
  ...issueRoutes,
  ...keyRoutes,
  ...emailRoutes,
  ...signingKeyRoutes,
  ...standingRoutes,
  ...statusRoutes,
} as const;
