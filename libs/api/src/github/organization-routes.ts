import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { OneOf } from "../schema.ts";
import {
  MembershipRequest,
  Organization,
  OrganizationCreation,
  OrganizationInvitation,
  OrganizationInvitationRequest,
  OrganizationMembership,
  OrganizationRename,
  OrganizationRenamed,
  OrganizationSimple,
  OrganizationUpdate,
} from "./organizations.ts";
import { Repository, RepositoryCreation } from "./repositories.ts";
import { Team } from "./teams.ts";
import { SimpleUser } from "./users.ts";

/** Organizations and their repositories. */
const organization = defineRoutes({
  "POST /api/v3/admin/organizations": {
    operationId: "enterprise-admin/create-org",
    summary: "Create an organization, whose owner is who asks",
    access: "signed-in",
    body: OrganizationCreation,
    responses: { 201: OrganizationSimple },
  },
  "PATCH /api/v3/admin/organizations/{org}": {
    operationId: "enterprise-admin/update-org-name",
    summary: "Give an organization another handle; the former one redirects",
    access: "signed-in",
    body: OrganizationRename,
    responses: { 202: OrganizationRenamed },
  },
  "GET /api/v3/user/orgs": {
    operationId: "orgs/list-for-authenticated-user",
    summary: "Organizations that one is a member of",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(OrganizationSimple) },
  },
  "GET /api/v3/users/{username}/orgs": {
    operationId: "orgs/list-for-user",
    summary: "Organizations that somebody is publicly a member of",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(OrganizationSimple) },
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
  "DELETE /api/v3/orgs/{org}": {
    operationId: "orgs/delete",
    summary: "Delete an organization that has no repositories, with its teams and memberships",
    access: "signed-in",
    responses: { 202: Type.Object({}) },
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
});

/** Who is in an organization. */
const member = defineRoutes({
  "GET /api/v3/orgs/{org}/members": {
    operationId: "orgs/list-members",
    summary: "Members of an organization; strangers see those who show it",
    access: "anyone",
    query: Type.Object({
      ...PageQuery.properties,
      filter: Type.Optional(OneOf("all")),
      role: Type.Optional(OneOf("all", "admin", "member")),
    }),
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/orgs/{org}/members/{username}": {
    operationId: "orgs/check-membership-for-user",
    summary: "Whether somebody is a member; strangers are sent to the public members",
    access: "anyone",
    responses: { 204: null, 302: null },
  },
  "DELETE /api/v3/orgs/{org}/members/{username}": {
    operationId: "orgs/remove-member",
    summary: "Remove a member, with its teams and roles on the organization's repositories",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/orgs/{org}/public_members": {
    operationId: "orgs/list-public-members",
    summary: "Members who show that they are",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(SimpleUser) },
  },
  "GET /api/v3/orgs/{org}/public_members/{username}": {
    operationId: "orgs/check-public-membership-for-user",
    summary: "Whether somebody shows that they are a member",
    access: "anyone",
    responses: { 204: null },
  },
  "PUT /api/v3/orgs/{org}/public_members/{username}": {
    operationId: "orgs/set-public-membership-for-authenticated-user",
    summary: "Show one's own membership",
    access: "signed-in",
    responses: { 204: null },
  },
  "DELETE /api/v3/orgs/{org}/public_members/{username}": {
    operationId: "orgs/remove-public-membership-for-authenticated-user",
    summary: "Conceal one's own membership",
    access: "signed-in",
    responses: { 204: null },
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
    summary: "Remove a member or an invitation; of oneself, leave or decline",
    access: "signed-in",
    responses: { 204: null },
  },
});

/** Invitations, for the organization and for who is invited. */
const invitation = defineRoutes({
  "GET /api/v3/user/memberships/orgs": {
    operationId: "orgs/list-memberships-for-authenticated-user",
    summary: "One's memberships and open invitations",
    access: "signed-in",
    query: Type.Object({ ...PageQuery.properties, state: Type.Optional(OneOf("active", "pending")) }),
    responses: { 200: Type.Array(OrganizationMembership) },
  },
  "GET /api/v3/user/memberships/orgs/{org}": {
    operationId: "orgs/get-membership-for-authenticated-user",
    summary: "One's membership of an organization, or the open invitation to it",
    access: "signed-in",
    responses: { 200: OrganizationMembership },
  },
  "PATCH /api/v3/user/memberships/orgs/{org}": {
    operationId: "orgs/update-membership-for-authenticated-user",
    summary: "Accept an invitation to an organization",
    access: "signed-in",
    body: Type.Object({ state: Type.Enum(["active"]) }),
    responses: { 200: OrganizationMembership },
  },
  "GET /api/v3/orgs/{org}/invitations": {
    operationId: "orgs/list-pending-invitations",
    summary: "Invitations that have not been answered",
    access: "signed-in",
    query: Type.Object({ ...PageQuery.properties, role: Type.Optional(OneOf("all", "admin", "direct_member")) }),
    responses: { 200: Type.Array(OrganizationInvitation) },
  },
  "POST /api/v3/orgs/{org}/invitations": {
    operationId: "orgs/create-invitation",
    summary: "Invite somebody, perhaps into teams",
    access: "signed-in",
    body: OrganizationInvitationRequest,
    responses: { 201: OrganizationInvitation },
  },
  "DELETE /api/v3/orgs/{org}/invitations/{invitation_id}": {
    operationId: "orgs/cancel-invitation",
    summary: "Take an invitation back",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/orgs/{org}/invitations/{invitation_id}/teams": {
    operationId: "orgs/list-invitation-teams",
    summary: "Teams that are joined with an invitation",
    access: "signed-in",
    query: PageQuery,
    responses: { 200: Type.Array(Team) },
  },
});

/** Organizations, who is in them, and who is asked in. */
export const organizationRoutes = { ...organization, ...member, ...invitation } as const;
