/** Rows of members of organizations and teams, in both directions of each index, with their counts. */
import type { AccountId, RepositoryId, TeamId } from "@guts/primitives";
import type { OrganizationRole, RepositoryRole, TeamRole } from "@guts/governance";
import type { ActContext } from "./kind.ts";
import { teamMembersMax, teamsPerMemberMax } from "./limits.ts";
import type { Team } from "./organization-state.ts";
import type { Overlay } from "./state.ts";
import { readRow, removeRow, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import { addToTally, tallyOf } from "./tally.ts";

/** An account and the organization that it is, or is asked to be, a member of. */
export interface OrganizationMembership {
  readonly organization: AccountId;
  readonly account: AccountId;
}

/** Makes the account a member with this role, or changes its role. */
export function writeMember(
  { state, time, height }: ActContext,
  member: OrganizationMembership,
  role: OrganizationRole,
): void {
  const since = readRow(state, tables.organizationMemberTable, member);
  const { sinceTime, sinceHeight, visibility } = since ?? {
    sinceTime: time,
    sinceHeight: height,
    visibility: "concealed",
  };
  writeRow(state, tables.organizationMemberTable, member, { role, visibility, sinceTime, sinceHeight });
  if (since?.role === "owner" && role !== "owner") addToTally(state, "organizationOwners", member.organization, -1);
  if (since?.role !== "owner" && role === "owner") addToTally(state, "organizationOwners", member.organization, 1);
  if (since !== undefined) return;
  writeRow(state, tables.accountOrganizationTable, member, {});
  addToTally(state, "organizationMembers", member.organization, 1);
  addToTally(state, "organizations", member.account, 1);
}

/** Removes a membership that there is; the member's teams are the caller's. */
export function removeMember(state: Overlay, member: OrganizationMembership): void {
  const row = readRow(state, tables.organizationMemberTable, member);
  if (row === undefined) return;
  removeRow(state, tables.organizationMemberTable, member);
  removeRow(state, tables.accountOrganizationTable, member);
  addToTally(state, "organizationMembers", member.organization, -1);
  addToTally(state, "organizations", member.account, -1);
  if (row.role === "owner") addToTally(state, "organizationOwners", member.organization, -1);
}

/** Removes an invitation; nothing happens when there is none. */
export function removeOrganizationInvitation(state: Overlay, member: OrganizationMembership): void {
  if (readRow(state, tables.organizationInvitationTable, member) === undefined) return;
  removeRow(state, tables.organizationInvitationTable, member);
  addToTally(state, "organizationMembers", member.organization, -1);
}

/** Whether one more account fits into the team, and one more team to the account. */
export function hasRoomInTeam({ state, forge }: ActContext, team: Team, account: AccountId): boolean {
  const teams = Array.from(forge.organizations.teamsOf(team.organization, account));
  return tallyOf(state, "teamMembers", team.id) < teamMembersMax && teams.length < teamsPerMemberMax;
}

/** Makes a member of the organization a member of the team with this role, or changes the role. */
export function writeTeamMember(
  { state, time, height }: ActContext,
  { id: team, organization }: Pick<Team, "id" | "organization">,
  { account, role }: { readonly account: AccountId; readonly role: TeamRole },
): void {
  const since = readRow(state, tables.teamMemberTable, { team, account });
  const { sinceTime, sinceHeight } = since ?? { sinceTime: time, sinceHeight: height };
  writeRow(state, tables.teamMemberTable, { team, account }, { role, sinceTime, sinceHeight });
  if (since !== undefined) return;
  writeRow(state, tables.accountTeamTable, { account, organization, team }, {});
  addToTally(state, "teamMembers", team, 1);
}

/** Removes an account from a team; nothing happens when it is no member. */
export function removeTeamMember(
  state: Overlay,
  { id: team, organization }: Pick<Team, "id" | "organization">,
  account: AccountId,
): void {
  if (readRow(state, tables.teamMemberTable, { team, account }) === undefined) return;
  removeRow(state, tables.teamMemberTable, { team, account });
  removeRow(state, tables.accountTeamTable, { account, organization, team });
  addToTally(state, "teamMembers", team, -1);
}

/** Gives a team a role on a repository, or another one. */
export function writeTeamRepository(
  state: Overlay,
  key: { readonly team: TeamId; readonly repository: RepositoryId },
  role: RepositoryRole,
): void {
  const isNew = readRow(state, tables.repositoryTeamTable, key) === undefined;
  writeRow(state, tables.repositoryTeamTable, key, role);
  if (!isNew) return;
  writeRow(state, tables.teamRepositoryTable, key, {});
  addToTally(state, "repositoryTeams", key.repository, 1);
}

/** Takes a team's role on a repository away; nothing happens when it has none. */
export function removeTeamRepository(
  state: Overlay,
  key: { readonly team: TeamId; readonly repository: RepositoryId },
): void {
  if (readRow(state, tables.repositoryTeamTable, key) === undefined) return;
  removeRow(state, tables.repositoryTeamTable, key);
  removeRow(state, tables.teamRepositoryTable, key);
  addToTally(state, "repositoryTeams", key.repository, -1);
}
