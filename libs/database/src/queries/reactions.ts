import { and, eq, or, sql, type SQL } from "drizzle-orm";
import type { Reaction } from "@guts/collaboration";
import type { ReactionSubject } from "@guts/ledger";
import type { Executor } from "../connection/connection.ts";
import type { ReactionListing, ReactionQuery } from "../issue-lists.ts";
import type { Page } from "../listings.ts";
import { reactionPlaceOf } from "../schema/reaction-place.ts";
import { reactions } from "../schema/tables.ts";
import { checkedLimit, pageOf, rowsOf } from "./paging.ts";

/** Reactions to a subject, the oldest first. */
export async function listReactions(executor: Executor, query: ReactionQuery): Promise<Page<ReactionListing>> {
  const { limit, offset } = rowsOf(query);
  const rows = await executor
    .select({
      id: reactions.id,
      content: reactions.content,
      account: reactions.accountId,
      createdTime: reactions.createdTime,
    })
    .from(reactions)
    .where(and(isAbout(query.subject), query.content === undefined ? undefined : eq(reactions.content, query.content)))
    .orderBy(reactions.id)
    .limit(limit)
    .offset(offset);
  return pageOf(rows, query);
}

/** How many reactions of each kind each of the subjects has, in their order. */
export async function countReactions(
  executor: Executor,
  subjects: readonly ReactionSubject[],
): Promise<readonly ReadonlyMap<Reaction, number>[]> {
  if (subjects.length === 0) return [];
  checkedLimit(subjects.length);
  const { subjectRepository, subject, content } = reactions;
  const rows = await executor
    .select({ subjectRepository, subject, content, count: sql<number>`count(*)`.mapWith(Number) })
    .from(reactions)
    .where(or(...subjects.map(isAbout)))
    .groupBy(subjectRepository, subject, content);
  return subjects.map((each) => {
    const place = reactionPlaceOf(each);
    const own = rows.filter(
      (row) => row.subjectRepository === place.subjectRepository && row.subject === place.subject,
    );
    return new Map(own.map((row) => [row.content, row.count]));
  });
}

function isAbout(subject: ReactionSubject): SQL | undefined {
  const place = reactionPlaceOf(subject);
  return and(eq(reactions.subjectRepository, place.subjectRepository), eq(reactions.subject, place.subject));
}
