import { noActors, plainProtection, type ProtectionActors, type ProtectionSettings } from "@guts/governance";
import type { AccountId, TeamId } from "@guts/primitives";
import { hostileText } from "./hostile-text.ts";
import type { Random } from "./random.ts";

/** Whom a rule may name. */
export interface NameableActors {
  readonly accounts: readonly AccountId[];
  readonly teams: readonly TeamId[];
}

/** Settings of a protection rule that ask little or much; some of them no rule may have. */
export function randomProtection(random: Random, { accounts, teams }: NameableActors): ProtectionSettings {
  const actors = (): ProtectionActors => ({
    accounts: accounts.slice(0, random.below(3)),
    teams: random.oneIn(9) ? [99 as TeamId] : teams.slice(0, random.below(3)),
  });
  const maybe = (): boolean => random.oneIn(3);
  const text = (): string => hostileText(random, 20);
  return {
    ...plainProtection,
    pullRequest: maybe()
      ? {
          approvals: random.below(8),
          dismissesStale: maybe(),
          codeOwners: maybe(),
          lastPushApproval: maybe(),
          resolvedConversations: maybe(),
        }
      : undefined,
    checks: maybe() ? { isStrict: maybe(), names: Array.from({ length: random.below(3) }, text) } : undefined,
    pushers: maybe() ? actors() : undefined,
    bypassers: random.oneIn(6) ? actors() : noActors,
    dismissers: random.oneIn(6) ? actors() : undefined,
    requiresLinearHistory: maybe(),
    requiresSignedPush: random.oneIn(8),
    allowsForcePush: maybe(),
    allowsDeletion: !maybe(),
    allowsCreation: !maybe(),
    isLocked: random.oneIn(8),
    includesAdministrators: maybe(),
  };
}
