/** Pull requests: open, draft and ready, another base. Title, text, closing and the conversation are the issue's. */
import {
  bool,
  option,
  repositoryIdCodec,
  struct,
  u64,
  issueNumberCodec,
  type RefName,
  type RepositoryId,
} from "@guts/primitives";
import { contentRefCodec } from "../content.ts";
import { effectsCodec, effectsWork, refuseEffects, saveIssue } from "../issue-act.ts";
import { issueKeyCodec, type IssueKey } from "../issue-tables.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { bodyBytesMax, pullWork, titleBytesMax } from "../limits.ts";
import { createIssue } from "../new-issue.ts";
import { addRound, follow, refuseFollow } from "../pull-heads.ts";
import type { Pull } from "../pull-state.ts";
import { branchCodec, pullTable } from "../pull-tables.ts";
import type { RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { objectIdCodec, refNameCodec } from "../ref-codecs.ts";
import { writeRow } from "../table.ts";

/** Asks that a branch be taken in by another. */
export const pullOpen = defineKind({
  tag: 160,
  payload: struct({
    repository: repositoryIdCodec,
    title: contentRefCodec,
    body: option(contentRefCodec),
    head: branchCodec,
    /** Where the head is. */
    headId: objectIdCodec,
    base: refNameCodec,
    isDraft: bool,
    effects: effectsCodec,
  }),
  result: struct({ number: issueNumberCodec, id: u64 }),
  authority: "any",
  contents: ({ title, body }) => [...boundedRefs([title], titleBytesMax), ...boundedRefs([body], bodyBytesMax)],
  work: ({ effects }) => pullWork + effectsWork(effects),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, payload) => {
    const { repository, title, body, head, headId, base, isDraft, effects } = payload;
    const opened = openRepository(context, repository, "propose");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const refusal = refuseEffects(context, opened.repository.owner, effects) ?? refuseBranches(context, payload);
    if (refusal !== undefined) return rejected(refusal);
    const { number, id } = createIssue(context, { kind: "pull", repository, title, body, milestone: undefined });
    const pull: Pull = { repository, number, head, base, isDraft, roundCount: 0, merged: undefined };
    const refused = refuseFollow(context, pull);
    if (refused !== undefined) return rejected(refused);
    addRound(context, pull, headId);
    follow(context, pull);
    return applied({ number, id });
  },
});

/** Why these two branches cannot be a pull request's, or undefined. Whoever proposes a branch may push it. */
function refuseBranches(
  context: ActContext,
  {
    repository,
    head,
    headId,
    base,
  }: {
    readonly repository: RepositoryId;
    readonly head: Pull["head"];
    readonly headId: string;
    readonly base: RefName;
  },
): RejectionCode | undefined {
  const { forge } = context;
  const source = openRepository(context, head.repository, "push");
  if (source.refusal !== undefined) return source.refusal;
  if (head.repository !== repository) return "pull-head-foreign";
  const current = forge.ref(head.repository, head.name);
  if (current === undefined || !isBranch(head.name)) return "pull-head-missing";
  if (current !== headId) return "ref-stale";
  return refuseBase(context, { repository, base, headId });
}

function refuseBase(
  { forge }: ActContext,
  { repository, base, headId }: { readonly repository: RepositoryId; readonly base: RefName; readonly headId: string },
): RejectionCode | undefined {
  const baseId = forge.ref(repository, base);
  if (baseId === undefined || !isBranch(base)) return "pull-base-missing";
  return baseId === headId ? "pull-without-change" : undefined;
}

function isBranch(name: RefName): boolean {
  return name.startsWith("refs/heads/");
}

/** Makes it a draft or ready, or gives it another base: its author, or who may push. */
export const pullUpdate = defineKind({
  tag: 161,
  payload: struct({ pull: issueKeyCodec, base: option(refNameCodec), isDraft: option(bool) }),
  result: struct({}),
  authority: "any",
  work: () => pullWork,
  scope: (_context, { pull }) => repositoryScope(pull.repository),
  apply: (context, { pull: key, base, isDraft }) => {
    const opened = openPull(context, key);
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { pull, issue } = opened;
    if (base === undefined && isDraft === undefined) return rejected("nothing-to-do");
    const changed = { ...pull, base: base ?? pull.base, isDraft: isDraft ?? pull.isDraft };
    if (changed.base === pull.base && changed.isDraft === pull.isDraft) return rejected("already-so");
    const isMoved = changed.base !== pull.base;
    const refusal = isMoved ? refuseOtherBase(context, changed, issue.closed !== undefined) : undefined;
    if (refusal !== undefined) return rejected(refusal);
    const { repository, number, ...row } = changed;
    writeRow(context.state, pullTable, { repository, number }, row);
    saveIssue(context, issue);
    return applied({});
  },
});

function refuseOtherBase(context: ActContext, pull: Pull, isClosed: boolean): RejectionCode | undefined {
  if (isClosed) return "pull-closed";
  const { repository, base } = pull;
  return (
    refuseBase(context, { repository, base, headId: context.forge.pulls.headId(pull) }) ?? refuseFollow(context, pull)
  );
}

/** A pull request with its issue, for its author or for who may push; or why not. A merged one stays as it was. */
function openPull(context: ActContext, key: IssueKey) {
  const issue = context.forge.issues.issue(key);
  const pull = context.forge.pulls.pull(key);
  const opened = openRepository(
    context,
    key.repository,
    issue?.author === context.actor ? "propose" : "direct-proposals",
  );
  if (opened.refusal !== undefined) return { refusal: opened.refusal };
  if (issue === undefined || pull === undefined) return { refusal: "not-found" as const };
  return pull.merged === undefined ? { refusal: undefined, issue, pull } : { refusal: "pull-merged" as const };
}
