/**
 * A pull request is merged, by the steps of a push:
 *
 * (1) ask early, as if the two sides went together, (2) git merges them in a quarantine, (3) storage takes the result in like a push
 * and says what it would do to the branch, (4) ask again with that, (5) make the objects durable, (6) submit with the receipts of a
 * quorum, for which every signer has computed the same merge. The ledger asks with authority; the answer comes when it is final.
 */
import { requirementWords, type UnmetRequirement } from "@guts/governance";
import {
  RefChanges,
  refusePull,
  reviewFactsOf,
  type MergedUpdate,
  type MergeMethod,
  type RejectionCode,
} from "@guts/ledger";
import { shortRefName, type AccountId, type Height, type ObjectId } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import { packRefsOf } from "../git/receive-pack.ts";
import { gitLimits } from "../limits.ts";
import type { CleanMerge, MergeOutcome, ReceiveOutcome } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { personFor } from "./commit-person.ts";
import { sidesOf, type OpenedPull } from "./open-pull.ts";
import { refusalOfRejection, requireApplied } from "./rejection.ts";
import { textReader } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "git" | "refs" | "clock" | "privateStore">;

/** How somebody wants a pull request merged. */
export interface MergeWish {
  readonly method: MergeMethod;
  readonly title: string | undefined;
  readonly message: string | undefined;
  /** The head that they have seen; another one is not merged. */
  readonly expectedHead: string | undefined;
}

/** Merges. Throws `Refusal`: `not-mergeable` with every reason in words, `conflict` when a side moved or nodes disagree. */
export async function mergePull(
  needs: Needs,
  request: ChangeRequest,
  { opened, wish }: { readonly opened: OpenedPull; readonly wish: MergeWish },
): Promise<{ readonly commit: ObjectId; readonly height: Height }> {
  const { base, head } = sidesOf(opened);
  if (wish.expectedHead !== undefined && wish.expectedHead !== head)
    throw new Refusal("conflict", "Head branch was modified. Review and try the merge again.", {
      reason: "pull-head-moved",
    });
  if (base === undefined) throw refusalOfRejection("pull-base-missing");
  const { method } = wish;
  const provisional = provisionalMerge(opened, { method, strategy: needs.git.mergeStrategy })!;
  requireMergeable(opened, request, provisional); // (1)
  const people = {
    author: authorOf(needs, request, opened, method),
    committer: personFor(needs, request.actor.account),
  };
  const message = messageOf(needs, opened, wish);
  const outcome = await needs.git.mergeCommits(
    opened.repository.id,
    { method, base, head, ...people, message },
    request.signal,
  );
  await using merged = requireClean(outcome); // (2)
  const received = await store(needs, request, { opened, merged, update: provisional }); // (3)
  await using stored = received.quarantine;
  const [fact] = received.facts;
  const update: MergedUpdate = {
    ...provisional,
    newId: merged.result,
    isFastForward: fact?.isFastForward ?? false,
    hasMerges: fact?.hasMerges ?? false,
    merge: { ...provisional.merge, isUpToDate: merged.isUpToDate },
  };
  requireMergeable(opened, request, update); // (4)
  await stored.promote(request.signal); // (5)
  const { repository, number } = opened.pull;
  const submission = { pull: { repository, number }, update, packs: packRefsOf(received.packs), closes: [] };
  const answer = await needs.transactions.submitMerge(submission, optionsOf(request)); // (6)
  const isRefused = answer.outcome === "refused" || answer.outcome === "rejected";
  if (isRefused && answer.rejection === "ref-protected") requireMergeable(opened, request, update);
  return { commit: update.newId, height: requireApplied(answer).height };
}

/** The update that a merge would be, as far as it is known before git has merged; undefined when the base is gone. */
export function provisionalMerge(
  opened: OpenedPull,
  { method, strategy }: Pick<MergedUpdate["merge"], "method" | "strategy">,
): MergedUpdate | undefined {
  const { baseName: name, base: oldId, head } = sidesOf(opened);
  if (oldId === undefined) return undefined;
  const plain = { isFastForward: true, newType: "commit", hasMerges: method === "merge" } as const;
  return { name, oldId, newId: head, ...plain, merge: { strategy, method, head, isUpToDate: true } };
}

/** What the rule of the base asks and a merge by somebody lacks; "exhausted" when there are too many patterns to say. */
export function unmetByMerge(
  opened: OpenedPull,
  account: AccountId,
  update: MergedUpdate,
): readonly UnmetRequirement[] | "exhausted" {
  return changesOf(opened, account, update).unmet(opened.repository, update);
}

/** A node makes the merge for the person: nobody's own key signed it. */
function changesOf({ state, repository }: OpenedPull, account: AccountId, { merge }: MergedUpdate): RefChanges {
  return new RefChanges(state, repository.id, { account, isSigned: false }, reviewFactsOf(merge));
}

/** Steps 1 and 4: the ledger's own rules, as the request found the state. */
function requireMergeable(opened: OpenedPull, request: ChangeRequest, update: MergedUpdate): void {
  const refusal: RejectionCode | undefined =
    refusePull(opened.pull, opened.issue.closed !== undefined) ??
    changesOf(opened, request.actor.account.id, update).refuse(opened.repository, update);
  if (refusal === undefined) return;
  if (refusal !== "ref-protected") throw notMergeable(refusal, refusalOfRejection(refusal).message);
  const unmet = unmetByMerge(opened, request.actor.account.id, update);
  throw notMergeable(refusal, `${shortRefName(update.name)} is protected: ${wordsOf(unmet)}.`);
}

/** Every unmet requirement with who can meet it. */
function wordsOf(unmet: readonly UnmetRequirement[] | "exhausted"): string {
  if (unmet === "exhausted") return "it has too many rules to say by which";
  return unmet
    .map(requirementWords)
    .map(({ what, who }) => `${what} (${who})`)
    .join("; ");
}

function notMergeable(reason: string, words: string): Refusal {
  return new Refusal("not-mergeable", `Pull Request is not mergeable: ${words}`, { reason });
}

/** The merge, if the two sides go together. Throws `Refusal` `not-mergeable` with the conflicting files. */
export function requireClean(outcome: MergeOutcome): CleanMerge {
  if (outcome.outcome === "merged") return outcome;
  if (outcome.outcome === "refused") throw notMergeable(outcome.code, refusedWords[outcome.code]);
  const shown = outcome.conflicts.slice(0, 10).map(({ path }) => path);
  const more = outcome.conflictCount > shown.length ? ` and ${outcome.conflictCount - shown.length} more` : "";
  throw notMergeable(
    "merge-conflicts",
    `conflicts in ${shown.join(", ")}${more}. Merge the base into the branch and resolve them.`,
  );
}

const refusedWords: Readonly<Record<Extract<MergeOutcome, { outcome: "refused" }>["code"], string>> = {
  "commit-missing": "a commit of it is not here",
  "already-merged": "the base has everything that the head has",
  "unrelated-histories": "base and head have no history in common",
  "not-fast-forward": "the base has gone on, so it cannot be fast-forwarded; update the branch first",
  "too-many-commits": "there are too many commits to rebase; merge or squash them",
  "too-large": "a commit of it is too large to rebase",
};

async function store(
  { git, refs, ledger }: Needs,
  { signal }: ChangeRequest,
  {
    opened,
    merged,
    update,
  }: { readonly opened: OpenedPull; readonly merged: CleanMerge; readonly update: MergedUpdate },
): Promise<Extract<ReceiveOutcome, { outcome: "received" }>> {
  const { packBytesMax, objectCountMax, inflatedBytesMax, receiveTimeoutMs } = gitLimits;
  const received = await git.receivePack(opened.repository.id, {
    commands: [{ name: update.name, oldId: update.oldId, newId: merged.result }],
    pack: merged.openPack?.(signal),
    tips: refs.tips(ledger.state(), opened.repository).keys(),
    limits: { packBytesMax, objectsMax: objectCountMax, inflatedBytesMax, timeoutMs: receiveTimeoutMs },
    signal,
  });
  if (received.outcome === "received") return received;
  throw new Refusal("invalid", received.message, { reason: received.code });
}

/** Who wrote what a squash brings is who opened the pull request; other merges are the merger's. */
function authorOf(needs: Needs, { actor }: ChangeRequest, { state, issue }: OpenedPull, method: MergeMethod) {
  const account = method === "squash" ? (state.account(issue.author) ?? actor.account) : actor.account;
  return personFor(needs, account);
}

/** The message, in GitHub's words unless the merger has others. */
function messageOf(
  { ledger }: Needs,
  { owner, issue, pull }: OpenedPull,
  { method, title, message }: MergeWish,
): string {
  const named = textReader(ledger)(issue.title) ?? `Pull request ${issue.number}`;
  const [firstLine, rest] =
    method === "squash"
      ? [`${named} (#${issue.number})`, ""]
      : [`Merge pull request #${issue.number} from ${owner.handle}/${shortRefName(pull.head.name)}`, named];
  const body = message ?? rest;
  return `${title ?? firstLine}\n${body === "" ? "" : `\n${body.trimEnd()}\n`}`;
}
