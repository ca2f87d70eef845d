/** Protection rules of a repository: which there are, which governs a ref, how they are set and removed. */
import {
  protectionLimits,
  isExemptFrom,
  ProtectionRules,
  resolvePermission,
  type ProtectionSettings,
  type ProtectionTarget,
  type UnmetRequirement,
} from "@guts/governance";
import { RefChanges, type ForgeState, type ProtectionRule, type RefExplanation, type Repository } from "@guts/ledger";
import { parseRefName, type AccountId, type Height, type RefName, type RepositoryId } from "@guts/primitives";

import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { requireApplied } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions">;

/** What a rule is about: its target and pattern name it. */
export interface RuleName {
  readonly target: ProtectionTarget;
  readonly pattern: string;
}

/** A rule with what it asks. */
export interface StatedRule {
  readonly rule: ProtectionRule;
  readonly settings: ProtectionSettings;
  readonly setBy: AccountId;
  readonly createdTime: number;
  readonly updatedTime: number;
}

/** Finds the rule of each ref of one state; "exhausted" when the patterns are too many to be matched with so many refs. */
export function ruleFinder(
  state: ForgeState,
  repository: RepositoryId,
): (ref: RefName) => ProtectionRule | undefined | "exhausted" {
  const rules = new ProtectionRules(state.protectionRules(repository));
  const meter = { stepsLeft: protectionLimits.matchStepsPerPushMax };
  return (ref) => rules.find(ref, meter);
}

/** The rule that governs a ref, with what it asks. */
export function ruleOfRef(state: ForgeState, repository: RepositoryId, ref: RefName): StatedRule | undefined {
  const rule = ruleFinder(state, repository)(ref);
  return rule === undefined || rule === "exhausted" ? undefined : stateRule(state, rule);
}

/** A rule with what it asks. */
export function stateRule(state: ForgeState, rule: ProtectionRule): StatedRule {
  return { rule, ...state.protectionSettings(rule) };
}

/** The rule of exactly this target and pattern. */
export function findRule(state: ForgeState, repository: RepositoryId, name: RuleName): StatedRule | undefined {
  for (const rule of state.protectionRules(repository))
    if (rule.target === name.target && rule.pattern === name.pattern) return stateRule(state, rule);
  return undefined;
}

/** Makes or changes a rule. Settings that it has already are no error. Throws `Refusal`. */
export async function setRule(
  needs: Needs,
  request: ChangeRequest,
  change: {
    readonly repository: RepositoryId;
    readonly name: RuleName;
    readonly settings: ProtectionSettings;
    readonly reason: string;
  },
): Promise<Height | undefined> {
  const { repository, name: rule, settings, reason } = change;
  const command = { kind: "protection.change", payload: { repository, rule, settings, reason } } as const;
  const outcome = await needs.transactions.submit(command, optionsOf(request));
  const isSo = outcome.outcome !== "applied" && outcome.outcome !== "unknown" && outcome.rejection === "already-so";
  return isSo ? undefined : requireApplied(outcome).height;
}

/** Removes a rule. Throws `Refusal`. */
export async function removeRule(
  needs: Needs,
  request: ChangeRequest,
  { repository, name, reason }: { readonly repository: RepositoryId; readonly name: RuleName; readonly reason: string },
): Promise<Height> {
  const command = { kind: "protection.remove", payload: { repository, rule: name, reason } } as const;
  return requireApplied(await needs.transactions.submit(command, optionsOf(request))).height;
}

/** What somebody lacks to change a ref in each way. */
export interface ToldExplanation extends Readonly<Record<keyof RefExplanation, readonly UnmetRequirement[]>> {
  /** They administer the repository, and the rule of the ref does not include administrators. */
  readonly isExempt: boolean;
}

/** Asks the ledger's own rule about changes that nobody makes: a node signs for the account. */
export function explainRef(
  state: ForgeState,
  repository: Repository,
  { ref, account }: { readonly ref: RefName; readonly account: AccountId },
): ToldExplanation {
  const changes = new RefChanges(state, repository.id, { account, isSigned: false });
  const told = changes.explain(repository, ref);
  const list = (unmet: RefExplanation["push"]) => (unmet === "exhausted" ? [] : unmet);
  const rule = ruleOfRef(state, repository.id, ref);
  const { permission } = resolvePermission(state.grants(repository, account));
  return {
    isExempt: rule !== undefined && isExemptFrom(rule.settings, permission),
    push: list(told.push),
    forcePush: list(told.forcePush),
    create: list(told.create),
    delete: list(told.delete),
  };
}

/** A full ref name, or that of a branch where it begins with no namespace; undefined for what names none. */
export function parseProtectableRef(text: string): RefName | undefined {
  return parseRefName(text.startsWith("refs/") ? text : `refs/heads/${text}`);
}
