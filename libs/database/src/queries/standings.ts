import { and, asc, desc, eq } from "drizzle-orm";
import type { AccountId, RepositoryId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import type { AudienceQuery, ForkQuery, Page, StandingQuery } from "../listings.ts";
import { accounts, forks, repositories, stars, subscriptions } from "../schema/tables.ts";
import { pageOf, rowsOf } from "./paging.ts";
import { isVisibleTo } from "./visible.ts";

/** Repositories that an account stars or watches, by when it began; only those that the viewer may read. */
export async function listStandings(
  executor: Executor,
  query: StandingQuery,
): Promise<Page<{ readonly id: RepositoryId }>> {
  const { limit, offset } = rowsOf(query);
  const { table, isMeant } = sourceOf(query.list === "starred" ? "stars" : "subscriptions");
  const order = [table.sinceTime, table.repositoryId].map(query.direction === "asc" ? asc : desc);
  const rows = await executor
    .select({ id: table.repositoryId })
    .from(table)
    .innerJoin(repositories, eq(repositories.id, table.repositoryId))
    .where(and(eq(table.accountId, query.account), isMeant, isVisibleTo(executor, query.viewer)))
    .orderBy(...order)
    .limit(limit)
    .offset(offset);
  return pageOf(rows, query);
}

/** The forks of a repository, by when they were made; only those that the viewer may read. */
export async function listForks(executor: Executor, query: ForkQuery): Promise<Page<{ readonly id: RepositoryId }>> {
  const { limit, offset } = rowsOf(query);
  const order = [forks.forkedTime, forks.repositoryId].map(query.direction === "asc" ? asc : desc);
  const rows = await executor
    .select({ id: forks.repositoryId })
    .from(forks)
    .innerJoin(repositories, eq(repositories.id, forks.repositoryId))
    .where(and(eq(forks.parentId, query.parent), isVisibleTo(executor, query.viewer)))
    .orderBy(...order)
    .limit(limit)
    .offset(offset);
  return pageOf(rows, query);
}

/** Who stars or watches a repository, oldest first; closed accounts are left out. */
export async function listAudience(executor: Executor, query: AudienceQuery): Promise<Page<AccountId>> {
  const { limit, offset } = rowsOf(query);
  const { table, isMeant } = sourceOf(query.list === "stargazers" ? "stars" : "subscriptions");
  const rows = await executor
    .select({ id: table.accountId })
    .from(table)
    .innerJoin(accounts, eq(accounts.id, table.accountId))
    .where(and(eq(table.repositoryId, query.repository), isMeant, eq(accounts.isClosed, false)))
    .orderBy(table.sinceTime, table.accountId)
    .limit(limit)
    .offset(offset);
  const { items, hasMore } = pageOf(rows, query);
  return { items: items.map(({ id }) => id), hasMore };
}

function sourceOf(table: "stars" | "subscriptions") {
  return table === "stars"
    ? { table: stars, isMeant: undefined }
    : { table: subscriptions, isMeant: eq(subscriptions.state, "subscribed") };
}
