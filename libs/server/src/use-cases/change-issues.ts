import type { IssueCreation, IssueUpdate } from "@guts/api";
import {
  ledgerLimits,
  type ContentRef,
  type Issue,
  type KindName,
  type LedgerCommand,
  type ResultOf,
} from "@guts/ledger";
import type { CommentId, Height, IssueNumber } from "@guts/primitives";

import { refuseActor } from "../auth/actor.ts";
import { invalidField } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { openComment, openIssue, type CommentPath, type IssuePath } from "./open-issue.ts";
import { openRepository, type OpenedRepository, type RepositoryPath } from "./open-repository.ts";
import { requireApplied } from "./rejection.ts";
import { effectsOf } from "./text-effects.ts";
import { assertShort, Texts } from "./texts.ts";
import { labelsNamed, milestoneOf, triageOf, type TriageWish } from "./triage.ts";

/** What changes of issues work with. */
export type IssueNeeds = Pick<Services, "ledger" | "transactions" | "random">;

/** Opens an issue. Labels, assignees and a milestone of somebody who may not triage are left out, as on GitHub. */
export async function createIssue(
  needs: IssueNeeds,
  request: ChangeRequest,
  { path, body }: { readonly path: RepositoryPath; readonly body: IssueCreation },
): Promise<{ readonly number: IssueNumber; readonly height: Height }> {
  const opened = openRepository(needs.ledger, request.actor, path, "discuss");
  const texts = new Texts(needs.random, ledgerLimits.bodyBytesMax);
  const mayTriage = refuseActor(opened.state, request.actor, opened.repository, "triage") === undefined;
  const wish: TriageWish = mayTriage ? body : {};
  const payload = {
    repository: opened.repository.id,
    title: requireTitle(texts, String(body.title)),
    body: texts.ref("body", body.body),
    labels: await labelsNamed(needs, request, opened, wish.labels ?? []),
    assignees: triageOf(opened, undefined, { assignee: wish.assignee, assignees: wish.assignees }).assignees.add,
    milestone: milestoneOf(opened, wish.milestone),
    effects: effectsOf(opened, request.actor, body.body),
  };
  const outcome = await needs.transactions.submit({ kind: "issue.open", payload }, optionsOf(request, { texts }));
  const { result, height } = requireApplied(outcome);
  return { number: result.number, height };
}

/** Changes an issue. Each part is its own transaction: texts, triage, state; what is so already is left out. */
export async function updateIssue(
  needs: IssueNeeds,
  request: ChangeRequest,
  { path, body }: { readonly path: IssuePath; readonly body: IssueUpdate },
): Promise<Height | undefined> {
  const opened = openIssue(needs.ledger, request.actor, path);
  const edited = await editIssue(needs, request, opened, body);
  const triaged = await triageIssue(needs, request, opened, body);
  const moved = await moveIssue(needs, request, opened, body);
  return moved ?? triaged ?? edited;
}

type OpenedIssue = OpenedRepository & { readonly issue: Issue };

async function editIssue(
  needs: IssueNeeds,
  request: ChangeRequest,
  opened: OpenedIssue,
  body: IssueUpdate,
): Promise<Height | undefined> {
  const { issue } = opened;
  const texts = new Texts(needs.random, ledgerLimits.bodyBytesMax);
  const isRenamed = body.title !== undefined && body.title !== null && !isText(needs, issue.title, String(body.title));
  const isRewritten = body.body !== undefined && !isText(needs, issue.body, body.body ?? "");
  if (!isRenamed && !isRewritten) return undefined;
  const payload = {
    issue: keyOf(issue),
    title: isRenamed ? requireTitle(texts, String(body.title)) : undefined,
    body: isRewritten ? texts.change("body", body.body) : undefined,
    effects: effectsOf(opened, request.actor, isRewritten ? body.body : undefined),
  };
  const options = optionsOf(request, { texts, part: "edit" });
  return requireApplied(await needs.transactions.submit({ kind: "issue.edit", payload }, options)).height;
}

/** Labels, assignees and milestone as the wish has them; undefined height when they are so already. */
export async function triageIssue(
  needs: IssueNeeds,
  request: ChangeRequest,
  opened: OpenedIssue,
  wish: TriageWish,
): Promise<Height | undefined> {
  const { issue } = opened;
  const named = wish.labels && (await labelsNamed(needs, request, opened, wish.labels));
  const { labels, assignees } = triageOf(opened, issue, { ...wish, labelIds: named });
  const milestone = wish.milestone === undefined ? undefined : { value: milestoneOf(opened, wish.milestone) };
  const isMoved = milestone !== undefined && milestone.value !== issue.milestone;
  const changes = [labels, assignees].flatMap(({ add, remove }) => [...add, ...remove]);
  if (changes.length === 0 && !isMoved) return undefined;
  const payload = { issue: keyOf(issue), labels, assignees, milestone: isMoved ? milestone : undefined };
  const options = optionsOf(request, { part: "triage" });
  return requireApplied(await needs.transactions.submit({ kind: "issue.triage", payload }, options)).height;
}

async function moveIssue(
  needs: IssueNeeds,
  request: ChangeRequest,
  { issue }: OpenedIssue,
  { state, state_reason: wanted, duplicate_of: original }: IssueUpdate,
): Promise<Height | undefined> {
  const options = optionsOf(request, { part: "state" });
  const key = keyOf(issue);
  if (state === "open" || (state === undefined && wanted === "reopened")) {
    if (issue.closed === undefined) return undefined;
    return requireApplied(await needs.transactions.submit({ kind: "issue.reopen", payload: { issue: key } }, options))
      .height;
  }
  const isClosing = state === "closed" || (state === undefined && wanted !== undefined && issue.closed !== undefined);
  if (!isClosing) return undefined;
  const reason = original === undefined ? reasonOf(wanted, issue) : "duplicate";
  const duplicateOf = original === undefined ? undefined : { ...key, number: original as IssueNumber };
  if (issue.closed?.reason === reason && duplicateOf === undefined) return undefined;
  const command = { kind: "issue.close", payload: { issue: key, reason, duplicateOf } } as const;
  return requireApplied(await needs.transactions.submit(command, options)).height;
}

function reasonOf(wanted: IssueUpdate["state_reason"], { closed }: Issue) {
  if (wanted === undefined || wanted === null || wanted === "reopened") return closed?.reason ?? ("completed" as const);
  return wanted;
}

/** Comments on an issue or pull request. Throws `Refusal`. */
export async function createComment(
  needs: IssueNeeds,
  request: ChangeRequest,
  { path, body }: { readonly path: IssuePath; readonly body: string },
): Promise<{ readonly comment: CommentId; readonly height: Height }> {
  const opened = openIssue(needs.ledger, request.actor, path, "discuss");
  const texts = new Texts(needs.random, ledgerLimits.bodyBytesMax);
  const payload = {
    issue: keyOf(opened.issue),
    body: requireBody(texts, body),
    effects: effectsOf(opened, request.actor, body),
  };
  const outcome = await needs.transactions.submit({ kind: "comment.add", payload }, optionsOf(request, { texts }));
  const { result, height } = requireApplied(outcome);
  return { comment: result.comment, height };
}

/** Changes a comment's text. Throws `Refusal`. */
export async function updateComment(
  needs: IssueNeeds,
  request: ChangeRequest,
  { path, body }: { readonly path: CommentPath; readonly body: string },
): Promise<Height | undefined> {
  const opened = openComment(needs.ledger, request.actor, path);
  const { comment } = opened;
  if (isText(needs, comment.body, body)) return undefined;
  const texts = new Texts(needs.random, ledgerLimits.bodyBytesMax);
  const payload = {
    comment: comment.id,
    body: requireBody(texts, body),
    effects: effectsOf(opened, request.actor, body),
  };
  const outcome = await needs.transactions.submit({ kind: "comment.edit", payload }, optionsOf(request, { texts }));
  return requireApplied(outcome).height;
}

/** Submits a change without texts that may be so already. */
export async function submitUnlessSo<Kind extends KindName>(
  { transactions }: Pick<Services, "transactions">,
  request: ChangeRequest,
  command: LedgerCommand<Kind>,
): Promise<{ readonly result: ResultOf<Kind> | undefined; readonly height: Height | undefined }> {
  const outcome = await transactions.submit(command, optionsOf(request));
  const isSo = (outcome.outcome === "refused" || outcome.outcome === "rejected") && outcome.rejection === "already-so";
  if (isSo) return { result: undefined, height: undefined };
  const { result, height } = requireApplied(outcome);
  return { result, height };
}

/** An issue's place. */
export function keyOf({ repository, number }: Issue) {
  return { repository, number };
}

function requireTitle(texts: Texts, title: string): ContentRef {
  const trimmed = title.trim();
  assertShort("title", trimmed, ledgerLimits.titleBytesMax);
  const ref = texts.ref("title", trimmed);
  if (ref === undefined) throw invalidField({ resource: "Issue", field: "title", message: "can't be blank" });
  return ref;
}

function requireBody(texts: Texts, body: string): ContentRef {
  const ref = body.trim() === "" ? undefined : texts.ref("body", body);
  if (ref === undefined) throw invalidField({ resource: "IssueComment", field: "body", message: "can't be blank" });
  return ref;
}

function isText({ ledger }: Pick<Services, "ledger">, ref: ContentRef | undefined, text: string): boolean {
  return (ref === undefined ? "" : ledger.text(ref)) === text;
}
