/** Rules that protect branches and tags: set and removed by who administers the repository. */
import {
  permits,
  protectionLimits,
  refuseProtection,
  type ProtectionActors,
  type ProtectionSettings,
} from "@guts/governance";
import {
  encode,
  equalBytes,
  repositoryIdCodec,
  struct,
  text,
  u64,
  type RepositoryId,
  type TeamId,
} from "@guts/primitives";
import type { ForgeState, ProtectionRule, Repository } from "../forge-state.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext, type ActOutcome } from "../kind.ts";
import { reasonBytesMax } from "../limits.ts";
import {
  firstProtectionSettingsCodec,
  hasReviewActors,
  protectionHeadCodec,
  protectionSettingsCodec,
  withoutReviewActors,
} from "../protection-codec.ts";
import type { RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

type Head = Pick<ProtectionRule, "target" | "pattern">;

/** Makes the rule of a pattern, or changes what it asks; a rule keeps its age. The reason may be empty. */
export const protectionChange = defineKind({
  tag: 92,
  payload: struct({
    repository: repositoryIdCodec,
    rule: protectionHeadCodec,
    settings: protectionSettingsCodec,
    reason: text(reasonBytesMax),
  }),
  result: struct({ number: u64 }),
  authority: "any",
  work: ({ settings }) => protectionLimits.protectionRulesPerRepositoryMax + namedCount(settings),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, rule, settings }) => {
    const opened = openRepository(context, id, "manage-protection");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (refuseProtection(rule.target, rule.pattern, settings) !== undefined) return rejected("protection-invalid");
    const unknown = refuseActors(context.forge, opened.repository, settings);
    return unknown === undefined ? putRule(context, id, { rule, settings }) : rejected(unknown);
  },
});

/** The same as nodes submitted it before rules named teams, or anybody but those who may push. */
export const protectionSet = defineKind({
  tag: 90,
  payload: struct({
    repository: repositoryIdCodec,
    rule: protectionHeadCodec,
    settings: firstProtectionSettingsCodec,
    reason: text(reasonBytesMax),
  }),
  result: struct({ number: u64 }),
  authority: "any",
  work: ({ settings }) => protectionLimits.protectionRulesPerRepositoryMax + (settings.pushers?.accounts.length ?? 0),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, rule, settings: first }) => {
    const { refusal } = openRepository(context, repository, "manage-protection");
    if (refusal !== undefined) return rejected(refusal);
    const settings = withoutReviewActors(first);
    if (refuseProtection(rule.target, rule.pattern, settings) !== undefined) return rejected("protection-invalid");
    if (settings.pushers?.accounts.some((id) => context.forge.account(id)?.status !== "active"))
      return rejected("account-unknown");
    if ((settings.pushers?.teams ?? []).length > 0) return rejected("protection-invalid");
    return putRule(context, repository, { rule, settings });
  },
});

function putRule(
  { state, forge, actor, time }: ActContext,
  repository: RepositoryId,
  { rule: { target, pattern }, settings }: { readonly rule: Head; readonly settings: ProtectionSettings },
): ActOutcome<{ readonly number: number }> {
  const rules = [...forge.protectionRules(repository)];
  const found = ruleOf(rules, { target, pattern });
  if (found === undefined && rules.length >= protectionLimits.protectionRulesPerRepositoryMax)
    return rejected("protection-limit");
  const earlier = found === undefined ? undefined : forge.protectionSettings(found);
  if (earlier !== undefined && isSame(earlier.settings, settings)) return rejected("already-so");
  const number = found?.number ?? (rules.at(-1)?.number ?? 0) + 1;
  const key = { repository, number };
  writeRow(state, tables.protectionTable, key, { target, pattern });
  const row = { settings, setBy: actor, createdTime: earlier?.createdTime ?? time, updatedTime: time };
  writeRow(state, tables.protectionSettingsTable, key, row);
  if (hasReviewActors(settings)) writeRow(state, tables.protectionActorsTable, key, settings);
  else removeRow(state, tables.protectionActorsTable, key);
  return applied({ number });
}

/** People must be active, teams the owner's and able to write; a team that may not even push can be named for nothing. */
function refuseActors(
  forge: ForgeState,
  repository: Repository,
  settings: ProtectionSettings,
): RejectionCode | undefined {
  const named = actorsOf(settings);
  if (named.some(({ accounts }) => accounts.some((id) => !forge.isActivePerson(id)))) return "account-unknown";
  return named.some(({ teams }) => teams.some((id) => !mayWrite(forge, repository, id))) ? "team-unknown" : undefined;
}

function mayWrite({ organizations }: ForgeState, repository: Repository, id: TeamId): boolean {
  const team = organizations.team(id);
  const role = team?.organization === repository.owner ? organizations.teamRoleOn(team, repository.id) : undefined;
  return role !== undefined && permits(role, "write");
}

function actorsOf({ pushers, bypassers, dismissers }: ProtectionSettings): readonly ProtectionActors[] {
  return [pushers, bypassers, dismissers].filter((actors) => actors !== undefined);
}

/** Reads that naming people and teams costs. */
function namedCount(settings: ProtectionSettings): number {
  return actorsOf(settings).reduce((count, { accounts, teams }) => count + accounts.length + 4 * teams.length, 0);
}

/** Removes the rule of a pattern. The reason may be empty. */
export const protectionRemove = defineKind({
  tag: 91,
  payload: struct({ repository: repositoryIdCodec, rule: protectionHeadCodec, reason: text(reasonBytesMax) }),
  result: struct({}),
  authority: "any",
  work: () => protectionLimits.protectionRulesPerRepositoryMax,
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, rule }) => {
    const { refusal } = openRepository(context, repository, "manage-protection");
    if (refusal !== undefined) return rejected(refusal);
    const found = findProtection(context.forge, repository, rule);
    if (found === undefined) return rejected("not-found");
    const key = { repository, number: found.number };
    removeRow(context.state, tables.protectionTable, key);
    removeRow(context.state, tables.protectionSettingsTable, key);
    removeRow(context.state, tables.protectionActorsTable, key);
    return applied({});
  },
});

/** The rule with exactly this target and pattern, or undefined. */
export function findProtection(forge: ForgeState, repository: RepositoryId, head: Head): ProtectionRule | undefined {
  return ruleOf([...forge.protectionRules(repository)], head);
}

function ruleOf(rules: readonly ProtectionRule[], { target, pattern }: Head): ProtectionRule | undefined {
  return rules.find((rule) => rule.target === target && rule.pattern === pattern);
}

function isSame(left: ProtectionSettings, right: ProtectionSettings): boolean {
  const [first, second] = [left, right].map((settings) => encode(protectionSettingsCodec, settings));
  return equalBytes(first!, second!);
}
