/** What a rule asks of changes to the branches or tags that its pattern names, and which rule governs a ref. */
import { shortRefName, type AccountId, type RefName, type TeamId } from "@guts/primitives";
import { approvalsMax } from "./limits.ts";
import { matchRefPattern, parseRefPattern, type MatchMeter, type RefPattern } from "./ref-pattern.ts";

/** What a rule is about. */
export type ProtectionTarget = "branch" | "tag";

/** What is asked of the pull request that a change must come by. */
export interface PullRequestRequirement {
  /** From 0 to `approvalsMax`. */
  readonly approvals: number;
  /** New commits take approvals back. */
  readonly dismissesStale: boolean;
  /** An owner of each changed path that has owners must approve. */
  readonly codeOwners: boolean;
  /** Somebody other than who pushed last must approve. */
  readonly lastPushApproval: boolean;
  /** Every conversation must be resolved. */
  readonly resolvedConversations: boolean;
}

/** Checks that must have succeeded on the new commit. */
export interface ChecksRequirement {
  /** The new commit must contain the branch as it is. */
  readonly isStrict: boolean;
  readonly names: readonly string[];
}

/** People and teams whom a rule names. Members of a child team are members of its parent here as everywhere. */
export interface ProtectionActors {
  readonly accounts: readonly AccountId[];
  readonly teams: readonly TeamId[];
}

/** No people and no teams. */
export const noActors: ProtectionActors = { accounts: [], teams: [] };

/** Everything that a rule may ask. A rule whose settings ask nothing still keeps refs from being deleted or forced. */
export interface ProtectionSettings {
  readonly pullRequest: PullRequestRequirement | undefined;
  readonly checks: ChecksRequirement | undefined;
  /** The only ones who may push, beside administrators where the rule does not include them. */
  readonly pushers: ProtectionActors | undefined;
  /** Those whom `pullRequest` does not bind: they may push without one, and merge without its reviews. */
  readonly bypassers: ProtectionActors;
  /** The only ones who may dismiss reviews, beside administrators; undefined: whoever may write. */
  readonly dismissers: ProtectionActors | undefined;
  /** No merge commit may come in. */
  readonly requiresLinearHistory: boolean;
  /** The pusher's own key, not a node on their credential, must have signed the change. */
  readonly requiresSignedPush: boolean;
  readonly allowsForcePush: boolean;
  readonly allowsDeletion: boolean;
  /** Refs that the pattern names may be made. */
  readonly allowsCreation: boolean;
  /** The refs are read-only. */
  readonly isLocked: boolean;
  /** Administrators of the repository are bound too. Deletion and force-push bind them always. */
  readonly includesAdministrators: boolean;
}

/** A rule's settings when nobody says anything else: what GitHub's are. */
export const plainProtection: ProtectionSettings = {
  pullRequest: undefined,
  checks: undefined,
  pushers: undefined,
  bypassers: noActors,
  dismissers: undefined,
  requiresLinearHistory: false,
  requiresSignedPush: false,
  allowsForcePush: false,
  allowsDeletion: false,
  allowsCreation: true,
  isLocked: false,
  includesAdministrators: false,
};

/** The part of a rule that tells whether it is about a ref. */
export interface RuleHead {
  /** Ascending with age: the oldest has the least. */
  readonly number: number;
  readonly target: ProtectionTarget;
  readonly pattern: string;
}

/** Why these settings cannot be a rule's, or undefined. Pull requests, checks and history are branches' alone. */
export function refuseProtection(
  target: ProtectionTarget,
  pattern: string,
  settings: ProtectionSettings,
): "pattern-malformed" | "not-for-tags" | "approvals-out-of-range" | "needs-pull-request" | "named-twice" | undefined {
  if (parseRefPattern(pattern) === undefined) return "pattern-malformed";
  const { pullRequest, checks, pushers, bypassers, dismissers, requiresLinearHistory } = settings;
  if (target === "tag" && (pullRequest !== undefined || checks !== undefined || requiresLinearHistory))
    return "not-for-tags";
  if (pullRequest !== undefined && pullRequest.approvals > approvalsMax) return "approvals-out-of-range";
  const bypasserCount = bypassers.accounts.length + bypassers.teams.length;
  if (pullRequest === undefined && (bypasserCount > 0 || dismissers !== undefined)) return "needs-pull-request";
  const named = [pushers, bypassers, dismissers].flatMap((each) => [each?.accounts ?? [], each?.teams ?? []]);
  const lists = [checks?.names ?? [], ...named];
  return lists.some((list) => new Set<string | number>(list).size !== list.length) ? "named-twice" : undefined;
}

/** The kind of ref and its short name; undefined for refs that no rule is about. */
export function protectableRef(
  name: RefName,
): { readonly target: ProtectionTarget; readonly name: string } | undefined {
  if (name.startsWith("refs/heads/")) return { target: "branch", name: shortRefName(name) };
  return name.startsWith("refs/tags/") ? { target: "tag", name: shortRefName(name) } : undefined;
}

/** The rules of one repository, ready to be asked about many refs. */
export class ProtectionRules<Rule extends RuleHead> {
  readonly #exact = new Map<string, Rule>();
  readonly #wildcards: { readonly rule: Rule; readonly pattern: RefPattern }[] = [];

  /** `rules` by ascending number. */
  constructor(rules: Iterable<Rule>) {
    for (const rule of rules) {
      const pattern = parseRefPattern(rule.pattern);
      if (pattern === undefined) continue;
      const key = `${rule.target} ${rule.pattern}`;
      if (pattern.exactName === undefined) this.#wildcards.push({ rule, pattern });
      else if (!this.#exact.has(key)) this.#exact.set(key, rule);
    }
  }

  /** The one rule that governs a ref: one of exactly its name before those with wildcards, and of those the oldest that matches. */
  find(ref: RefName, meter: MatchMeter): Rule | undefined | "exhausted" {
    const protectable = protectableRef(ref);
    if (protectable === undefined) return undefined;
    const exact = this.#exact.get(`${protectable.target} ${protectable.name}`);
    if (exact !== undefined) return exact;
    for (const { rule, pattern } of this.#wildcards) {
      if (rule.target !== protectable.target) continue;
      const verdict = matchRefPattern(pattern, protectable.name, meter);
      if (verdict === "exhausted") return verdict;
      if (verdict) return rule;
    }
    return undefined;
  }
}
