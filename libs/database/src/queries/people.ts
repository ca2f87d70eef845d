import { and, eq, inArray, isNotNull, sql, type SQL } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import { assert, type AccountId, type TeamId } from "@guts/primitives";
import { repositoryRoles } from "@guts/governance";
import type { Executor } from "../connection/connection.ts";
import { perPageMax } from "../limits.ts";
import type { Page } from "../listings.ts";
import type { PeopleQuery, TeamCounts } from "../organization-lists.ts";
import {
  accounts,
  collaborators,
  organizationMembers,
  organizations,
  repositories,
  repositoryTeams,
  teamMembers,
  teams,
} from "../schema/tables.ts";
import { idsOf } from "./organizations.ts";
import { rowsOf } from "./paging.ts";

/**
 * Who works on a repository, by account number: what the grants of governance say, as SQL, so that pages are full. A test
 * holds the two together.
 */
export async function listPeople(executor: Executor, query: PeopleQuery): Promise<Page<AccountId>> {
  const { affiliation, permission = "read" } = query;
  const { limit, offset } = rowsOf(query);
  const conditions = [
    sql`max(rank) >= ${rankOf(sql`${permission}::text`)}`,
    ...(affiliation === "all" ? [] : [sql`bool_or(is_direct)`]),
    ...(affiliation === "outside" ? [sql`not bool_or(is_inside)`] : []),
  ];
  const rows = await executor
    .select({ id: sql`account_id`.mapWith((value: string) => Number(value) as AccountId) })
    .from(sql`(${sql.join([...grantsOn(query)], sql` union all `)}) as grants`)
    .groupBy(sql`account_id`)
    .having(sql.join(conditions, sql` and `))
    .orderBy(sql`account_id`)
    .limit(limit)
    .offset(offset);
  return idsOf(rows, query);
}

/** Every grant but the public one, as rows of `account_id`, `rank`, `is_direct` and `is_inside` (by the owner). */
function grantsOn({ repository, owner }: PeopleQuery): readonly SQL[] {
  const isOrganization = sql`exists (select 1 from ${organizations} where ${organizations.id} = ${owner})`;
  const ofRepository = eq(repositoryTeams.repositoryId, repository);
  const teamGrant = sql`select ${teamMembers.accountId}, ${rankOf(repositoryTeams.role)}, false, true from ${repositoryTeams}`;
  return [
    sql`select ${accounts.id} as account_id, ${rankOf(sql`'admin'`)} as rank, true as is_direct, true as is_inside
      from ${accounts} where ${accounts.id} = ${owner} and not ${isOrganization}`,
    sql`select ${collaborators.accountId}, ${rankOf(collaborators.role)}, true, false
      from ${collaborators} where ${eq(collaborators.repositoryId, repository)}`,
    sql`select ${organizationMembers.accountId},
        case ${organizationMembers.role} when 'owner' then ${rankOf(sql`'admin'`)}
          else coalesce(${rankOf(organizations.basePermission)}, 0) end, false, true
      from ${organizationMembers} join ${organizations} on ${organizations.id} = ${organizationMembers.organizationId}
      where ${organizationMembers.organizationId} = ${owner}`,
    sql`${teamGrant} join ${teams} on ${teams.id} = ${repositoryTeams.teamId}
      join ${teamMembers} on ${teamMembers.teamId} = ${teams.id} where ${and(ofRepository, eq(teams.organizationId, owner))}`,
    // A child has what its parent has.
    sql`${teamGrant} join ${teams} on ${teams.parentId} = ${repositoryTeams.teamId}
      join ${teamMembers} on ${teamMembers.teamId} = ${teams.id} where ${and(ofRepository, eq(teams.organizationId, owner))}`,
  ];
}

const rolesInOrder = sql.raw(`array[${repositoryRoles.map((role) => `'${role}'`).join(", ")}]`);

/** A role's place among all, from 1; null for what is none. */
function rankOf(
  role: SQL | typeof collaborators.role | typeof repositoryTeams.role | typeof organizations.basePermission,
) {
  return sql`array_position(${rolesInOrder}, ${role}::text)`;
}

/** How many people and repositories each of these teams reaches. */
export async function countTeams(executor: Executor, ids: readonly TeamId[]): Promise<ReadonlyMap<TeamId, TeamCounts>> {
  assert(ids.length <= perPageMax, "counts are of one page of teams");
  if (ids.length === 0) return new Map();
  const members = await countMembers(executor, ids);
  const owned = await countRepositories(executor, ids);
  return new Map(ids.map((id) => [id, { members: members.get(id) ?? 0, repositories: owned.get(id) ?? 0 }]));
}

/** With the members of child teams. */
async function countMembers(executor: Executor, ids: readonly TeamId[]): Promise<ReadonlyMap<TeamId, number>> {
  const own = executor
    .select({ team: sql<TeamId>`${teams.id}`.as("team"), source: sql<TeamId>`${teams.id}`.as("source") })
    .from(teams)
    .where(inArray(teams.id, [...ids]));
  const ofChildren = executor
    .select({ team: sql<TeamId>`${teams.parentId}`.as("team"), source: sql<TeamId>`${teams.id}`.as("source") })
    .from(teams)
    .where(and(isNotNull(teams.parentId), inArray(teams.parentId, [...ids])));
  const sources = unionAll(own, ofChildren).as("sources");
  const rows = await executor
    .select({
      team: sql`${sources.team}`.mapWith((value: string) => Number(value) as TeamId),
      count: sql`count(distinct ${teamMembers.accountId})`.mapWith(Number),
    })
    .from(sources)
    .innerJoin(teamMembers, eq(teamMembers.teamId, sources.source))
    .groupBy(sources.team);
  return new Map(rows.map(({ team, count }) => [team, count]));
}

/** With the repositories of the parent. */
async function countRepositories(executor: Executor, ids: readonly TeamId[]): Promise<ReadonlyMap<TeamId, number>> {
  const rows = await executor
    .select({ team: teams.id, count: sql`count(distinct ${repositoryTeams.repositoryId})`.mapWith(Number) })
    .from(teams)
    .innerJoin(repositoryTeams, sql`${repositoryTeams.teamId} = any(array[${teams.id}, ${teams.parentId}])`)
    .innerJoin(
      repositories,
      and(eq(repositories.id, repositoryTeams.repositoryId), eq(repositories.ownerId, teams.organizationId)),
    )
    .where(inArray(teams.id, [...ids]))
    .groupBy(teams.id);
  return new Map(rows.map(({ team, count }) => [team, count]));
}
