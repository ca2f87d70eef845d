import { and, asc, desc, eq, exists, gte, inArray, isNotNull, isNull, not, sql, type SQL } from "drizzle-orm";
import type { AccountId, CommentId, IssueNumber, LabelId, MilestoneNumber, RepositoryId } from "@guts/primitives";
import type { IssueKey } from "@guts/ledger";
import type { Executor } from "../connection/connection.ts";
import type { CommentQuery, IssueCounts, IssueFilter, IssueQuery, MilestoneQuery } from "../issue-lists.ts";
import { perPageMax } from "../limits.ts";
import type { Page } from "../listings.ts";
import {
  comments,
  contents,
  issueAssignees,
  issueLabels,
  issueMentions,
  issues,
  milestones,
} from "../schema/tables.ts";
import { checkedLimit, pageOf, rowsOf } from "./paging.ts";

/** Issues by their numbers. */
export async function listIssues(executor: Executor, query: IssueQuery): Promise<Page<IssueNumber>> {
  const { limit, offset } = rowsOf(query);
  const rows = await executor
    .select({ number: issues.number })
    .from(issues)
    .where(matches(executor, query))
    .orderBy(...sortColumns[query.sort].map(query.direction === "asc" ? asc : desc))
    .limit(limit)
    .offset(offset);
  const { items, hasMore } = pageOf(rows, query);
  return { items: items.map(({ number }) => number), hasMore };
}

/** How many of them are open and closed. */
export async function countIssues(executor: Executor, filter: IssueFilter): Promise<IssueCounts> {
  const rows = await executor
    .select({ isClosed: issues.isClosed, count: countOf })
    .from(issues)
    .where(matches(executor, { ...filter, isClosed: undefined }))
    .groupBy(issues.isClosed);
  return countsOf(rows);
}

/** The pinned ones, first pinned first. */
export async function listPinned(executor: Executor, repository: RepositoryId): Promise<readonly IssueNumber[]> {
  const rows = await executor
    .select({ number: issues.number })
    .from(issues)
    .where(and(eq(issues.repositoryId, repository), isNotNull(issues.pinnedTime)))
    .orderBy(issues.pinnedTime, issues.number)
    .limit(perPageMax);
  return rows.map(({ number }) => number);
}

/** Comments by their ids. */
export async function listComments(executor: Executor, query: CommentQuery): Promise<Page<CommentId>> {
  const { repository, number, since, sort, direction } = query;
  const { limit, offset } = rowsOf(query);
  const columns = sort === "created" ? [comments.id] : [comments.updatedTime, comments.id];
  const rows = await executor
    .select({ id: comments.id })
    .from(comments)
    .where(
      and(
        eq(comments.repositoryId, repository),
        number === undefined ? undefined : eq(comments.number, number),
        since === undefined ? undefined : gte(comments.updatedTime, since),
      ),
    )
    .orderBy(...columns.map(direction === "asc" ? asc : desc))
    .limit(limit)
    .offset(offset);
  const { items, hasMore } = pageOf(rows, query);
  return { items: items.map(({ id }) => id), hasMore };
}

/** Author and commenters of an issue. */
export async function listParticipants(
  executor: Executor,
  { repository, number }: IssueKey,
): Promise<readonly AccountId[]> {
  const here = and(eq(comments.repositoryId, repository), eq(comments.number, number));
  const author = and(eq(issues.repositoryId, repository), eq(issues.number, number));
  const rows = await executor
    .select({ id: comments.authorId })
    .from(comments)
    .where(here)
    .union(executor.select({ id: issues.authorId }).from(issues).where(author))
    .orderBy(sql`1`)
    .limit(perPageMax);
  return rows.map(({ id }) => id);
}

/** Milestones by their numbers. */
export async function listMilestones(executor: Executor, query: MilestoneQuery): Promise<Page<MilestoneNumber>> {
  const { repository, isClosed, sort, direction } = query;
  const { limit, offset } = rowsOf(query);
  const columns = sort === "due_on" ? [milestones.dueTime] : [completeness];
  const rows = await executor
    .select({ milestone: milestones.milestone })
    .from(milestones)
    .where(
      and(
        eq(milestones.repositoryId, repository),
        isClosed === undefined ? undefined : eq(milestones.isClosed, isClosed),
      ),
    )
    .orderBy(...[...columns, milestones.milestone].map(direction === "asc" ? asc : desc))
    .limit(limit)
    .offset(offset);
  const { items, hasMore } = pageOf(rows, query);
  return { items: items.map(({ milestone }) => milestone), hasMore };
}

/** The milestone that has this title now. */
export async function findMilestone(
  executor: Executor,
  repository: RepositoryId,
  title: string,
): Promise<MilestoneNumber | undefined> {
  const [row] = await executor
    .select({ milestone: milestones.milestone })
    .from(milestones)
    .innerJoin(contents, eq(contents.digest, milestones.titleDigest))
    .where(and(eq(milestones.repositoryId, repository), eq(contents.text, title)))
    .orderBy(milestones.milestone)
    .limit(1);
  return row?.milestone;
}

/** Open and closed issues of some milestones. */
export async function countMilestones(
  executor: Executor,
  repository: RepositoryId,
  numbers: readonly MilestoneNumber[],
): Promise<ReadonlyMap<MilestoneNumber, IssueCounts>> {
  if (numbers.length === 0) return new Map();
  checkedLimit(numbers.length);
  const rows = await executor
    .select({ milestone: issues.milestone, isClosed: issues.isClosed, count: countOf })
    .from(issues)
    .where(and(eq(issues.repositoryId, repository), inArray(issues.milestone, [...numbers])))
    .groupBy(issues.milestone, issues.isClosed);
  return new Map(numbers.map((number) => [number, countsOf(rows.filter(({ milestone }) => milestone === number))]));
}

const countOf = sql<number>`count(*)`.mapWith(Number);

const sortColumns = {
  // Numbers are given in the order of creation.
  created: [issues.number],
  updated: [issues.updatedTime, issues.number],
  comments: [issues.commentCount, issues.number],
} satisfies Record<IssueQuery["sort"], unknown>;

/** Of a milestone's issues so many percent that are closed; a milestone without issues is not begun. */
const completeness = sql`coalesce((
  select count(*) filter (where ${issues.isClosed}) * 100 / count(*) from ${issues}
  where ${issues.repositoryId} = ${milestones.repositoryId} and ${issues.milestone} = ${milestones.milestone}
  having count(*) > 0), 0)`;

function countsOf(rows: readonly { readonly isClosed: boolean; readonly count: number }[]): IssueCounts {
  const of = (isClosed: boolean) => rows.find((row) => row.isClosed === isClosed)?.count ?? 0;
  return { open: of(false), closed: of(true) };
}

function matches(executor: Executor, filter: IssueFilter): SQL | undefined {
  const { repository, kind, isClosed, author, mentioned, commenter, since } = filter;
  return and(
    eq(issues.repositoryId, repository),
    kind === undefined ? undefined : eq(issues.kind, kind),
    isClosed === undefined ? undefined : eq(issues.isClosed, isClosed),
    author === undefined ? undefined : eq(issues.authorId, author),
    since === undefined ? undefined : gte(issues.updatedTime, since),
    ...(filter.labels ?? []).map((label) => exists(labelled(executor, label))),
    ...(filter.withoutLabels ?? []).map((label) => not(exists(labelled(executor, label)))),
    assigneeIs(executor, filter.assignee),
    milestoneIs(filter.milestone),
    mentioned === undefined ? undefined : exists(inIssue(executor, issueMentions, mentioned)),
    commenter === undefined ? undefined : exists(commentedBy(executor, commenter)),
    ...(filter.words ?? []).map((word) => exists(titled(executor, word))),
  );
}

function labelled(executor: Executor, label: LabelId) {
  return executor
    .select({ one: sql`1` })
    .from(issueLabels)
    .where(
      and(
        eq(issueLabels.repositoryId, issues.repositoryId),
        eq(issueLabels.number, issues.number),
        eq(issueLabels.labelId, label),
      ),
    );
}

function assigneeIs(executor: Executor, assignee: IssueFilter["assignee"]): SQL | undefined {
  if (assignee === undefined) return undefined;
  if (assignee === "none") return not(exists(inIssue(executor, issueAssignees, undefined)));
  return exists(inIssue(executor, issueAssignees, assignee === "any" ? undefined : assignee));
}

function milestoneIs(milestone: IssueFilter["milestone"]): SQL | undefined {
  if (milestone === undefined) return undefined;
  if (milestone === "none") return isNull(issues.milestone);
  return milestone === "any" ? isNotNull(issues.milestone) : eq(issues.milestone, milestone);
}

function inIssue(
  executor: Executor,
  people: typeof issueAssignees | typeof issueMentions,
  account: AccountId | undefined,
) {
  return executor
    .select({ one: sql`1` })
    .from(people)
    .where(
      and(
        eq(people.repositoryId, issues.repositoryId),
        eq(people.number, issues.number),
        account === undefined ? undefined : eq(people.accountId, account),
      ),
    );
}

function commentedBy(executor: Executor, account: AccountId) {
  return executor
    .select({ one: sql`1` })
    .from(comments)
    .where(
      and(
        eq(comments.repositoryId, issues.repositoryId),
        eq(comments.number, issues.number),
        eq(comments.authorId, account),
      ),
    );
}

function titled(executor: Executor, word: string) {
  return executor
    .select({ one: sql`1` })
    .from(contents)
    .where(and(eq(contents.digest, issues.titleDigest), sql`strpos(lower(${contents.text}), lower(${word})) > 0`));
}
