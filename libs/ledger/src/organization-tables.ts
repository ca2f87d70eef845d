/** Entries of organizations and teams, version 1. An organization is an account's row and one here. */
import {
  accountIdCodec,
  heightCodec,
  list,
  mapped,
  oneOf,
  option,
  parseTeamName,
  parseTeamSlug,
  repositoryIdCodec,
  restText,
  struct,
  teamIdCodec,
  teamNameBytesMax,
  text,
  timeCodec,
  u64,
  type Codec,
  type Decoded,
  type TeamName,
  type TeamSlug,
} from "@guts/primitives";
import type {
  BasePermission,
  MemberRepositoryCreation,
  OrganizationRole,
  RepositoryRole,
  TeamPrivacy,
  TeamRole,
} from "@guts/governance";
import { contentRefCodec } from "./content.ts";
import { invitationTeamsMax } from "./limits.ts";
import { defineTable } from "./table.ts";

/** Codecs of the words that roles are told in. */
export const roleCodec: Codec<RepositoryRole> = oneOf({ read: 1, write: 2, admin: 3, triage: 4, maintain: 5 });
export const organizationRoleCodec: Codec<OrganizationRole> = oneOf({ owner: 1, member: 2 });
export const teamRoleCodec: Codec<TeamRole> = oneOf({ maintainer: 1, member: 2 });
export const teamPrivacyCodec: Codec<TeamPrivacy> = oneOf({ visible: 1, secret: 2 });
export const basePermissionCodec: Codec<BasePermission> = oneOf({ none: 0, read: 1, write: 2, admin: 3 });
export const repositoryCreationCodec: Codec<MemberRepositoryCreation> = oneOf({ none: 0, all: 1, private: 2 });
/** Whether strangers see that somebody is a member. */
export const membershipVisibilityCodec: Codec<MembershipVisibility> = oneOf({ concealed: 0, public: 1 });
export const teamNameCodec: Codec<TeamName> = mapped(text(teamNameBytesMax), parseTeamName, (name) => name);

/** Who sees that somebody is a member: everybody, or members. */
export type MembershipVisibility = "concealed" | "public";

const slugCodec: Codec<TeamSlug> = mapped(restText(teamNameBytesMax), parseTeamSlug, (slug) => slug);
const nothing = struct({});

/** What makes an account an organization. */
export const organizationTable = defineTable("organization", 0x17, {
  key: accountIdCodec,
  value: struct({ basePermission: basePermissionCodec, repositoryCreation: repositoryCreationCodec }),
});
/** An organization's settings. */
export type OrganizationRow = Decoded<(typeof organizationTable)["value"]>;

/** Members of organizations. */
export const organizationMemberTable = defineTable("organization-member", 0x18, {
  key: struct({ organization: accountIdCodec, account: accountIdCodec }),
  value: struct({
    role: organizationRoleCodec,
    visibility: membershipVisibilityCodec,
    sinceTime: timeCodec,
    sinceHeight: heightCodec,
  }),
});
/** A membership's row. */
export type OrganizationMemberRow = Decoded<(typeof organizationMemberTable)["value"]>;

/** Organizations by member: the index of the table above. */
export const accountOrganizationTable = defineTable("account-organization", 0x19, {
  key: struct({ account: accountIdCodec, organization: accountIdCodec }),
  value: nothing,
});

/** Invitations to an organization that the invited person has not answered; `teams` are joined with it. */
export const organizationInvitationTable = defineTable("organization-invitation", 0x1a, {
  key: struct({ organization: accountIdCodec, account: accountIdCodec }),
  value: struct({
    number: u64,
    role: organizationRoleCodec,
    teams: list(teamIdCodec, invitationTeamsMax),
    invitedBy: accountIdCodec,
    createdTime: timeCodec,
    expiresTime: timeCodec,
  }),
});
/** An invitation's row. */
export type OrganizationInvitationRow = Decoded<(typeof organizationInvitationTable)["value"]>;

/** Teams. A parent has no parent itself, and neither of the two is secret. */
export const teamTable = defineTable("team", 0x1b, {
  key: teamIdCodec,
  value: struct({
    organization: accountIdCodec,
    name: teamNameCodec,
    privacy: teamPrivacyCodec,
    parent: option(teamIdCodec),
    description: option(contentRefCodec),
    createdTime: timeCodec,
    createdHeight: heightCodec,
    updatedTime: timeCodec,
  }),
});
/** A team's row. */
export type TeamRow = Decoded<(typeof teamTable)["value"]>;

/** Teams of an organization by slug. */
export const teamSlugTable = defineTable("team-slug", 0x1c, {
  key: struct({ organization: accountIdCodec, slug: slugCodec }),
  value: teamIdCodec,
});

/** Members of teams; each is a member of the organization too. */
export const teamMemberTable = defineTable("team-member", 0x1d, {
  key: struct({ team: teamIdCodec, account: accountIdCodec }),
  value: struct({ role: teamRoleCodec, sinceTime: timeCodec, sinceHeight: heightCodec }),
});

/** Teams by member and organization: the index of the table above. */
export const accountTeamTable = defineTable("account-team", 0x1e, {
  key: struct({ account: accountIdCodec, organization: accountIdCodec, team: teamIdCodec }),
  value: nothing,
});

/** Child teams by parent. */
export const childTeamTable = defineTable("child-team", 0x1f, {
  key: struct({ parent: teamIdCodec, team: teamIdCodec }),
  value: nothing,
});

/** Teams with a role on a repository of their organization. */
export const repositoryTeamTable = defineTable("repository-team", 0x27, {
  key: struct({ repository: repositoryIdCodec, team: teamIdCodec }),
  value: roleCodec,
});

/** Repositories by team: the index of the table above. */
export const teamRepositoryTable = defineTable("team-repository", 0x28, {
  key: struct({ team: teamIdCodec, repository: repositoryIdCodec }),
  value: nothing,
});
