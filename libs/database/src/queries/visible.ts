import { and, eq, exists, or, sql, type SQL } from "drizzle-orm";
import type { AccountId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import { collaborators, repositories } from "../schema/tables.ts";

/**
 * Whether the viewer may read the repository of the row: what `resolvePermission` of governance says, as SQL, so that
 * pages are full. A test holds the two together.
 */
export function isVisibleTo(executor: Executor, viewer: AccountId | undefined): SQL | undefined {
  const isPublic = eq(repositories.visibility, "public");
  if (viewer === undefined) return isPublic;
  const role = executor
    .select({ one: sql`1` })
    .from(collaborators)
    .where(and(eq(collaborators.repositoryId, repositories.id), eq(collaborators.accountId, viewer)));
  return or(isPublic, eq(repositories.ownerId, viewer), exists(role));
}
