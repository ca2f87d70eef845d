import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { OneOf } from "../schema.ts";
import {
  Team,
  TeamCreation,
  TeamFull,
  TeamMembership,
  TeamMembershipRequest,
  TeamRepository,
  TeamRepositoryRequest,
  TeamUpdate,
} from "./teams.ts";
import { SimpleUser } from "./users.ts";

/** Teams: found, described, nested. */
const team = defineRoutes({
  "GET /api/v3/orgs/{org}/teams": {
    operationId: "teams/list",
    summary: "Teams that one may see",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Team) },
  },
  "POST /api/v3/orgs/{org}/teams": {
    operationId: "teams/create",
    summary: "Create a team",
    access: "signed-in",
    body: TeamCreation,
    responses: { 201: TeamFull },
  },
  "GET /api/v3/orgs/{org}/teams/{team_slug}": {
    operationId: "teams/get-by-name",
    summary: "A team",
    access: "signed-in",
    responses: { 200: TeamFull },
  },
  "PATCH /api/v3/orgs/{org}/teams/{team_slug}": {
    operationId: "teams/update-in-org",
    summary: "Change a team's name, description, privacy or parent",
    access: "signed-in",
    body: TeamUpdate,
    responses: { 200: TeamFull },
  },
  "DELETE /api/v3/orgs/{org}/teams/{team_slug}": {
    operationId: "teams/delete-in-org",
    summary: "Delete a team with its child teams",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/orgs/{org}/teams/{team_slug}/teams": {
    operationId: "teams/list-child-in-org",
    summary: "Child teams of a team",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Team) },
  },
  "GET /api/v3/user/teams": {
    operationId: "teams/list-for-authenticated-user",
    summary: "Teams that one is a member of, in all organizations",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(TeamFull) },
  },
});

/** Who is in a team, and what it may do where. */
const access = defineRoutes({
  "GET /api/v3/orgs/{org}/teams/{team_slug}/members": {
    operationId: "teams/list-members-in-org",
    summary: "Members of a team and of its child teams",
    access: "signed-in",
    query: Type.Object({
      ...PageQuery.properties,
      role: Type.Optional(OneOf("all", "maintainer", "member")),
    }),
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": {
    operationId: "teams/get-membership-for-user-in-org",
    summary: "Somebody's membership of a team, or of one of its child teams",
    access: "signed-in",
    responses: { 200: TeamMembership },
  },
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": {
    operationId: "teams/add-or-update-membership-for-user-in-org",
    summary: "Take a member into a team, or change their role there",
    access: "signed-in",
    body: TeamMembershipRequest,
    responses: { 200: TeamMembership },
  },
  "DELETE /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": {
    operationId: "teams/remove-membership-for-user-in-org",
    summary: "Remove somebody from a team, or leave it",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/orgs/{org}/teams/{team_slug}/repos": {
    operationId: "teams/list-repos-in-org",
    summary: "Repositories that a team has a role on, by itself or by its parent",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(TeamRepository) },
  },
  "GET /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": {
    operationId: "teams/check-permissions-for-repo-in-org",
    summary: "Whether a team has a role on a repository; as application/vnd.github.v3.repository+json, which",
    access: "signed-in",
    responses: { 200: TeamRepository, 204: null },
  },
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": {
    operationId: "teams/add-or-update-repo-permissions-in-org",
    summary: "Give a team a role on a repository",
    access: "signed-in",
    body: TeamRepositoryRequest,
    responses: { 204: null },
  },
  "DELETE /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": {
    operationId: "teams/remove-repo-in-org",
    summary: "Take a team's role on a repository away",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/teams": {
    operationId: "repos/list-teams",
    summary: "Teams with a role on a repository",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Team) },
  },
});

/** Teams, who is in them, and which repositories they work on. */
export const teamRoutes = { ...team, ...access } as const;
