import { noActors, plainProtection, type ProtectionActors, type ProtectionSettings } from "@guts/governance";
import { ledgerLimits, type PayloadOf, type Repository } from "@guts/ledger";
import { parseRefName, zeroObjectId, type AccountId, type RepositoryId, type TeamId } from "@guts/primitives";
import { hostileText } from "./hostile-text.ts";
import type { Random } from "./random.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

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

/** What random users do their deeds of protection on. */
export interface ProtectedPlace {
  readonly repository: RepositoryId;
  readonly on: Repository | undefined;
  readonly accounts: readonly AccountId[];
  /** Short names of branches. */
  readonly branches: readonly string[];
}

/** Payloads of the kinds that are about protection, and of renames, which rules are asked about. */
export function randomProtectionPayloads(ledger: SimulatedLedger, place: ProtectedPlace) {
  const { repository } = place;
  const rule = () => randomRule(ledger, place);
  return {
    "protection.set": rule,
    "protection.change": rule,
    "protection.remove": () => ({ repository, rule: randomHead(ledger, place), reason: "" }),
    "branch.rename": () => randomRename(ledger, place),
  };
}

function randomRename(
  ledger: SimulatedLedger,
  { repository, on, branches }: ProtectedPlace,
): PayloadOf<"branch.rename"> {
  const { random } = ledger;
  const there = on === undefined ? [] : [...ledger.forge.refs(on.id)];
  const zero = zeroObjectId(on?.objectFormat ?? "sha1");
  const [from, id] = random.pick(there) ?? [parseRefName("refs/heads/main")!, zero];
  const to = parseRefName(`refs/heads/${random.pick(branches)!}`)!;
  return { repository, from, to, id: random.oneIn(20) ? zero : id };
}

function randomRule(ledger: SimulatedLedger, place: ProtectedPlace): PayloadOf<"protection.change"> {
  const { repository, on, accounts } = place;
  const able = on === undefined ? [] : [...ledger.forge.organizations.repositoryTeams(on)];
  const settings = randomProtection(ledger.random, { accounts, teams: able.map(([{ id }]) => id) });
  const reason = hostileText(ledger.random, ledgerLimits.reasonBytesMax);
  return { repository, rule: randomHead(ledger, place), settings, reason };
}

/** What a rule is about, sometimes of one that is there. */
function randomHead(ledger: SimulatedLedger, { on, branches }: ProtectedPlace): PayloadOf<"protection.remove">["rule"] {
  const { random } = ledger;
  const rules = on === undefined ? [] : [...ledger.forge.protectionRules(on.id)];
  const known = random.oneIn(2) ? random.pick(rules) : undefined;
  const pattern = random.pick([...branches, "*", "a/*", "**/*", "[a-m]*", "[", "a//b"])!;
  const { target } = known ?? { target: random.oneIn(4) ? ("tag" as const) : ("branch" as const) };
  return { target, pattern: known?.pattern ?? pattern };
}
