import { and, eq } from "drizzle-orm";
import type { AccountId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import type { FollowQuery, Page } from "../listings.ts";
import { accounts, follows } from "../schema/tables.ts";
import { pageOf, rowsOf } from "./paging.ts";

/** Who follows an account, or whom it follows, oldest first; closed accounts are left out. */
export async function listFollows(executor: Executor, query: FollowQuery): Promise<Page<AccountId>> {
  const { account, list } = query;
  const { limit, offset } = rowsOf(query);
  const [own, other] =
    list === "following" ? [follows.accountId, follows.followedId] : [follows.followedId, follows.accountId];
  const rows = await executor
    .select({ id: other })
    .from(follows)
    .innerJoin(accounts, eq(accounts.id, other))
    .where(and(eq(own, account), eq(accounts.isClosed, false)))
    .orderBy(follows.sinceTime, other)
    .limit(limit)
    .offset(offset);
  const { items, hasMore } = pageOf(rows, query);
  return { items: items.map(({ id }) => id), hasMore };
}
