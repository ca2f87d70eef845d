import { and, asc, desc, eq, exists, ne, notInArray, or, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { AccountId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import type { IssueEntryListing, IssueEntryQuery } from "../issue-lists.ts";
import type { Page } from "../listings.ts";
import { comments, contents, issueEntries, labelNames, milestoneTitles, repositories } from "../schema/tables.ts";
import { pageOf, rowsOf } from "./paging.ts";
import { isVisibleTo } from "./visible.ts";

const before = alias(contents, "title_before");
const after = alias(contents, "title_after");
const milestoneTitle = alias(contents, "milestone_title");

/** Entries of timelines, in the order in which they happened. */
export async function listEntries(executor: Executor, query: IssueEntryQuery): Promise<Page<IssueEntryListing>> {
  const { limit, offset } = rowsOf(query);
  const order = query.direction === "asc" ? asc : desc;
  const rows = await executor
    .select({
      entry: issueEntries,
      labelName: labelNames.name,
      labelColor: labelNames.color,
      titleBefore: before.text,
      titleAfter: after.text,
      milestoneTitle: milestoneTitle.text,
    })
    .from(issueEntries)
    .leftJoin(labelNames, eq(labelNames.labelId, issueEntries.labelId))
    .leftJoin(before, eq(before.digest, issueEntries.titleBefore))
    .leftJoin(after, eq(after.digest, issueEntries.titleAfter))
    .leftJoin(
      milestoneTitles,
      and(
        eq(milestoneTitles.repositoryId, issueEntries.repositoryId),
        eq(milestoneTitles.milestone, issueEntries.milestone),
      ),
    )
    .leftJoin(milestoneTitle, eq(milestoneTitle.digest, milestoneTitles.titleDigest))
    .where(isWanted(executor, query))
    .orderBy(order(issueEntries.sequence), order(issueEntries.ordinal))
    .limit(limit)
    .offset(offset);
  const { items, hasMore } = pageOf(rows, query);
  return { items: items.map(listingOf), hasMore };
}

interface EntryRow {
  readonly entry: typeof issueEntries.$inferSelect;
  readonly labelName: (typeof labelNames.$inferSelect)["name"] | null;
  readonly labelColor: (typeof labelNames.$inferSelect)["color"] | null;
  readonly titleBefore: string | null;
  readonly titleAfter: string | null;
  readonly milestoneTitle: string | null;
}

function listingOf({ entry, labelName, labelColor, ...texts }: EntryRow): IssueEntryListing {
  const { labelId, milestone, otherRepositoryId, otherNumber } = entry;
  const isLabelled = labelId !== null && labelName !== null && labelColor !== null;
  const isElsewhere = otherRepositoryId !== null && otherNumber !== null;
  return {
    issue: { repository: entry.repositoryId, number: entry.number },
    sequence: entry.sequence,
    ordinal: entry.ordinal,
    type: entry.type,
    actor: entry.actorId,
    time: entry.time,
    label: isLabelled ? { id: labelId, name: labelName, color: labelColor } : undefined,
    account: entry.accountId ?? undefined,
    milestone: milestone === null ? undefined : { number: milestone, title: texts.milestoneTitle ?? undefined },
    comment: entry.commentId ?? undefined,
    titleBefore: texts.titleBefore ?? undefined,
    titleAfter: texts.titleAfter ?? undefined,
    reason: entry.reason ?? undefined,
    other: isElsewhere ? { repository: otherRepositoryId, number: otherNumber } : undefined,
  };
}

function isWanted(executor: Executor, { repository, number, list, viewer }: IssueEntryQuery): SQL | undefined {
  const { type } = issueEntries;
  return and(
    eq(issueEntries.repositoryId, repository),
    number === undefined ? undefined : eq(issueEntries.number, number),
    list === "events"
      ? and(notInArray(type, ["commented", "cross-referenced"]), seesOther(executor, viewer))
      : and(or(ne(type, "commented"), exists(commentOf(executor))), seesOther(executor, viewer)),
  );
}

/** The comment of the entry, unless it was deleted. */
function commentOf(executor: Executor) {
  return executor
    .select({ one: sql`1` })
    .from(comments)
    .where(eq(comments.id, issueEntries.commentId));
}

/** What names another issue is told to who may read that one's repository. */
function seesOther(executor: Executor, viewer: AccountId | undefined): SQL | undefined {
  const readable = executor
    .select({ one: sql`1` })
    .from(repositories)
    .where(and(eq(repositories.id, issueEntries.otherRepositoryId), isVisibleTo(executor, viewer)));
  return or(sql`${issueEntries.otherRepositoryId} is null`, exists(readable));
}
