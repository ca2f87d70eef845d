/** How entries of issues and of what belongs to them become rows. */
import { tables } from "@guts/ledger";
import { reactionPlaceOf } from "../schema/reaction-place.ts";
import * as rows from "../schema/tables.ts";
import { project, type TableProjection } from "./table-projection.ts";

/** In the order of the state's prefixes. */
export const issueProjections: readonly TableProjection[] = [
  project({
    from: tables.issueTable,
    into: rows.issues,
    key: ({ repository, number }) => ({ repositoryId: repository, number }),
    row: (_, issue) => ({
      kind: issue.kind,
      authorId: issue.author,
      isClosed: issue.closed !== undefined,
      milestone: issue.milestone ?? null,
      pinnedTime: issue.pinnedTime ?? null,
      commentCount: issue.commentCount,
      updatedTime: issue.updatedTime,
      titleDigest: issue.title.digest,
    }),
  }),
  project({
    from: tables.issueLabelTable,
    into: rows.issueLabels,
    key: ({ repository, number, label }) => ({ repositoryId: repository, number, labelId: label }),
    row: () => ({}),
  }),
  project({
    from: tables.issueAssigneeTable,
    into: rows.issueAssignees,
    key: ({ repository, number, account }) => ({ repositoryId: repository, number, accountId: account }),
    row: () => ({}),
  }),
  project({
    from: tables.milestoneTable,
    into: rows.milestones,
    key: ({ repository, milestone }) => ({ repositoryId: repository, milestone }),
    row: (_, { title, dueTime, closedTime }) => ({
      isClosed: closedTime !== undefined,
      dueTime: dueTime ?? null,
      titleDigest: title.digest,
    }),
  }),
  project({
    from: tables.commentTable,
    into: rows.comments,
    key: (id) => ({ id }),
    row: (_, { repository, number, author, updatedTime }) => ({
      repositoryId: repository,
      number,
      authorId: author,
      updatedTime,
    }),
  }),
  project({
    from: tables.reactionTable,
    into: rows.reactions,
    key: ({ subject, content, account }) => ({ ...reactionPlaceOf(subject), content, accountId: account }),
    row: (_, { id, createdTime }) => ({ id, createdTime }),
  }),
];
