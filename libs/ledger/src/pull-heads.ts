/** Pull requests follow the branch that is their head: each move is a round, and a branch that goes closes them. */
import { isZeroObjectId, type ObjectId, type RefName } from "@guts/primitives";
import type { Issue } from "./issue-state.ts";
import { saveIssue } from "./issue-act.ts";
import type { ActContext } from "./kind.ts";
import { pullsFollowedPerPushMax, pullsPerHeadMax } from "./limits.ts";
import { pullHeadRef, type Branch, type Pull } from "./pull-state.ts";
import { pullHeadTable, pullRoundTable, pullTable } from "./pull-tables.ts";
import type { RejectionCode } from "./rejection.ts";
import { removeRow, writeRow } from "./table.ts";
import { refTable } from "./tables.ts";

/** What of following is left in one transaction, whatever its refs. */
export interface FollowMeter {
  pullsLeft: number;
}

/** The meter of one transaction. */
export function newFollowMeter(): FollowMeter {
  return { pullsLeft: pullsFollowedPerPushMax };
}

/** Why pull requests could not follow one more branch in this transaction, or undefined; counts them if they can. */
export function refuseFollowing({ forge }: ActContext, branch: Branch, meter: FollowMeter): RejectionCode | undefined {
  const count = Array.from(forge.pulls.following(branch)).length;
  if (count > meter.pullsLeft) return "pull-follow-limit";
  meter.pullsLeft -= count;
  return undefined;
}

/** Takes along the open pull requests of a branch that has moved to `newId`, or closes them when it is gone. */
export function followBranch(context: ActContext, branch: Branch, newId: ObjectId): void {
  for (const pull of Array.from(context.forge.pulls.following(branch))) {
    const issue = context.forge.issues.issue(pull)!;
    if (isZeroObjectId(newId)) closeWithBranch(context, pull, issue);
    else {
      addRound(context, pull, newId);
      saveIssue(context, issue);
    }
  }
}

function closeWithBranch(context: ActContext, pull: Pull, issue: Issue): void {
  const { actor: by, time } = context;
  unfollow(context, pull);
  saveIssue(context, { ...issue, closed: { reason: "not_planned", duplicateOf: undefined, by, time } });
}

/** Adds a round and moves the pull request's own ref. */
export function addRound(context: ActContext, pull: Pull, headId: ObjectId): void {
  const { state, forge, actor: by, time, height } = context;
  const { repository, number, ...row } = pull;
  const round = pull.roundCount + 1;
  const baseId = forge.ref(repository, baseBranch(context, pull));
  writeRow(state, pullRoundTable, { repository, number, round }, { headId, baseId, by, time, height });
  writeRow(state, pullTable, { repository, number }, { ...row, roundCount: round });
  writeRow(state, refTable, { repository, name: pullHeadRef(number) }, headId);
}

/** The branch that the pull request is for, by the name it has now. */
export function baseBranch({ forge }: Pick<ActContext, "forge">, { repository, base }: Pull): RefName {
  return forge.ref(repository, base) === undefined ? (forge.presentBranch(repository, base) ?? base) : base;
}

/** Begins to follow; or why not: the branch has too many already, or one for the same base. */
export function refuseFollow({ forge }: ActContext, { head, base, ...key }: Pull): RejectionCode | undefined {
  const others = Array.from(forge.pulls.following(head)).filter(
    (other) => other.repository !== key.repository || other.number !== key.number,
  );
  if (others.some((other) => other.repository === key.repository && other.base === base)) return "pull-exists";
  return others.length >= pullsPerHeadMax ? "pull-limit" : undefined;
}

/** Follows the head's branch from now on. */
export function follow({ state }: ActContext, { head, repository, number }: Pull): void {
  writeRow(state, pullHeadTable, { head, pull: { repository, number } }, {});
}

/** Follows it no more: the pull request is closed. */
export function unfollow({ state }: ActContext, { head, repository, number }: Pull): void {
  removeRow(state, pullHeadTable, { head, pull: { repository, number } });
}

/** Gives the pull requests of a branch its other name. */
export function followRename(context: ActContext, from: Branch, to: RefName): void {
  for (const pull of Array.from(context.forge.pulls.following(from))) {
    const { repository, number, ...row } = pull;
    const renamed = { ...pull, head: { ...row.head, name: to } };
    unfollow(context, pull);
    follow(context, renamed);
    writeRow(context.state, pullTable, { repository, number }, { ...row, head: renamed.head });
  }
}

/** Closes the pull request of an issue, if it is one; a merged one stays as it is. */
export function closePull(context: ActContext, { kind, ...key }: Issue): RejectionCode | undefined {
  const pull = kind === "pull" ? context.forge.pulls.pull(key) : undefined;
  if (pull?.merged !== undefined) return "pull-merged";
  if (pull !== undefined) unfollow(context, pull);
  return undefined;
}

/** Opens the pull request of an issue again, or says why that cannot be: merged, its branch gone, another in its place. */
export function reopenPull(context: ActContext, { kind, ...key }: Issue): RejectionCode | undefined {
  const pull = kind === "pull" ? context.forge.pulls.pull(key) : undefined;
  if (pull === undefined) return undefined;
  if (pull.merged !== undefined) return "pull-merged";
  const headId = context.forge.ref(pull.head.repository, pull.head.name);
  if (headId === undefined) return "pull-head-missing";
  const refusal = refuseFollow(context, pull);
  if (refusal !== undefined) return refusal;
  if (headId !== context.forge.pulls.headId(pull)) addRound(context, pull, headId);
  follow(context, pull);
  return undefined;
}
