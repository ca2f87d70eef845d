import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings, Timestamp } from "../schema.ts";
import { SimpleUser } from "./users.ts";

/** What every member of an organization may do with its repositories, at least. */
export const BasePermission = OneOf("none", "read", "write", "admin");

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
    total_private_repos: Type.Optional(Type.Integer()),
    owned_private_repos: Type.Optional(Type.Integer()),
    default_repository_permission: Type.Optional(BasePermission),
    members_can_create_repositories: Type.Optional(Type.Boolean()),
    members_can_create_public_repositories: Type.Optional(Type.Boolean()),
    members_can_create_private_repositories: Type.Optional(Type.Boolean()),
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

/** The body of `POST /admin/organizations`. Whoever asks is the owner; `admin` may only say so. */
export const OrganizationCreation = Type.Object({
  login: Type.String({ maxLength: 100 }),
  admin: Type.Optional(Type.String({ maxLength: 100 })),
  profile_name: Type.Optional(Type.String({ maxLength: 1024 })),
});
export type OrganizationCreation = Static<typeof OrganizationCreation>;

/** The body of `PATCH /admin/organizations/{org}`, GitHub Enterprise Server's way to rename. */
export const OrganizationRename = Type.Object({ login: Type.String({ maxLength: 100 }) });
export type OrganizationRename = Static<typeof OrganizationRename>;

/** What renaming answers: where the organization is now. The former name redirects. */
export const OrganizationRenamed = Type.Object(
  { message: Type.String(), url: Type.String() },
  { title: "OrganizationRenamed" },
);
export type OrganizationRenamed = Static<typeof OrganizationRenamed>;

/** The body of `PATCH /orgs/{org}`; an absent field stays, an empty text clears. */
export const OrganizationUpdate = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 1024 })),
  description: Type.Optional(Type.String({ maxLength: 1024 })),
  location: Type.Optional(Type.String({ maxLength: 1024 })),
  blog: Type.Optional(Type.String({ maxLength: 1024 })),
  default_repository_permission: Type.Optional(BasePermission),
  members_can_create_repositories: Type.Optional(Type.Boolean()),
  members_can_create_public_repositories: Type.Optional(Type.Boolean()),
  members_can_create_private_repositories: Type.Optional(Type.Boolean()),
  members_allowed_repository_creation_type: Type.Optional(OneOf("all", "private", "none")),
});
export type OrganizationUpdate = Static<typeof OrganizationUpdate>;

/** The body of `PUT /orgs/{org}/memberships/{username}`. */
export const MembershipRequest = Type.Object({ role: Type.Optional(OneOf("admin", "member")) });
export type MembershipRequest = Static<typeof MembershipRequest>;

/** GitHub's `organization-invitation`. The e-mail address is never known: accounts are invited. */
export const OrganizationInvitation = Type.Object(
  {
    id: Type.Integer(),
    node_id: Type.String(),
    login: Type.String(),
    email: Type.Null(),
    role: OneOf("admin", "direct_member"),
    created_at: Timestamp(),
    failed_at: Type.Null(),
    failed_reason: Type.Null(),
    inviter: SimpleUser,
    team_count: Type.Integer(),
    invitation_teams_url: Type.String(),
    invitation_source: Type.String(),
  },
  { title: "OrganizationInvitation" },
);
export type OrganizationInvitation = Static<typeof OrganizationInvitation>;

/** The body of `POST /orgs/{org}/invitations`. Accounts are invited by their number; this node sends no mail to strangers. */
export const OrganizationInvitationRequest = Type.Object({
  invitee_id: Type.Optional(Type.Integer({ minimum: 1 })),
  email: Type.Optional(Type.String({ maxLength: 320 })),
  role: Type.Optional(OneOf("admin", "direct_member")),
  team_ids: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 100 })),
});
export type OrganizationInvitationRequest = Static<typeof OrganizationInvitationRequest>;
