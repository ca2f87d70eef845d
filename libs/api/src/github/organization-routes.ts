import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import {
  MembershipRequest,
  Organization,
  OrganizationCreation,
  OrganizationMembership,
  OrganizationSimple,
  OrganizationUpdate,
  Team,
  TeamCreation,
  TeamMembership,
  TeamMembershipRequest,
  TeamRepositoryRequest,
} from "./organizations.ts";
import { Repository, RepositoryCreation } from "./repositories.ts";
import { SimpleUser } from "./users.ts";

/** Organizations, their members and teams. */
export const organizationRoutes = defineRoutes({
  "POST /api/v3/admin/organizations": {
    operationId: "enterprise-admin/create-org",
    summary: "Create an organization, whose owner is who asks",
    access: "signed-in",
    body: OrganizationCreation,
    responses: { 201: OrganizationSimple },
  },
  "GET /api/v3/user/orgs": {
    operationId: "orgs/list-for-authenticated-user",
    summary: "Organizations that one is a member of",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(OrganizationSimple) },
  },
  "PATCH /api/v3/user/memberships/orgs/{org}": {
    operationId: "orgs/update-membership-for-authenticated-user",
    summary: "Accept an invitation to an organization",
    access: "signed-in",
    body: Type.Object({ state: Type.Enum(["active"]) }),
    responses: { 200: OrganizationMembership },
  },
  "GET /api/v3/orgs/{org}": {
    operationId: "orgs/get",
    summary: "An organization",
    access: "anyone",
    responses: { 200: Organization },
  },
  "PATCH /api/v3/orgs/{org}": {
    operationId: "orgs/update",
    summary: "Change an organization's profile and settings",
    access: "signed-in",
    body: OrganizationUpdate,
    responses: { 200: Organization },
  },
  "GET /api/v3/orgs/{org}/repos": {
    operationId: "repos/list-for-org",
    summary: "An organization's repositories",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(Repository) },
  },
  "POST /api/v3/orgs/{org}/repos": {
    operationId: "repos/create-in-org",
    summary: "Create a repository for an organization",
    access: "signed-in",
    body: RepositoryCreation,
    responses: { 201: Repository },
  },
  "GET /api/v3/orgs/{org}/members": {
    operationId: "orgs/list-members",
    summary: "Members of an organization; strangers see those who show it",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/orgs/{org}/memberships/{username}": {
    operationId: "orgs/get-membership-for-user",
    summary: "Somebody's membership, or their open invitation",
    access: "signed-in",
    responses: { 200: OrganizationMembership },
  },
  "PUT /api/v3/orgs/{org}/memberships/{username}": {
    operationId: "orgs/set-membership-for-user",
    summary: "Invite somebody, or change a member's role",
    access: "signed-in",
    body: MembershipRequest,
    responses: { 200: OrganizationMembership },
  },
  "DELETE /api/v3/orgs/{org}/memberships/{username}": {
    operationId: "orgs/remove-membership-for-user",
    summary: "Remove a member or an invitation, or leave",
    access: "signed-in",
    responses: { 204: null },
  },
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
    responses: { 201: Team },
  },
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": {
    operationId: "teams/add-or-update-membership-for-user-in-org",
    summary: "Take a member into a team, or change their role there",
    access: "signed-in",
    body: TeamMembershipRequest,
    responses: { 200: TeamMembership },
  },
  "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": {
    operationId: "teams/add-or-update-repo-permissions-in-org",
    summary: "Give a team a role on a repository",
    access: "signed-in",
    body: TeamRepositoryRequest,
    responses: { 204: null },
  },
});
