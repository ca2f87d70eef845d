import { and, eq, exists, isNotNull, ne, or, sql, type SQL } from "drizzle-orm";
import type { AccountId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import {
  collaborators,
  organizationMembers,
  organizations,
  repositories,
  repositoryTeams,
  teamMembers,
  teams,
} from "../schema/tables.ts";

/**
 * Whether the viewer may read the repository of the row: what the grants of governance say, as SQL, so that pages are
 * full. A test holds the two together.
 */
export function isVisibleTo(executor: Executor, viewer: AccountId | undefined): SQL | undefined {
  const isPublic = eq(repositories.visibility, "public");
  if (viewer === undefined) return isPublic;
  const role = executor
    .select({ one: sql`1` })
    .from(collaborators)
    .where(and(eq(collaborators.repositoryId, repositories.id), eq(collaborators.accountId, viewer)));
  return or(
    isPublic,
    eq(repositories.ownerId, viewer),
    exists(role),
    exists(membership(executor, viewer)),
    exists(teamRole(executor, viewer)),
  );
}

/** A membership of the owning organization that reads its repositories by itself. */
function membership(executor: Executor, viewer: AccountId) {
  return executor
    .select({ one: sql`1` })
    .from(organizationMembers)
    .innerJoin(organizations, eq(organizations.id, organizationMembers.organizationId))
    .where(
      and(
        eq(organizationMembers.organizationId, repositories.ownerId),
        eq(organizationMembers.accountId, viewer),
        or(eq(organizationMembers.role, "owner"), ne(organizations.basePermission, "none")),
      ),
    );
}

/** A team of the owning organization with a role on the repository, joined itself or by one of its children. */
function teamRole(executor: Executor, viewer: AccountId) {
  return executor
    .select({ one: sql`1` })
    .from(repositoryTeams)
    .innerJoin(
      teams,
      or(
        eq(teams.id, repositoryTeams.teamId),
        and(isNotNull(teams.parentId), eq(teams.parentId, repositoryTeams.teamId)),
      ),
    )
    .innerJoin(teamMembers, eq(teamMembers.teamId, teams.id))
    .where(
      and(
        eq(repositoryTeams.repositoryId, repositories.id),
        eq(teams.organizationId, repositories.ownerId),
        eq(teamMembers.accountId, viewer),
      ),
    );
}
