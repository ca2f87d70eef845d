import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings, Timestamp } from "../schema.ts";
import { SimpleUser } from "./users.ts";

/** GitHub's `organization-simple`. */
export const OrganizationSimple = Type.Object(
  {
    id: Type.Integer(),
    ...Strings(
      "login",
      "node_id",
      "url",
      "repos_url",
      "events_url",
      "hooks_url",
      "issues_url",
      "members_url",
      "public_members_url",
      "avatar_url",
    ).properties,
    description: Nullable(Type.String()),
  },
  { title: "OrganizationSimple" },
);
export type OrganizationSimple = Static<typeof OrganizationSimple>;

/** GitHub's `organization-full`. Its settings are shown to members only. */
export const Organization = Type.Object(
  {
    ...OrganizationSimple.properties,
    name: Type.Optional(Type.String()),
    blog: Type.Optional(Type.String()),
    location: Type.Optional(Type.String()),
    has_organization_projects: Type.Boolean(),
    has_repository_projects: Type.Boolean(),
    public_repos: Type.Integer(),
    public_gists: Type.Integer(),
    followers: Type.Integer(),
    following: Type.Integer(),
    html_url: Type.String(),
    type: Type.String(),
    default_repository_permission: Type.Optional(OneOf("none", "read", "write", "admin")),
    members_can_create_repositories: Type.Optional(Type.Boolean()),
    members_allowed_repository_creation_type: Type.Optional(OneOf("all", "private", "none")),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    archived_at: Nullable(Timestamp()),
  },
  { title: "Organization" },
);
export type Organization = Static<typeof Organization>;

/** GitHub's `org-membership`: `pending` until an invitation is accepted. */
export const OrganizationMembership = Type.Object(
  {
    url: Type.String(),
    state: OneOf("active", "pending"),
    role: OneOf("admin", "member"),
    organization_url: Type.String(),
    organization: OrganizationSimple,
    user: SimpleUser,
  },
  { title: "OrganizationMembership" },
);
export type OrganizationMembership = Static<typeof OrganizationMembership>;

const teamFields = {
  id: Type.Integer(),
  ...Strings("node_id", "name", "slug", "url", "html_url", "members_url", "repositories_url", "permission").properties,
  description: Nullable(Type.String()),
  privacy: OneOf("closed", "secret"),
  type: OneOf("organization"),
  organization_id: Type.Integer(),
};

/** GitHub's `team-simple`. */
export const TeamSimple = Type.Object(teamFields, { title: "TeamSimple" });
export type TeamSimple = Static<typeof TeamSimple>;

/** GitHub's `team`. */
export const Team = Type.Object({ ...teamFields, parent: Nullable(TeamSimple) }, { title: "Team" });
export type Team = Static<typeof Team>;

/** GitHub's `team-membership`. */
export const TeamMembership = Type.Object(
  { url: Type.String(), role: OneOf("maintainer", "member"), state: OneOf("active", "pending") },
  { title: "TeamMembership" },
);
export type TeamMembership = Static<typeof TeamMembership>;

/** The body of `POST /admin/organizations`. Whoever asks is the owner; `admin` may only say so. */
export const OrganizationCreation = Type.Object({
  login: Type.String({ maxLength: 100 }),
  admin: Type.Optional(Type.String({ maxLength: 100 })),
  profile_name: Type.Optional(Type.String({ maxLength: 1024 })),
});
export type OrganizationCreation = Static<typeof OrganizationCreation>;

/** The body of `PATCH /orgs/{org}`; an absent field stays. */
export const OrganizationUpdate = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 1024 })),
  description: Type.Optional(Type.String({ maxLength: 1024 })),
  location: Type.Optional(Type.String({ maxLength: 1024 })),
  blog: Type.Optional(Type.String({ maxLength: 1024 })),
  default_repository_permission: Type.Optional(OneOf("none", "read", "write", "admin")),
  members_can_create_repositories: Type.Optional(Type.Boolean()),
  members_allowed_repository_creation_type: Type.Optional(OneOf("all", "private", "none")),
});
export type OrganizationUpdate = Static<typeof OrganizationUpdate>;

/** The body of `PUT /orgs/{org}/memberships/{username}`. */
export const MembershipRequest = Type.Object({ role: Type.Optional(OneOf("admin", "member")) });
export type MembershipRequest = Static<typeof MembershipRequest>;

/** The body of `POST /orgs/{org}/teams`. */
export const TeamCreation = Type.Object({
  name: Type.String({ maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 1400 })),
  privacy: Type.Optional(OneOf("closed", "secret")),
  parent_team_id: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type TeamCreation = Static<typeof TeamCreation>;

/** The body of `PUT /orgs/{org}/teams/{team_slug}/memberships/{username}`. */
export const TeamMembershipRequest = Type.Object({ role: Type.Optional(OneOf("maintainer", "member")) });
export type TeamMembershipRequest = Static<typeof TeamMembershipRequest>;

/** The body of `PUT /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}`. */
export const TeamRepositoryRequest = Type.Object({
  permission: Type.Optional(OneOf("pull", "triage", "push", "maintain", "admin", "read", "write")),
});
export type TeamRepositoryRequest = Static<typeof TeamRepositoryRequest>;
