/** Members of organizations: invited by an owner, there once they accept, gone with their teams and roles. */
import {
  accountIdCodec,
  encode,
  list,
  struct,
  teamIdCodec,
  type AccountId,
  type TeamId,
  type TimeMs,
} from "@guts/primitives";
import { applied, defineKind, rejected, type ActContext } from "../kind.ts";
import {
  collaborationsPerAccountMax,
  invitationTeamsMax,
  organizationInvitationLifeMs,
  organizationMembersMax,
  organizationsPerAccountMax,
  teamsPerMemberMax,
} from "../limits.ts";
import {
  hasRoomInTeam,
  removeMember,
  removeOrganizationInvitation,
  removeTeamMember,
  writeMember,
  writeTeamMember,
  type OrganizationMembership,
} from "../membership.ts";
import { nextNumber } from "../numbering.ts";
import { organizationScope, refuseForOrganization, refuseOwnMembership } from "../organization-act.ts";
import type { RejectionCode } from "../rejection.ts";
import { scanRows, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { removeCollaborator } from "./collaborators.ts";

const membershipPayload = struct({ organization: accountIdCodec, account: accountIdCodec });
const organizationPayload = struct({ organization: accountIdCodec });

/** Invites an account, perhaps into teams. Inviting again changes role and teams and starts the time anew. */
export const organizationInvite = defineKind({
  tag: 64,
  payload: struct({
    organization: accountIdCodec,
    account: accountIdCodec,
    role: tables.organizationRoleCodec,
    teams: list(teamIdCodec, invitationTeamsMax),
  }),
  result: struct({}),
  authority: "any",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization, account, role, teams }) => {
    const refusal =
      refuseForOrganization(context, organization, "administer") ?? refuseTeams(context, organization, teams);
    if (refusal !== undefined) return rejected(refusal);
    const { state, forge, actor, time } = context;
    if (!forge.isActivePerson(account)) return rejected("account-unknown");
    if (forge.organizations.member(organization, account) !== undefined) return rejected("already-so");
    const earlier = forge.organizations.invitation(organization, account);
    if (earlier === undefined && tallyOf(state, "organizationMembers", organization) >= organizationMembersMax)
      return rejected("member-limit");
    if (earlier === undefined) addToTally(state, "organizationMembers", organization, 1);
    const number = earlier?.number ?? nextNumber(state, "organizationInvitation");
    const expiresTime = (time + organizationInvitationLifeMs) as TimeMs;
    const row = { number, role, teams, invitedBy: actor, createdTime: time, expiresTime };
    writeRow(state, tables.organizationInvitationTable, { organization, account }, row);
    return applied({});
  },
});

function refuseTeams({ forge }: ActContext, organization: AccountId, teams: readonly TeamId[]) {
  const areThere = teams.every((team) => forge.organizations.team(team)?.organization === organization);
  return areThere ? undefined : ("not-found" as const);
}

/** Accepts one's own invitation, and joins those of its teams that there still are and that have room. */
export const organizationAccept = defineKind({
  tag: 65,
  payload: organizationPayload,
  result: struct({}),
  authority: "write-organizations",
  work: () => 6 * invitationTeamsMax,
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization }) => {
    const { state, forge, actor, time } = context;
    const invitation = forge.organizations.invitation(organization, actor);
    const isLive = invitation !== undefined && invitation.expiresTime > time;
    if (!isLive || forge.organizations.settings(organization) === undefined) return rejected("not-found");
    if (tallyOf(state, "organizations", actor) >= organizationsPerAccountMax) return rejected("organization-limit");
    const member = { organization, account: actor };
    removeOrganizationInvitation(state, member);
    writeMember(context, member, invitation.role);
    for (const id of invitation.teams) {
      const team = forge.organizations.team(id);
      if (team !== undefined && hasRoomInTeam(context, team, actor))
        writeTeamMember(context, team, { account: actor, role: "member" });
    }
    return applied({});
  },
});

/** Declines one's own invitation. */
export const organizationDecline = defineKind({
  tag: 66,
  payload: organizationPayload,
  result: struct({}),
  authority: "write-organizations",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: ({ state, forge, actor }, { organization }) => {
    if (forge.organizations.invitation(organization, actor) === undefined) return rejected("not-found");
    removeOrganizationInvitation(state, { organization, account: actor });
    return applied({});
  },
});

/** Takes an invitation back. Who has accepted meanwhile stays a member. */
export const organizationCancelInvitation = defineKind({
  tag: 78,
  payload: membershipPayload,
  result: struct({}),
  authority: "any",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization, account }) => {
    const refusal = refuseForOrganization(context, organization, "administer");
    if (refusal !== undefined) return rejected(refusal);
    if (context.forge.organizations.invitation(organization, account) === undefined) return rejected("not-found");
    removeOrganizationInvitation(context.state, { organization, account });
    return applied({});
  },
});

/**
 * Removes a member, or takes an invitation back; members may leave. With the member go its teams and the roles it was
 * given on the organization's repositories, so nothing of it stays.
 */
export const organizationRemoveMember = defineKind({
  tag: 67,
  payload: membershipPayload,
  result: struct({}),
  authority: "any",
  work: () => 4 * collaborationsPerAccountMax + 5 * teamsPerMemberMax,
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, member) => {
    const { state, forge, actor } = context;
    const { organization, account } = member;
    const refusal =
      account === actor
        ? refuseOwnMembership(context, "write-organizations")
        : refuseForOrganization(context, organization, "administer");
    if (refusal !== undefined) return rejected(refusal);
    const held = forge.organizations.member(organization, account);
    if (held === undefined && forge.organizations.invitation(organization, account) === undefined)
      return rejected("not-found");
    if (held?.role === "owner" && isLastOwner(context, organization)) return rejected("last-owner");
    removeOrganizationInvitation(state, member);
    if (held !== undefined) removeEverywhere(context, member);
    return applied({});
  },
});

/** Changes the role of a member, or of an invitation that waits. */
export const organizationSetRole = defineKind({
  tag: 68,
  payload: struct({
    organization: accountIdCodec,
    account: accountIdCodec,
    role: tables.organizationRoleCodec,
  }),
  result: struct({}),
  authority: "any",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: (context, { organization, account, role }) => {
    const refusal = refuseForOrganization(context, organization, "administer") ?? decideRole();
    return refusal === undefined ? applied({}) : rejected(refusal);

    function decideRole(): RejectionCode | undefined {
      const { organizations } = context.forge;
      const held = organizations.member(organization, account)?.role;
      const invitation = organizations.invitation(organization, account);
      if ((held ?? invitation?.role) === role) return "already-so";
      if (held === "owner" && isLastOwner(context, organization)) return "last-owner";
      if (held !== undefined) writeMember(context, { organization, account }, role);
      else if (invitation === undefined) return "not-found";
      else
        writeRow(context.state, tables.organizationInvitationTable, { organization, account }, { ...invitation, role });
      return undefined;
    }
  },
});

/** Says whether strangers see one's own membership. */
export const organizationSetVisibility = defineKind({
  tag: 69,
  payload: struct({ organization: accountIdCodec, visibility: tables.membershipVisibilityCodec }),
  result: struct({}),
  authority: "write-organizations",
  scope: (_context, { organization }) => organizationScope(organization),
  apply: ({ state, forge, actor }, { organization, visibility }) => {
    const member = forge.organizations.member(organization, actor);
    if (member === undefined || forge.organizations.settings(organization) === undefined) return rejected("not-found");
    if (member.visibility === visibility) return rejected("already-so");
    const key = { organization, account: actor };
    writeRow(state, tables.organizationMemberTable, key, { ...member, visibility });
    return applied({});
  },
});

function isLastOwner({ state }: ActContext, organization: AccountId): boolean {
  return tallyOf(state, "organizationOwners", organization) <= 1;
}

function removeEverywhere({ state, forge }: ActContext, member: OrganizationMembership): void {
  const { organization, account } = member;
  for (const team of [...forge.organizations.teamsOf(organization, account)]) removeTeamMember(state, team, account);
  const within = encode(accountIdCodec, account);
  for (const [key] of [...scanRows(state, tables.accountCollaborationTable, { within })]) {
    if (forge.repository(key.repository)?.owner === organization) removeCollaborator(state, key);
  }
  removeMember(state, member);
}
