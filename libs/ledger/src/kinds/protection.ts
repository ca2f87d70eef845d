/** Rules that protect branches and tags: set and removed by who administers the repository. */
import { protectionLimits, refuseProtection } from "@guts/governance";
import { encode, equalBytes, repositoryIdCodec, struct, text, u64, type RepositoryId } from "@guts/primitives";
import type { ForgeState, ProtectionRule } from "../forge-state.ts";
import { applied, defineKind, rejected, repositoryScope } from "../kind.ts";
import { reasonBytesMax } from "../limits.ts";
import { protectionHeadCodec, protectionSettingsCodec } from "../protection-codec.ts";
import { openRepository } from "../repository-act.ts";
import { removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

type Head = Pick<ProtectionRule, "target" | "pattern">;

/** Makes the rule of a pattern, or changes what it asks; a rule keeps its age. The reason may be empty. */
export const protectionSet = defineKind({
  tag: 90,
  payload: struct({
    repository: repositoryIdCodec,
    rule: protectionHeadCodec,
    settings: protectionSettingsCodec,
    reason: text(reasonBytesMax),
  }),
  result: struct({ number: u64 }),
  authority: "any",
  work: ({ settings }) => protectionLimits.protectionRulesPerRepositoryMax + (settings.pushers?.accounts.length ?? 0),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, rule: { target, pattern }, settings }) => {
    const { refusal } = openRepository(context, repository, "manage-protection");
    if (refusal !== undefined) return rejected(refusal);
    const { state, forge, actor, time } = context;
    if (refuseProtection(target, pattern, settings) !== undefined) return rejected("protection-invalid");
    if (settings.pushers?.accounts.some((id) => forge.account(id)?.status !== "active"))
      return rejected("account-unknown");
    if ((settings.pushers?.teams ?? []).length > 0) return rejected("protection-invalid"); // No rule of this version names teams.
    const rules = [...forge.protectionRules(repository)];
    const found = ruleOf(rules, { target, pattern });
    if (found === undefined && rules.length >= protectionLimits.protectionRulesPerRepositoryMax)
      return rejected("protection-limit");
    const earlier = found === undefined ? undefined : forge.protectionSettings(found);
    if (earlier !== undefined && isSame(earlier.settings, settings)) return rejected("already-so");
    const number = found?.number ?? (rules.at(-1)?.number ?? 0) + 1;
    writeRow(state, tables.protectionTable, { repository, number }, { target, pattern });
    const row = { settings, setBy: actor, createdTime: earlier?.createdTime ?? time, updatedTime: time };
    writeRow(state, tables.protectionSettingsTable, { repository, number }, row);
    return applied({ number });
  },
});

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

type Settings = ReturnType<typeof protectionSettingsCodec.read>;

function isSame(left: Settings, right: Settings): boolean {
  const [first, second] = [left, right].map((settings) => encode(protectionSettingsCodec, settings));
  return equalBytes(first!, second!);
}
