import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings, Timestamp } from "../schema.ts";
import { Organization } from "./organizations.ts";
import { Repository, RepositoryPermissions } from "./repositories.ts";

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

/** GitHub's `team`. In the list of a repository's teams, `permission` and `permissions` say what the team may do there. */
export const Team = Type.Object(
  { ...teamFields, permissions: Type.Optional(RepositoryPermissions), parent: Nullable(TeamSimple) },
  { title: "Team" },
);
export type Team = Static<typeof Team>;

/** GitHub's `team-full`. Both counts include what child teams and the parent team bring. */
export const TeamFull = Type.Object(
  {
    ...teamFields,
    parent: Nullable(TeamSimple),
    members_count: Type.Integer(),
    repos_count: Type.Integer(),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    organization: Organization,
  },
  { title: "TeamFull" },
);
export type TeamFull = Static<typeof TeamFull>;

/** GitHub's `team-membership`. */
export const TeamMembership = Type.Object(
  { url: Type.String(), role: OneOf("maintainer", "member"), state: OneOf("active", "pending") },
  { title: "TeamMembership" },
);
export type TeamMembership = Static<typeof TeamMembership>;

/** GitHub's `team-repository`: a repository with what a team may do there. */
export const TeamRepository = Type.Object(
  { ...Repository.properties, permissions: RepositoryPermissions, role_name: Type.String() },
  { title: "TeamRepository" },
);
export type TeamRepository = Static<typeof TeamRepository>;

/** The body of `POST /orgs/{org}/teams`. */
export const TeamCreation = Type.Object({
  name: Type.String({ maxLength: 200 }),
  description: Type.Optional(Type.String({ maxLength: 1400 })),
  privacy: Type.Optional(OneOf("closed", "secret")),
  parent_team_id: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type TeamCreation = Static<typeof TeamCreation>;

/** The body of `PATCH /orgs/{org}/teams/{team_slug}`; an absent field stays, null takes the parent away. */
export const TeamUpdate = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 200 })),
  description: Type.Optional(Type.String({ maxLength: 1400 })),
  privacy: Type.Optional(OneOf("closed", "secret")),
  parent_team_id: Type.Optional(Nullable(Type.Integer({ minimum: 1 }))),
});
export type TeamUpdate = Static<typeof TeamUpdate>;

/** The body of `PUT /orgs/{org}/teams/{team_slug}/memberships/{username}`. */
export const TeamMembershipRequest = Type.Object({ role: Type.Optional(OneOf("maintainer", "member")) });
export type TeamMembershipRequest = Static<typeof TeamMembershipRequest>;

/** The body of `PUT /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}`. */
export const TeamRepositoryRequest = Type.Object({
  permission: Type.Optional(OneOf("pull", "triage", "push", "maintain", "admin", "read", "write")),
});
export type TeamRepositoryRequest = Static<typeof TeamRepositoryRequest>;
