/** A pull request is merged: its base branch takes the result that a quorum has computed alike. */
import { list, struct } from "@guts/primitives";
import { referencesPerTextMax } from "@guts/collaboration";
import { openIssue, saveIssue } from "../issue-act.ts";
import { issueKeyCodec, type IssueKey } from "../issue-tables.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { examinationWork, packsPerPushMax, pullWork, verificationWork } from "../limits.ts";
import { baseBranch, newFollowMeter, refuseFollowing, unfollow } from "../pull-heads.ts";
import type { Pull } from "../pull-state.ts";
import { pullTable } from "../pull-tables.ts";
import { mergeFactsVersion, mergedUpdateCodec, packRefCodec, type MergedUpdate } from "../receipt.ts";
import { refMoveWork, RefChanges, reviewFactsOf } from "../ref-changes.ts";
import type { RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { writeRow } from "../table.ts";
import { moveRef, pusherOf, receiptTerms, refuseReceipt } from "./refs.ts";
import { saveRepository } from "./repositories.ts";

/**
 * Merges. The update is of the base branch, as it is called now; its merge names the head as it is now. What the branch's rule
 * asks is decided as for a push, with the pull request's reviews and the checks of its head. Issues that the pull request closes
 * are closed with it, those that the merger may close.
 */
export const pullMerge = defineKind({
  tag: 162,
  payload: struct({
    pull: issueKeyCodec,
    update: mergedUpdateCodec,
    packs: list(packRefCodec, packsPerPushMax),
    receipt: receiptTerms,
    closes: list(issueKeyCodec, referencesPerTextMax),
  }),
  result: struct({}),
  authority: "any",
  work: ({ update, receipt, closes }) =>
    pullWork +
    refMoveWork(update.name) +
    examinationWork +
    verificationWork * receipt.signatures.length +
    12 * closes.length,
  spared: () => examinationWork,
  scope: (_context, { pull }) => repositoryScope(pull.repository),
  apply: (context, payload) => {
    const { pull: key, update, packs, receipt, closes } = payload;
    const { forge, actor: by, time, height, state } = context;
    const opened = openRepository(context, key.repository, "push");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { repository } = opened;
    const [issue, pull] = [forge.issues.issue(key), forge.pulls.pull(key)];
    if (issue === undefined || pull === undefined) return rejected("not-found");
    const certified = { repository: key.repository, updates: [update], packs, receipt };
    const changes = new RefChanges(forge, repository.id, pusherOf(context), reviewFactsOf(update.merge));
    const refusal =
      refusePull(pull, issue.closed !== undefined) ??
      refuseUpdate(context, pull, update) ??
      refuseReceipt(context, certified, mergeFactsVersion) ??
      changes.refuse(repository, update) ??
      refuseFollowing(context, { repository: repository.id, name: update.name }, newFollowMeter());
    if (refusal !== undefined) return rejected(refusal);
    saveRepository(context, { ...moveRef(context, repository, update), pushedTime: time });
    const { head, base, isDraft, roundCount } = pull;
    const { oldId: baseId, newId: resultId, merge } = update;
    const merged = { by, time, height, method: merge.method, baseId, resultId };
    writeRow(state, pullTable, key, { head, base, isDraft, roundCount, merged });
    unfollow(context, pull);
    saveIssue(context, { ...issue, closed: { reason: "completed", duplicateOf: undefined, by, time } });
    for (const closed of closes) closeIssue(context, closed);
    return applied({});
  },
});

/** Why a pull request cannot be merged now, whatever the merge. */
export function refusePull(pull: Pull, isClosed: boolean): RejectionCode | undefined {
  if (pull.merged !== undefined) return "pull-merged";
  if (isClosed) return "pull-closed";
  return pull.isDraft ? "pull-draft" : undefined;
}

function refuseUpdate(context: ActContext, pull: Pull, { name, merge }: MergedUpdate): RejectionCode | undefined {
  if (name !== baseBranch(context, pull)) return "pull-base-missing";
  return merge.head === context.forge.pulls.headId(pull) ? undefined : "pull-head-moved";
}

/** Closes an issue that the merge closes, if the merger may and it is open. */
function closeIssue(context: ActContext, key: IssueKey): void {
  const opened = openIssue(context, key, "triage");
  if (opened.refusal !== undefined || opened.issue.kind !== "issue" || opened.issue.closed !== undefined) return;
  const { actor: by, time } = context;
  saveIssue(context, { ...opened.issue, closed: { reason: "completed", duplicateOf: undefined, by, time } });
}
