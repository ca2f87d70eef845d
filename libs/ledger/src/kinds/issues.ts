/** Issues: open, edit, close, reopen, lock, pin. */
import {
  accountIdCodec,
  labelIdCodec,
  list,
  milestoneNumberCodec,
  option,
  repositoryIdCodec,
  struct,
  u64,
  issueNumberCodec,
} from "@guts/primitives";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import {
  effectsCodec,
  effectsWork,
  openIssue,
  openOwnIssue,
  refuseEffects,
  refuseReference,
  saveIssue,
} from "../issue-act.ts";
import { closeReasonCodec, issueKeyCodec, lockReasonCodec, type IssueKey } from "../issue-tables.ts";
import { applyTriage, differenceOf, refuseTriage } from "../issue-triage.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { assigneesPerIssueMax, bodyBytesMax, labelsPerIssueMax, pinnedIssuesMax, titleBytesMax } from "../limits.ts";
import { createIssue } from "../new-issue.ts";
import { closePull, reopenPull } from "../pull-heads.ts";
import { openRepository } from "../repository-act.ts";
import { addToTally, tallyOf } from "../tally.ts";

const keyPayload = struct({ issue: issueKeyCodec });
const scopeOfIssue = (_context: ActContext, { issue }: { readonly issue: IssueKey }) =>
  repositoryScope(issue.repository);

/** Opens an issue. Labels, assignees and a milestone may be given by who may triage. */
export const issueOpen = defineKind({
  tag: 120,
  payload: struct({
    repository: repositoryIdCodec,
    title: contentRefCodec,
    body: option(contentRefCodec),
    labels: list(labelIdCodec, labelsPerIssueMax),
    assignees: list(accountIdCodec, assigneesPerIssueMax),
    milestone: option(milestoneNumberCodec),
    effects: effectsCodec,
  }),
  result: struct({ number: issueNumberCodec, id: u64 }),
  authority: "any",
  contents: ({ title, body }) => [...boundedRefs([title], titleBytesMax), ...boundedRefs([body], bodyBytesMax)],
  work: ({ effects, labels, assignees }) => effectsWork(effects) + 3 * labels.length + 12 * assignees.length,
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, title, body, labels, assignees, milestone, effects }) => {
    const { actor } = context;
    const isTriaged = labels.length + assignees.length > 0 || milestone !== undefined;
    const opened = openRepository(context, id, "discuss");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const triage = { labels: { add: labels, remove: [] }, assignees: { add: assignees, remove: [] }, milestone };
    const refusal =
      refuseEffects(context, opened.repository.owner, effects) ??
      (isTriaged ? openRepository(context, id, "triage").refusal : undefined) ??
      refuseTriage(context, opened.repository, actor, triage);
    if (refusal !== undefined) return rejected(refusal);
    const { number, id: issue } = createIssue(context, { kind: "issue", repository: id, title, body, milestone });
    const key = { repository: id, number };
    applyTriage(context, key, differenceOf(context, key, triage));
    return applied({ number, id: issue });
  },
});

/** Changes the title or the text: the author's own, or by who moderates. The result is the title before, if that changed. */
export const issueEdit = defineKind({
  tag: 121,
  payload: struct({
    issue: issueKeyCodec,
    title: option(contentRefCodec),
    body: textChangeCodec,
    effects: effectsCodec,
  }),
  result: struct({ formerTitle: option(contentRefCodec) }),
  authority: "any",
  contents: ({ title, body }) => [...boundedRefs([title], titleBytesMax), ...boundedRefs([body?.value], bodyBytesMax)],
  work: ({ effects }) => effectsWork(effects),
  scope: scopeOfIssue,
  apply: (context, { issue: key, title, body, effects }) => {
    const opened = openOwnIssue(context, key, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const refusal = refuseEffects(context, opened.repository.owner, effects);
    if (refusal !== undefined) return rejected(refusal);
    if (title === undefined && body === undefined) return rejected("nothing-to-do");
    const { issue } = opened;
    saveIssue(context, { ...issue, title: title ?? issue.title, body: changedText(issue.body, body) });
    return applied({ formerTitle: title === undefined ? undefined : issue.title });
  },
});

/** Closes an issue: its author, or who triages. Closing again changes the reason. */
export const issueClose = defineKind({
  tag: 122,
  payload: struct({ issue: issueKeyCodec, reason: closeReasonCodec, duplicateOf: option(issueKeyCodec) }),
  result: struct({}),
  authority: "any",
  work: () => 20,
  scope: scopeOfIssue,
  apply: (context, { issue: key, reason, duplicateOf }) => {
    const opened = openOwnIssue(context, key, "triage");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { issue } = opened;
    const { actor: by, time } = context;
    if (duplicateOf !== undefined) {
      if (isSame(duplicateOf, key) || reason !== "duplicate") return rejected("reference-invalid");
      const refusal = refuseReference(context, duplicateOf);
      if (refusal !== undefined) return rejected(refusal);
    }
    if (issue.closed?.reason === reason && isSame(issue.closed.duplicateOf, duplicateOf)) return rejected("already-so");
    const refusal = closePull(context, issue);
    if (refusal !== undefined) return rejected(refusal);
    saveIssue(context, { ...issue, closed: { reason, duplicateOf, by, time } });
    return applied({});
  },
});

/** Opens it again: who closed it themselves as its author, or who triages. */
export const issueReopen = defineKind({
  tag: 123,
  payload: keyPayload,
  result: struct({}),
  authority: "any",
  scope: scopeOfIssue,
  apply: (context, { issue: key }) => {
    const known = context.forge.issues.issue(key);
    const isOwn = known?.author === context.actor && known.closed?.by === context.actor;
    const opened = openIssue(context, key, isOwn ? "discuss" : "triage");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (opened.issue.closed === undefined) return rejected("already-so");
    const refusal = reopenPull(context, opened.issue);
    if (refusal !== undefined) return rejected(refusal);
    saveIssue(context, { ...opened.issue, closed: undefined });
    return applied({});
  },
});

/** Keeps a conversation to those who may push. */
export const issueLock = defineKind({
  tag: 124,
  payload: struct({ issue: issueKeyCodec, reason: lockReasonCodec }),
  result: struct({}),
  authority: "any",
  scope: scopeOfIssue,
  apply: (context, { issue: key, reason }) => {
    const opened = openIssue(context, key, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (opened.issue.lock === reason) return rejected("already-so");
    saveIssue(context, { ...opened.issue, lock: reason });
    return applied({});
  },
});

/** Opens the conversation to everybody again. */
export const issueUnlock = defineKind({
  tag: 125,
  payload: keyPayload,
  result: struct({}),
  authority: "any",
  scope: scopeOfIssue,
  apply: (context, { issue: key }) => {
    const opened = openIssue(context, key, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (opened.issue.lock === undefined) return rejected("already-so");
    saveIssue(context, { ...opened.issue, lock: undefined });
    return applied({});
  },
});

/** Shows an issue above the list. */
export const issuePin = defineKind({
  tag: 126,
  payload: keyPayload,
  result: struct({}),
  authority: "any",
  scope: scopeOfIssue,
  apply: (context, { issue: key }) => {
    const opened = openIssue(context, key, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (opened.issue.pinnedTime !== undefined) return rejected("already-so");
    if (tallyOf(context.state, "pinnedIssues", key.repository) >= pinnedIssuesMax) return rejected("pin-limit");
    addToTally(context.state, "pinnedIssues", key.repository, 1);
    saveIssue(context, { ...opened.issue, pinnedTime: context.time });
    return applied({});
  },
});

/** Shows it among the others again. */
export const issueUnpin = defineKind({
  tag: 127,
  payload: keyPayload,
  result: struct({}),
  authority: "any",
  scope: scopeOfIssue,
  apply: (context, { issue: key }) => {
    const opened = openIssue(context, key, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (opened.issue.pinnedTime === undefined) return rejected("already-so");
    addToTally(context.state, "pinnedIssues", key.repository, -1);
    saveIssue(context, { ...opened.issue, pinnedTime: undefined });
    return applied({});
  },
});

function isSame(one: IssueKey | undefined, other: IssueKey | undefined): boolean {
  return one?.repository === other?.repository && one?.number === other?.number;
}
