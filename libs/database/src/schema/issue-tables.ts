/**
 * Rows of issues and pull requests: what their lists are filtered and sorted by. What is shown of each is read from the state, and
 * the texts from the content log.
 */
import { sql } from "drizzle-orm";
import { boolean, index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import type {
  AccountId,
  CommentId,
  Digest,
  IssueNumber,
  LabelId,
  MilestoneNumber,
  RepositoryId,
  TimeMs,
} from "@guts/primitives";
import type { LabelColor, LabelName, Reaction } from "@guts/collaboration";
import type { IssueEntryType, IssueRow } from "@guts/ledger";
import { bytea, integer, text } from "./columns.ts";

const repositoryId = () => integer("repository_id").$type<RepositoryId>().notNull();
const number = () => integer("number").$type<IssueNumber>().notNull();
const accountId = () => integer("account_id").$type<AccountId>().notNull();

export const issues = pgTable(
  "issues",
  {
    repositoryId: repositoryId(),
    number: number(),
    kind: text("kind").$type<IssueRow["kind"]>().notNull(),
    authorId: integer("author_id").$type<AccountId>().notNull(),
    isClosed: boolean("is_closed").notNull(),
    milestone: integer("milestone").$type<MilestoneNumber>(),
    pinnedTime: integer("pinned_time").$type<TimeMs>(),
    commentCount: integer("comment_count").notNull(),
    updatedTime: integer("updated_time").$type<TimeMs>().notNull(),
    titleDigest: bytea("title_digest").$type<Digest>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.number] }),
    index("issues_state").on(row.repositoryId, row.isClosed, row.number),
    index("issues_kind").on(row.repositoryId, row.kind, row.isClosed, row.number),
    index("issues_updated").on(row.repositoryId, row.updatedTime, row.number),
    index("issues_comments").on(row.repositoryId, row.commentCount, row.number),
    index("issues_author").on(row.authorId, row.repositoryId, row.number),
    index("issues_milestone")
      .on(row.repositoryId, row.milestone, row.isClosed, row.number)
      .where(sql`milestone is not null`),
    index("issues_pinned")
      .on(row.repositoryId, row.pinnedTime)
      .where(sql`pinned_time is not null`),
  ],
);

export const issueLabels = pgTable(
  "issue_labels",
  { repositoryId: repositoryId(), number: number(), labelId: integer("label_id").$type<LabelId>().notNull() },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.number, row.labelId] }),
    index("issue_labels_label").on(row.labelId, row.number),
  ],
);

export const issueAssignees = pgTable(
  "issue_assignees",
  { repositoryId: repositoryId(), number: number(), accountId: accountId() },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.number, row.accountId] }),
    index("issue_assignees_account").on(row.accountId, row.repositoryId, row.number),
  ],
);

/** Who was ever mentioned in an issue or its comments. */
export const issueMentions = pgTable(
  "issue_mentions",
  { repositoryId: repositoryId(), number: number(), accountId: accountId() },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.number, row.accountId] }),
    index("issue_mentions_account").on(row.accountId, row.repositoryId, row.number),
  ],
);

export const milestones = pgTable(
  "milestones",
  {
    repositoryId: repositoryId(),
    milestone: integer("milestone").$type<MilestoneNumber>().notNull(),
    isClosed: boolean("is_closed").notNull(),
    /** Due first; what has no date comes last. */
    dueTime: integer("due_time").$type<TimeMs>(),
    titleDigest: bytea("title_digest").$type<Digest>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.milestone] }),
    index("milestones_due").on(row.repositoryId, row.isClosed, row.dueTime, row.milestone),
  ],
);

export const comments = pgTable(
  "comments",
  {
    id: integer("id").$type<CommentId>().primaryKey(),
    repositoryId: repositoryId(),
    number: number(),
    authorId: integer("author_id").$type<AccountId>().notNull(),
    updatedTime: integer("updated_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    index("comments_issue").on(row.repositoryId, row.number, row.id),
    index("comments_repository").on(row.repositoryId, row.id),
    index("comments_updated").on(row.repositoryId, row.updatedTime, row.id),
    index("comments_author").on(row.authorId, row.repositoryId, row.number),
  ],
);

/** `subjectRepository` is that of the issue with the number `subject`, or 0 when `subject` is a comment. */
export const reactions = pgTable(
  "reactions",
  {
    subjectRepository: integer("subject_repository").$type<RepositoryId | 0>().notNull(),
    subject: integer("subject").$type<IssueNumber | CommentId>().notNull(),
    content: text("content").$type<Reaction>().notNull(),
    accountId: accountId(),
    id: integer("id").notNull(),
    createdTime: integer("created_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.subjectRepository, row.subject, row.content, row.accountId] }),
    index("reactions_id").on(row.subjectRepository, row.subject, row.id),
  ],
);

/** Timelines: what the events did to each issue. */
export const issueEntries = pgTable(
  "issue_entries",
  {
    repositoryId: repositoryId(),
    number: number(),
    sequence: integer("sequence").notNull(),
    /** The entry's place among those of its event. */
    ordinal: integer("ordinal").notNull(),
    type: text("type").$type<IssueEntryType>().notNull(),
    actorId: integer("actor_id").$type<AccountId>().notNull(),
    time: integer("time").$type<TimeMs>().notNull(),
    labelId: integer("label_id").$type<LabelId>(),
    accountId: integer("account_id").$type<AccountId>(),
    milestone: integer("milestone").$type<MilestoneNumber>(),
    commentId: integer("comment_id").$type<CommentId>(),
    titleBefore: bytea("title_before").$type<Digest>(),
    titleAfter: bytea("title_after").$type<Digest>(),
    reason: text("reason"),
    otherRepositoryId: integer("other_repository_id").$type<RepositoryId>(),
    otherNumber: integer("other_number").$type<IssueNumber>(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.number, row.sequence, row.ordinal] }),
    index("issue_entries_repository").on(row.repositoryId, row.sequence, row.ordinal),
    index("issue_entries_references")
      .on(row.repositoryId, row.number, row.otherRepositoryId, row.otherNumber)
      .where(sql`type = 'cross-referenced'`),
  ],
);

/** What labels are or were last called, deleted ones too: timelines go on naming them. */
export const labelNames = pgTable("label_names", {
  labelId: integer("label_id").$type<LabelId>().primaryKey(),
  name: text("name").$type<LabelName>().notNull(),
  color: text("color").$type<LabelColor>().notNull(),
});

/** What milestones are or were last called. */
export const milestoneTitles = pgTable(
  "milestone_titles",
  {
    repositoryId: repositoryId(),
    milestone: integer("milestone").$type<MilestoneNumber>().notNull(),
    titleDigest: bytea("title_digest").$type<Digest>().notNull(),
  },
  (row) => [primaryKey({ columns: [row.repositoryId, row.milestone] })],
);
