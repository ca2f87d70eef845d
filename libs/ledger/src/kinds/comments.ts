/** Comments on issues and pull requests: add, edit, hide, delete. */
import { commentIdCodec, encode, option, struct, type CommentId } from "@guts/primitives";
import { contentRefCodec } from "../content.ts";
import {
  effectsCodec,
  effectsWork,
  openComment,
  openIssue,
  refuseEffects,
  refuseLocked,
  saveIssue,
} from "../issue-act.ts";
import { commentTable, hideReasonCodec, issueCommentTable, issueKeyCodec, type IssueKey } from "../issue-tables.ts";
import type { Comment } from "../issue-state.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { bodyBytesMax, commentsPerIssueMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import { removeRow, writeRow } from "../table.ts";
import { expiryTable } from "../tables.ts";

/** Adds to a conversation. */
export const commentAdd = defineKind({
  tag: 133,
  payload: struct({ issue: issueKeyCodec, body: contentRefCodec, effects: effectsCodec }),
  result: struct({ comment: commentIdCodec }),
  authority: "any",
  contents: ({ body }) => boundedRefs([body], bodyBytesMax),
  work: ({ effects }) => effectsWork(effects) + 10,
  scope: (_context, { issue }) => repositoryScope(issue.repository),
  apply: (context, { issue: key, body, effects }) => {
    const opened = openIssue(context, key, "discuss");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { issue } = opened;
    const refusal =
      refuseLocked(context, issue, key.repository) ?? refuseEffects(context, opened.repository.owner, effects);
    if (refusal !== undefined) return rejected(refusal);
    if (issue.commentCount >= commentsPerIssueMax) return rejected("comment-limit");
    const { state, actor, time, height } = context;
    const comment = nextNumber(state, "comment") as CommentId;
    const times = { createdTime: time, createdHeight: height, updatedTime: time };
    writeRow(state, commentTable, comment, { ...key, author: actor, body, hidden: undefined, ...times });
    writeRow(state, issueCommentTable, { ...key, comment }, {});
    saveIssue(context, { ...issue, commentCount: issue.commentCount + 1 });
    return applied({ comment });
  },
});

/** Changes a comment: its author's own, or by who moderates. */
export const commentEdit = defineKind({
  tag: 134,
  payload: struct({ comment: commentIdCodec, body: contentRefCodec, effects: effectsCodec }),
  result: struct({ issue: issueKeyCodec }),
  authority: "any",
  contents: ({ body }) => boundedRefs([body], bodyBytesMax),
  work: ({ effects }) => effectsWork(effects),
  scope: (_context, _payload, { issue }) => repositoryScope(issue.repository),
  apply: (context, { comment: id, body, effects }) => {
    const opened = openComment(context, id, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const refusal = refuseEffects(context, opened.repository.owner, effects);
    if (refusal !== undefined) return rejected(refusal);
    saveComment(context, { ...opened.comment, body });
    return applied({ issue: keyOf(opened.comment) });
  },
});

/** Deletes a comment: its author's own, or by who moderates. Its text stays in the log until it is redacted. */
export const commentDelete = defineKind({
  tag: 135,
  payload: struct({ comment: commentIdCodec }),
  result: struct({ issue: issueKeyCodec }),
  authority: "any",
  scope: (_context, _payload, { issue }) => repositoryScope(issue.repository),
  apply: (context, { comment: id }) => {
    const opened = openComment(context, id, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { comment, issue } = opened;
    dropComment(context, { ...keyOf(comment), comment: id });
    saveIssue(context, { ...issue, commentCount: issue.commentCount - 1 });
    return applied({ issue: keyOf(comment) });
  },
});

/** Folds a comment away with a reason, or shows it again without one. */
export const commentHide = defineKind({
  tag: 136,
  payload: struct({ comment: commentIdCodec, reason: option(hideReasonCodec) }),
  result: struct({ issue: issueKeyCodec }),
  authority: "any",
  scope: (_context, _payload, { issue }) => repositoryScope(issue.repository),
  apply: (context, { comment: id, reason }) => {
    const opened = openComment(context, id, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (opened.comment.hidden === reason) return rejected("already-so");
    saveComment(context, { ...opened.comment, hidden: reason });
    return applied({ issue: keyOf(opened.comment) });
  },
});

/** Removes the rows by which a comment is found, and leaves its reactions to the blocks that follow. */
export function dropComment(
  { state, time }: Pick<ActContext, "state" | "time">,
  key: IssueKey & { readonly comment: CommentId },
): void {
  removeRow(state, commentTable, key.comment);
  removeRow(state, issueCommentTable, key);
  writeRow(state, expiryTable, { time, kind: "comment", subject: encode(commentIdCodec, key.comment) }, {});
}

function saveComment({ state, time }: ActContext, { id, ...row }: Comment): void {
  writeRow(state, commentTable, id, { ...row, updatedTime: time });
}

function keyOf({ repository, number }: Comment) {
  return { repository, number };
}
