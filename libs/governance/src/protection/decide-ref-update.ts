/** The one decision on a change to a protected ref: everything that is missing, at every door and on the ledger alike. */
import type { AccountId, TeamId } from "@guts/primitives";
import { permits, type Permission } from "../permission.ts";
import type { RefUpdateKind } from "../ref-update-policy.ts";
import type { ProtectionActors, ProtectionSettings, ProtectionTarget } from "./protection-rule.ts";

/** The state of the pull request that a change comes by. */
export interface PullRequestFacts {
  /** Approvals that count by now, from people who may write. */
  readonly approvals: number;
  readonly hasCodeOwnerApproval: boolean;
  readonly hasLastPushApproval: boolean;
  readonly hasOpenConversations: boolean;
}

/** What the ledger knows of the checks on the new commit. */
export interface CheckFacts {
  readonly succeeded: ReadonlySet<string>;
  /** The new commit contains the branch as it is. */
  readonly isUpToDate: boolean;
}

/** The state of a change that comes by no pull request, while nothing is said of its commit: neither reviews nor checks. */
export const noReviews = {
  pullRequest: undefined,
  checks: { succeeded: new Set<string>(), isUpToDate: true },
} as const;

/** What is known about a change and who makes it. */
export interface RefChangeFacts {
  readonly target: ProtectionTarget;
  readonly kind: RefUpdateKind;
  /** Of an update: the old commit is an ancestor of the new one. */
  readonly isFastForward: boolean;
  /** Of an update: a merge commit is among the commits that it brings. Undefined where nobody certified it. */
  readonly hasMerges: boolean | undefined;
  /** A key of the pusher signed the change itself. */
  readonly isSigned: boolean;
  readonly account: AccountId;
  /** Teams that the account is in, and their parents. */
  readonly teams: ReadonlySet<TeamId>;
  readonly permission: Permission;
  /** Undefined for a change that comes by no pull request. */
  readonly pullRequest: PullRequestFacts | undefined;
  readonly checks: CheckFacts;
}

/** Something that a rule asks and a change lacks. */
export type UnmetRequirement =
  | { readonly code: "locked" | "deletion" | "force-push" | "tag-move" | "creation" | "pusher" | "signed-push" }
  | { readonly code: "linear-history"; readonly isUncertified: boolean }
  | { readonly code: "pull-request"; readonly approvals: number; readonly codeOwners: boolean }
  | { readonly code: "approvals"; readonly needed: number; readonly given: number }
  | { readonly code: "code-owner-approval" | "last-push-approval" | "resolved-conversations" }
  | { readonly code: "checks"; readonly names: readonly string[] }
  | { readonly code: "up-to-date" };

/** The name of a requirement. */
export type RequirementCode = UnmetRequirement["code"];

/** What even an administrator whom the rule does not include must meet; GitHub's rules "applied to everyone". */
const BINDS_EVERYBODY: ReadonlySet<RequirementCode> = new Set(["deletion", "force-push", "tag-move"]);

/** Everything that `settings` ask of the change and that it lacks; none when it may be made. The order is that of the rule. */
export function decideRefUpdate(facts: RefChangeFacts, settings: ProtectionSettings): readonly UnmetRequirement[] {
  const unmet = [...unmetByAnybody(facts, settings), ...unmetByUpdate(facts, settings)];
  return isExemptFrom(settings, facts.permission) ? unmet.filter(({ code }) => BINDS_EVERYBODY.has(code)) : unmet;
}

/** Whether a rule asks of who has this permission only that the ref is neither deleted nor rewritten. */
export function isExemptFrom(settings: ProtectionSettings, permission: Permission): boolean {
  return permits(permission, "admin") && !settings.includesAdministrators;
}

function* unmetByAnybody(facts: RefChangeFacts, settings: ProtectionSettings): Generator<UnmetRequirement, undefined> {
  if (settings.isLocked) yield { code: "locked" };
  if (facts.kind === "delete" && !settings.allowsDeletion) yield { code: "deletion" };
  if (facts.kind === "create" && !settings.allowsCreation) yield { code: "creation" };
  // A tag stands for one thing: whatever it is moved to, those who have it do not get the new one.
  const isForced = facts.kind === "update" && (facts.target === "tag" || !facts.isFastForward);
  if (isForced && !settings.allowsForcePush) yield { code: facts.target === "tag" ? "tag-move" : "force-push" };
  if (settings.pushers !== undefined && !isNamed(facts, settings.pushers)) yield { code: "pusher" };
  if (settings.requiresSignedPush && !facts.isSigned) yield { code: "signed-push" };
  return undefined;
}

function isNamed({ account, teams }: RefChangeFacts, actors: ProtectionActors): boolean {
  return actors.accounts.includes(account) || actors.teams.some((team) => teams.has(team));
}

/** What is asked of new commits on a branch that is there. A branch that is made has nothing to be compared with or merged into. */
function* unmetByUpdate(facts: RefChangeFacts, settings: ProtectionSettings): Generator<UnmetRequirement, undefined> {
  if (facts.kind !== "update" || facts.target !== "branch") return undefined;
  if (settings.requiresLinearHistory && facts.hasMerges !== false)
    yield { code: "linear-history", isUncertified: facts.hasMerges === undefined };
  if (!isNamed(facts, settings.bypassers)) yield* unmetByReview(facts.pullRequest, settings);
  const { checks } = settings;
  const missing = (checks?.names ?? []).filter((name) => !facts.checks.succeeded.has(name));
  if (missing.length > 0) yield { code: "checks", names: missing };
  if (checks?.isStrict === true && !facts.checks.isUpToDate) yield { code: "up-to-date" };
  return undefined;
}

function* unmetByReview(
  state: PullRequestFacts | undefined,
  { pullRequest: rule }: ProtectionSettings,
): Generator<UnmetRequirement, undefined> {
  if (rule === undefined) return undefined;
  if (state === undefined) {
    yield { code: "pull-request", approvals: rule.approvals, codeOwners: rule.codeOwners };
    return undefined;
  }
  if (state.approvals < rule.approvals) yield { code: "approvals", needed: rule.approvals, given: state.approvals };
  if (rule.codeOwners && !state.hasCodeOwnerApproval) yield { code: "code-owner-approval" };
  if (rule.lastPushApproval && !state.hasLastPushApproval) yield { code: "last-push-approval" };
  if (rule.resolvedConversations && state.hasOpenConversations) yield { code: "resolved-conversations" };
  return undefined;
}
