/** Reactions to issues and comments. */
import { struct, u64 } from "@guts/primitives";
import { openIssue, refuseLocked } from "../issue-act.ts";
import {
  issueKeyCodec,
  reactionCodec,
  reactionSubjectCodec,
  reactionTable,
  type ReactionSubject,
} from "../issue-tables.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { nextNumber } from "../numbering.ts";
import type { RejectionCode } from "../rejection.ts";
import type { Issue } from "../issue-state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";

const payload = struct({ subject: reactionSubjectCodec, content: reactionCodec });

/** Reacts; each person once with each. */
export const reactionAdd = defineKind({
  tag: 138,
  payload,
  result: struct({ id: u64, issue: issueKeyCodec }),
  authority: "any",
  scope: (_context, _payload, { issue }) => repositoryScope(issue.repository),
  apply: (context, { subject, content }) => {
    const opened = openSubject(context, subject);
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, actor: account, time } = context;
    const key = { subject, content, account };
    if (readRow(state, reactionTable, key) !== undefined) return rejected("already-so");
    const id = nextNumber(state, "reaction");
    writeRow(state, reactionTable, key, { id, createdTime: time });
    const { repository, number } = opened.issue;
    return applied({ id, issue: { repository, number } });
  },
});

/** Takes one's own reaction back. */
export const reactionRemove = defineKind({
  tag: 139,
  payload,
  result: struct({ issue: issueKeyCodec }),
  authority: "any",
  scope: (_context, _payload, { issue }) => repositoryScope(issue.repository),
  apply: (context, { subject, content }) => {
    const opened = openSubject(context, subject);
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const key = { subject, content, account: context.actor };
    if (readRow(context.state, reactionTable, key) === undefined) return rejected("not-found");
    removeRow(context.state, reactionTable, key);
    const { repository, number } = opened.issue;
    return applied({ issue: { repository, number } });
  },
});

function openSubject(
  context: ActContext,
  subject: ReactionSubject,
): { readonly issue: Issue; readonly refusal?: undefined } | { readonly refusal: RejectionCode } {
  const key = subject.type === "issue" ? subject : context.forge.issues.comment(subject.comment);
  if (key === undefined) return { refusal: "not-found" };
  const opened = openIssue(context, { repository: key.repository, number: key.number }, "discuss");
  if (opened.refusal !== undefined) return opened;
  const refusal = refuseLocked(context, opened.issue, key.repository);
  return refusal === undefined ? { issue: opened.issue } : { refusal };
}
