/** Labels, assignees and milestone of an issue, changed together. */
import { accountIdCodec, labelIdCodec, list, milestoneNumberCodec, option, struct, type Codec } from "@guts/primitives";
import { openIssue, saveIssue } from "../issue-act.ts";
import { issueKeyCodec } from "../issue-tables.ts";
import { applyTriage, differenceOf, refuseTriage, type TriageDifference } from "../issue-triage.ts";
import { applied, defineKind, rejected, repositoryScope } from "../kind.ts";
import { assigneesPerIssueMax, labelsPerIssueMax } from "../limits.ts";

const setChange = <Item>(item: Codec<Item>, countMax: number) =>
  struct({ add: list(item, countMax), remove: list(item, countMax) });

/**
 * Changes what is given; an absent milestone stays, one without a value is taken away. The result is what made a difference, so
 * that the event alone tells what happened: labels and assignees, and of a changed milestone which it was before.
 */
export const issueTriage = defineKind({
  tag: 128,
  payload: struct({
    issue: issueKeyCodec,
    labels: setChange(labelIdCodec, labelsPerIssueMax),
    assignees: setChange(accountIdCodec, assigneesPerIssueMax),
    milestone: option(struct({ value: option(milestoneNumberCodec) })),
  }),
  result: struct({
    labels: setChange(labelIdCodec, labelsPerIssueMax),
    assignees: setChange(accountIdCodec, assigneesPerIssueMax),
    milestone: option(struct({ before: option(milestoneNumberCodec) })),
  }),
  authority: "any",
  work: ({ labels, assignees }) =>
    2 * labelsPerIssueMax +
    6 * (labels.add.length + labels.remove.length) +
    14 * (assignees.add.length + assignees.remove.length),
  scope: (_context, { issue }) => repositoryScope(issue.repository),
  apply: (context, { issue: key, labels, assignees, milestone: change }) => {
    const opened = openIssue(context, key, "triage");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { issue, repository } = opened;
    const milestone = change === undefined ? issue.milestone : change.value;
    const triage = { labels, assignees, milestone: change?.value };
    const refusal = refuseTriage(context, repository, issue.author, triage);
    if (refusal !== undefined) return rejected(refusal);
    const difference = differenceOf(context, key, triage);
    const isMoved = milestone !== issue.milestone;
    if (!isMoved && isNothing(difference)) return rejected("already-so");
    const overfull = applyTriage(context, key, difference);
    if (overfull !== undefined) return rejected(overfull);
    saveIssue(context, { ...issue, milestone });
    return applied({ ...difference, milestone: isMoved ? { before: issue.milestone } : undefined });
  },
});

function isNothing({ labels, assignees }: TriageDifference): boolean {
  return [labels, assignees].every(({ add, remove }) => add.length + remove.length === 0);
}
