import { and, eq, exists, gt, inArray, or, sql } from "drizzle-orm";
import type { AccountId, RepositoryId, TeamId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import type { Page, PageRequest } from "../listings.ts";
import type * as list from "../organization-lists.ts";
import {
  organizationInvitations,
  organizationMembers,
  organizations,
  repositories,
  repositoryTeams,
  teamMembers,
  teams,
} from "../schema/tables.ts";
import { pageOf, rowsOf } from "./paging.ts";
import { isVisibleTo } from "./visible.ts";

/** Members of an organization by account number. */
export async function listMembers(executor: Executor, query: list.MemberQuery): Promise<Page<AccountId>> {
  const { organization, role, isPublic } = query;
  const { limit, offset } = rowsOf(query);
  const rows = await executor
    .select({ id: organizationMembers.accountId })
    .from(organizationMembers)
    .where(
      and(
        eq(organizationMembers.organizationId, organization),
        role === undefined ? undefined : eq(organizationMembers.role, role),
        isPublic ? eq(organizationMembers.visibility, "public") : undefined,
      ),
    )
    .orderBy(organizationMembers.accountId)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, query);
}

/** Whom an organization has invited, the oldest invitation first. */
export async function listInvited(
  executor: Executor,
  query: list.OrganizationInvitationQuery,
): Promise<Page<AccountId>> {
  const { organization, role, now } = query;
  const { limit, offset } = rowsOf(query);
  const rows = await executor
    .select({ id: organizationInvitations.accountId })
    .from(organizationInvitations)
    .where(
      and(
        eq(organizationInvitations.organizationId, organization),
        gt(organizationInvitations.expiresTime, now),
        role === undefined ? undefined : eq(organizationInvitations.role, role),
      ),
    )
    .orderBy(organizationInvitations.number)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, query);
}

/** Whom the invitation with this number is for. */
export async function findInvited(
  executor: Executor,
  organization: AccountId,
  number: number,
): Promise<AccountId | undefined> {
  const [row] = await executor
    .select({ id: organizationInvitations.accountId })
    .from(organizationInvitations)
    .where(and(eq(organizationInvitations.organizationId, organization), eq(organizationInvitations.number, number)))
    .limit(1);
  return row?.id;
}

/** Teams of an organization by slug. */
export async function listTeams(executor: Executor, query: list.TeamQuery): Promise<Page<TeamId>> {
  const { organization, viewer } = query;
  const { limit, offset } = rowsOf(query);
  const rows = await executor
    .select({ id: teams.id })
    .from(teams)
    .where(
      and(
        eq(teams.organizationId, organization),
        viewer === undefined ? undefined : or(eq(teams.privacy, "visible"), exists(membership(executor, viewer))),
      ),
    )
    .orderBy(teams.slug)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, query);
}

function membership(executor: Executor, viewer: AccountId) {
  return executor
    .select({ one: sql`1` })
    .from(teamMembers)
    .where(and(eq(teamMembers.teamId, teams.id), eq(teamMembers.accountId, viewer)));
}

/** Teams of an account by number. Rows of what was deleted, while they are still there, do not count. */
export async function listTeamsOf(executor: Executor, account: AccountId, page: PageRequest): Promise<Page<TeamId>> {
  const { limit, offset } = rowsOf(page);
  const rows = await executor
    .select({ id: teamMembers.teamId })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .innerJoin(organizations, eq(organizations.id, teams.organizationId))
    .where(eq(teamMembers.accountId, account))
    .orderBy(teamMembers.teamId)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, page);
}

/** Members of a team and its children by account number. */
export async function listTeamMembers(executor: Executor, query: list.TeamMemberQuery): Promise<Page<AccountId>> {
  const { team, children, role } = query;
  const { limit, offset } = rowsOf(query);
  const maintains = sql`bool_or(${teamMembers.teamId} = ${team} and ${teamMembers.role} = 'maintainer')`;
  const rows = await executor
    .select({ id: teamMembers.accountId })
    .from(teamMembers)
    .where(inArray(teamMembers.teamId, [team, ...children]))
    .groupBy(teamMembers.accountId)
    .having(role === undefined ? undefined : role === "maintainer" ? maintains : sql`not ${maintains}`)
    .orderBy(teamMembers.accountId)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, query);
}

/** Repositories on which one of the teams has a role, by number. */
export async function listTeamRepositories(
  executor: Executor,
  query: list.TeamRepositoryQuery,
): Promise<Page<RepositoryId>> {
  const { owner, viewer } = query;
  const { limit, offset } = rowsOf(query);
  const ofTeams = executor
    .select({ id: repositoryTeams.repositoryId })
    .from(repositoryTeams)
    .where(inArray(repositoryTeams.teamId, [...query.teams]));
  const rows = await executor
    .select({ id: repositories.id })
    .from(repositories)
    .where(and(inArray(repositories.id, ofTeams), eq(repositories.ownerId, owner), isVisibleTo(executor, viewer)))
    .orderBy(repositories.id)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, query);
}

/** The page of the numbers in `rows`. */
export function idsOf<Id>(rows: readonly { readonly id: Id }[], page: PageRequest): Page<Id> {
  return pageOf(
    rows.map(({ id }) => id),
    page,
  );
}
