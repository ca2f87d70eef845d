/**
 * What an applied transaction adds to the timelines of issues and pull requests: the one table of it.
 *
 * Entries are named as GitHub names them. Everything is read from the event alone, so a timeline can be made anew from the log.
 */
import { decode, type AccountId, type CommentId, type LabelId, type MilestoneNumber } from "@guts/primitives";
import type { CloseReason, LockReason } from "@guts/collaboration";
import type { ContentRef } from "./content.ts";
import type { LedgerEvent } from "./event.ts";
import type { Effects } from "./issue-act.ts";
import type { IssueKey } from "./issue-tables.ts";
import { kindOf, type KindName, type PayloadOf, type ResultOf } from "./kinds/index.ts";

/** What happened, in GitHub's words. */
export type IssueEntryType =
  | "assigned"
  | "closed"
  | "comment_deleted"
  | "commented"
  | "cross-referenced"
  | "demilestoned"
  | "labeled"
  | "locked"
  | "marked_as_duplicate"
  | "mentioned"
  | "milestoned"
  | "pinned"
  | "renamed"
  | "reopened"
  | "unassigned"
  | "unlabeled"
  | "unlocked"
  | "unpinned";

/** One entry of a timeline; who did it and when the event says. */
export interface IssueEntry {
  readonly issue: IssueKey;
  readonly type: IssueEntryType;
  readonly label?: LabelId;
  /** Who was assigned or mentioned. */
  readonly account?: AccountId;
  readonly milestone?: MilestoneNumber;
  readonly comment?: CommentId;
  readonly title?: { readonly before: ContentRef; readonly after: ContentRef };
  readonly reason?: CloseReason | LockReason;
  /** The issue that a cross-reference came from, or of which this is a duplicate. */
  readonly other?: IssueKey;
}

/** Entries of one event are told apart by their place in the list, which is below this. */
export const entriesPerEventMax = 1_024;

type Rule<Kind extends KindName> = (payload: PayloadOf<Kind>, result: ResultOf<Kind>) => readonly IssueEntry[];

/** By kind; what is not here stands in no timeline. */
const RULES: { readonly [Kind in KindName]?: Rule<Kind> } = {
  "issue.open": ({ repository, labels, assignees, milestone, effects }, { number }) => {
    const issue = { repository, number };
    const triage = {
      labels: { add: [...new Set(labels)], remove: [] },
      assignees: { add: [...new Set(assignees)], remove: [] },
    };
    return [
      ...triaged(issue, triage),
      ...(milestone === undefined ? [] : [{ issue, type: "milestoned", milestone } as const]),
      ...caused(issue, effects),
    ];
  },
  "issue.edit": ({ issue, title, effects }, { formerTitle }) => [
    ...(title === undefined || formerTitle === undefined
      ? []
      : [{ issue, type: "renamed", title: { before: formerTitle, after: title } } as const]),
    ...caused(issue, effects),
  ],
  "issue.close": ({ issue, reason, duplicateOf }) => [
    ...(duplicateOf === undefined ? [] : [{ issue, type: "marked_as_duplicate", other: duplicateOf } as const]),
    { issue, type: "closed", reason },
  ],
  "issue.reopen": ({ issue }) => [{ issue, type: "reopened" }],
  "issue.lock": ({ issue, reason }) => [{ issue, type: "locked", reason }],
  "issue.unlock": ({ issue }) => [{ issue, type: "unlocked" }],
  "issue.pin": ({ issue }) => [{ issue, type: "pinned" }],
  "issue.unpin": ({ issue }) => [{ issue, type: "unpinned" }],
  "issue.triage": ({ issue, milestone }, difference) => [
    ...triaged(issue, difference),
    ...(difference.milestone?.before === undefined
      ? []
      : [{ issue, type: "demilestoned", milestone: difference.milestone.before } as const]),
    ...(difference.milestone === undefined || milestone?.value === undefined
      ? []
      : [{ issue, type: "milestoned", milestone: milestone.value } as const]),
  ],
  "comment.add": ({ issue, effects }, { comment }) => [
    { issue, type: "commented", comment },
    ...caused(issue, effects, comment),
  ],
  "comment.edit": ({ comment, effects }, { issue }) => caused(issue, effects, comment),
  "comment.delete": ({ comment }, { issue }) => [{ issue, type: "comment_deleted", comment }],
};

/** The entries that an event adds, each to the timeline of its own issue. */
export function issueEntriesOf({ kind, payload, result }: LedgerEvent): readonly IssueEntry[] {
  const rule: Rule<never> | undefined = RULES[kind];
  if (rule === undefined) return [];
  const codecs = kindOf(kind);
  return rule(decode(codecs.payload, payload) as never, decode(codecs.result, result) as never);
}

function triaged(
  issue: IssueKey,
  { labels, assignees }: Pick<ResultOf<"issue.triage">, "labels" | "assignees">,
): readonly IssueEntry[] {
  return [
    ...labels.add.map((label) => ({ issue, type: "labeled", label }) as const),
    ...labels.remove.map((label) => ({ issue, type: "unlabeled", label }) as const),
    ...assignees.add.map((account) => ({ issue, type: "assigned", account }) as const),
    ...assignees.remove.map((account) => ({ issue, type: "unassigned", account }) as const),
  ];
}

/** What a text causes: entries in other timelines, and in its own who was mentioned. */
function caused(
  issue: IssueKey,
  { mentions, references, closes }: Effects,
  comment?: CommentId,
): readonly IssueEntry[] {
  const from = { other: issue, ...(comment !== undefined && { comment }) };
  const others = [...references, ...closes].filter(
    ({ repository, number }) => repository !== issue.repository || number !== issue.number,
  );
  return [
    ...Array.from(new Set(mentions), (account) => ({ issue, type: "mentioned", account }) as const),
    ...others.map((target) => ({ issue: target, type: "cross-referenced", ...from }) as const),
  ];
}
