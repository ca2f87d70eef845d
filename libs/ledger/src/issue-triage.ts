/** What triage gives an issue: labels, assignees, a milestone. */
import { encode, type AccountId, type LabelId, type MilestoneNumber } from "@guts/primitives";
import type { Repository } from "./forge-state.ts";
import { mayBeAssigned } from "./issue-act.ts";
import { issueAssigneeTable, issueKeyCodec, issueLabelTable, type IssueKey } from "./issue-tables.ts";
import type { ActContext } from "./kind.ts";
import { assigneesPerIssueMax, labelsPerIssueMax } from "./limits.ts";
import type { RejectionCode } from "./rejection.ts";
import { readRow, removeRow, scanRows, writeRow } from "./table.ts";

/** A change of a set. */
export interface SetChange<Item> {
  readonly add: readonly Item[];
  readonly remove: readonly Item[];
}

/** What is to be given to an issue and taken from it. */
export interface Triage {
  readonly labels: SetChange<LabelId>;
  readonly assignees: SetChange<AccountId>;
  readonly milestone: MilestoneNumber | undefined;
}

/** Why this cannot be given to a new issue of `author`, or to one that is there. */
export function refuseTriage(
  context: ActContext,
  repository: Repository,
  author: AccountId,
  { labels, assignees, milestone }: Triage,
): RejectionCode | undefined {
  const { issues } = context.forge;
  if (labels.add.some((label) => issues.label(repository.id, label) === undefined)) return "label-unknown";
  if (milestone !== undefined && issues.milestone(repository.id, milestone) === undefined) return "milestone-unknown";
  const isFine = assignees.add.every((account) => mayBeAssigned(context, repository, author, account));
  return isFine ? undefined : "assignee-invalid";
}

/** What of the triage makes a difference to an issue, each item once. What is both taken and given stays or comes. */
export function differenceOf({ state }: ActContext, key: IssueKey, { labels, assignees }: Triage): TriageDifference {
  const hasLabel = (label: LabelId) => readRow(state, issueLabelTable, { ...key, label }) !== undefined;
  const hasAssignee = (account: AccountId) => readRow(state, issueAssigneeTable, { ...key, account }) !== undefined;
  return { labels: changeOf(labels, hasLabel), assignees: changeOf(assignees, hasAssignee) };
}

/** Labels and assignees that come and go. */
export type TriageDifference = Pick<Triage, "labels" | "assignees">;

function changeOf<Item>({ add, remove }: SetChange<Item>, has: (item: Item) => boolean): SetChange<Item> {
  const added = new Set(add);
  return {
    add: [...added].filter((item) => !has(item)),
    remove: [...new Set(remove)].filter((item) => !added.has(item) && has(item)),
  };
}

/** Writes labels and assignees; the milestone stands in the issue's own row. Labels that no longer exist go. */
export function applyTriage(
  context: ActContext,
  key: IssueKey,
  { labels, assignees }: TriageDifference,
): RejectionCode | undefined {
  const { state, forge } = context;
  const within = encode(issueKeyCodec, key);
  for (const label of labels.remove) removeRow(state, issueLabelTable, { ...key, label });
  for (const account of assignees.remove) removeRow(state, issueAssigneeTable, { ...key, account });
  for (const label of labels.add) writeRow(state, issueLabelTable, { ...key, label }, {});
  for (const account of assignees.add) writeRow(state, issueAssigneeTable, { ...key, account }, {});
  const kept = Array.from(scanRows(state, issueLabelTable, { within }), ([row]) => row);
  const gone = kept.filter(({ label }) => forge.issues.label(key.repository, label) === undefined);
  for (const row of gone) removeRow(state, issueLabelTable, row);
  if (kept.length - gone.length > labelsPerIssueMax) return "label-limit";
  return Array.from(forge.issues.assigneesOf(key)).length > assigneesPerIssueMax ? "assignee-limit" : undefined;
}
