/**
 * One rule, three who tell of it: the early answer of a door, the ledger's verdict, and the explanation that a person is shown. For
 * random rules and random changes they say the same.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { noActors, type ProtectionSettings } from "@guts/governance";
import type { Height, TeamId } from "@guts/primitives";
import { Scenario, update, type By, type Person } from "../test/scenario.ts";
import { decodeEnvelope } from "./block.ts";
import { executeTransaction } from "./execute-transaction.ts";
import { ForgeState } from "./forge-state.ts";
import type { CertifiedUpdate } from "./receipt.ts";
import { RefChanges } from "./ref-changes.ts";
import { Overlay } from "./state.ts";
import { writeRow } from "./table.ts";
import * as tables from "./tables.ts";

/** Ada owns the organization, Bob is in the team, Carol in neither; `main` and the tag `v1` are there, `new` and `v2` are not. */
const scenario = new Scenario();
const [ada, bob, carol] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
const organization = scenario.organization(ada, [bob, carol]);
const created = { ...scenario.repositoryPayload(ada, "engine"), owner: organization };
const { repository } = scenario.mustApply("repository.create", created, scenario.root(ada));
const team = scenario.team(organization, ada, [bob]);
const everybody = scenario.team(organization, ada, [bob, carol]);
for (const each of [team, everybody])
  scenario.mustApply("team.set-repository", { team: each, repository, role: "write" }, scenario.root(ada));
const there = [update("main", 0, 1), update("dev", 0, 1), update("refs/tags/v1", 0, 1)];
for (const each of there) scenario.mustApply("refs.change", scenario.push(repository, [each]), scenario.root(ada));
const pushers: readonly (readonly [Person, By])[] = [ada, bob, carol].map((person) => [person, scenario.token(person)]);

const actors = fc.record({
  accounts: fc.subarray([ada.id, bob.id, carol.id]),
  teams: fc.subarray<TeamId>([team, everybody]),
});
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const pullRequest = fc.record({
  approvals: fc.nat(6),
  dismissesStale: fc.boolean(),
  codeOwners: fc.boolean(),
  lastPushApproval: fc.boolean(),
  resolvedConversations: fc.boolean(),
});
const settings: fc.Arbitrary<ProtectionSettings> = fc.record({
  pullRequest: maybe(pullRequest),
  checks: maybe(fc.record({ isStrict: fc.boolean(), names: fc.subarray(["build", "test"]) })),
  pushers: maybe(actors),
  bypassers: fc.oneof(fc.constant(noActors), actors),
  dismissers: maybe(actors),
  requiresLinearHistory: fc.boolean(),
  requiresSignedPush: fc.boolean(),
  allowsForcePush: fc.boolean(),
  allowsDeletion: fc.boolean(),
  allowsCreation: fc.boolean(),
  isLocked: fc.boolean(),
  includesAdministrators: fc.boolean(),
});

const forced = (each: CertifiedUpdate): CertifiedUpdate => ({ ...each, isFastForward: false });
/** By what the explanation calls them. A tag is made or moved, a move is always forced. */
const changes = {
  branch: {
    push: update("dev", 1, 2),
    forcePush: forced(update("dev", 1, 2)),
    create: update("new", 0, 2),
    delete: update("dev", 1, 0),
  },
  tag: {
    push: update("refs/tags/v1", 1, 2),
    forcePush: forced(update("refs/tags/v1", 1, 2)),
    create: update("refs/tags/v2", 0, 2),
    delete: update("refs/tags/v1", 1, 0),
  },
} as const;
const patterns = { branch: ["*", "dev", "new", "main", "**/*"], tag: ["v*", "v1", "v2", "w*"] } as const;

function fitting(target: "branch" | "tag", asked: ProtectionSettings): ProtectionSettings {
  const fit =
    target === "branch" ? asked : { ...asked, pullRequest: undefined, checks: undefined, requiresLinearHistory: false };
  return fit.pullRequest === undefined ? { ...fit, bypassers: noActors, dismissers: undefined } : fit;
}

const seen = new Set<string>();
const change = fc.record({
  target: fc.constantFrom("branch" as const, "tag" as const),
  deed: fc.constantFrom("push" as const, "forcePush" as const, "create" as const, "delete" as const),
  which: fc.nat(10),
  pusher: fc.constantFrom(...pushers),
});

test("the early answer, the ledger's verdict and the explanation agree", () => {
  fc.assert(
    fc.property(settings, change, (asked, { target, deed, which, pusher: [person, by] }) => {
      const pattern = patterns[target][which % patterns[target].length]!;
      const state = ruled({ target, pattern }, fitting(target, asked));
      const wanted = changes[target][deed];
      const forge = new ForgeState(state);
      const row = forge.repository(repository)!;
      const asking = new RefChanges(forge, repository, { account: person.id, isSigned: false });
      const early = asking.refuse(row, wanted);
      expect(verdictOf(state, by, wanted)).toBe(early ?? "applied");
      const told = asking.explain(row, wanted.name)[deed];
      expect([early, told === "exhausted" ? told : told.length > 0]).toEqual([early, early === "ref-protected"]);
      seen.add(`${target} ${deed} ${early ?? "applied"}`);
    }),
    { numRuns: 300 },
  );
  // A test in which everything is refused, or nothing, would show nothing.
  for (const deed of ["push", "create", "delete"]) {
    expect(seen).toContain(`branch ${deed} applied`);
    expect(seen).toContain(`branch ${deed} ref-protected`);
  }
}, 60_000);

/** What executing the push in a block says. */
function verdictOf(state: Overlay, by: By, wanted: CertifiedUpdate): string {
  const { ledger } = scenario;
  const { time } = ledger.placeAfter(1_000);
  const command = scenario.commandOf("refs.change", scenario.push(repository, [wanted]), by);
  const envelope = decodeEnvelope(ledger.envelopeOf(command, ledger.bodyOf(command, time)))!;
  const position = { networkId: ledger.networkId, height: (ledger.tip.height + 1) as Height, time, index: 0 };
  const verdict = executeTransaction(new Overlay(state), envelope, position);
  return verdict.outcome === "applied" ? "applied" : verdict.code;
}

/** The state with one rule and no other. */
function ruled(
  head: { readonly target: "branch" | "tag"; readonly pattern: string },
  asks: ProtectionSettings,
): Overlay {
  const state = new Overlay(scenario.ledger.state);
  const key = { repository, number: 1 };
  const { time } = scenario.ledger.tip;
  writeRow(state, tables.protectionTable, key, head);
  const row = { settings: asks, setBy: ada.id, createdTime: time, updatedTime: time };
  writeRow(state, tables.protectionSettingsTable, key, row);
  writeRow(state, tables.protectionActorsTable, key, asks);
  return state;
}
