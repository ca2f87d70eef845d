/** Teams in protection rules: who may be named, and who counts as named. */
import { describe, expect, test } from "vitest";
import { noActors, plainProtection, type ProtectionSettings } from "@guts/governance";
import type { AccountId, RepositoryId, TeamId } from "@guts/primitives";
import { Scenario, update, type Person } from "../../test/scenario.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly ada: Person;
  /** In the team, in its child, and in neither. */
  readonly bob: Person;
  readonly carol: Person;
  readonly dora: Person;
  readonly organization: AccountId;
  readonly repository: RepositoryId;
  readonly team: TeamId;
  readonly child: TeamId;
}

const pullRequest = {
  approvals: 1,
  dismissesStale: false,
  codeOwners: false,
  lastPushApproval: false,
  resolvedConversations: false,
};

/** A repository of Ada's organization that everybody of it may write to. */
function cast(): Cast {
  const scenario = new Scenario();
  const [ada, bob, carol, dora] = [scenario.signUp(), scenario.signUp(), scenario.signUp(), scenario.signUp()];
  const organization = scenario.organization(ada, [bob, carol, dora]);
  const created = { ...scenario.repositoryPayload(ada, "engine"), owner: organization };
  const { repository } = scenario.mustApply("repository.create", created, scenario.root(ada));
  const everybody = scenario.team(organization, ada, [bob, carol, dora]);
  const team = scenario.team(organization, ada, [bob]);
  const child = scenario.team(organization, ada, [carol], team);
  for (const each of [everybody, team])
    scenario.mustApply("team.set-repository", { team: each, repository, role: "write" }, scenario.root(ada));
  scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
  return { scenario, ada, bob, carol, dora, organization, repository, team, child };
}

function protect({ scenario, repository, ada }: Cast, changes: Partial<ProtectionSettings>): string {
  const settings = { ...plainProtection, includesAdministrators: true, ...changes };
  const rule = { target: "branch", pattern: "main" } as const;
  return scenario.code("protection.change", { repository, rule, settings, reason: "" }, scenario.root(ada));
}

function push({ scenario, repository }: Cast, by: Person, from: number): string {
  return scenario.code("refs.change", scenario.push(repository, [update("main", from, from + 1)]), scenario.root(by));
}

describe("a rule that lets teams push", () => {
  test("lets their members push, those of a child as those of its parent, and nobody else", () => {
    const all = cast();
    expect(protect(all, { pushers: { accounts: [], teams: [all.team] } })).toBe("applied");
    expect(push(all, all.dora, 1)).toBe("ref-protected");
    expect(push(all, all.ada, 1)).toBe("ref-protected");
    expect(push(all, all.bob, 1)).toBe("applied");
    expect(push(all, all.carol, 2)).toBe("applied");
  });

  test("that names a child does not mean the members of its parent", () => {
    const all = cast();
    expect(protect(all, { pushers: { accounts: [], teams: [all.child] } })).toBe("applied");
    expect(push(all, all.bob, 1)).toBe("ref-protected");
    expect(push(all, all.carol, 1)).toBe("applied");
  });

  test("follows who is in the team, and lets nobody push once it is gone", () => {
    const all = cast();
    const { scenario, ada, bob, carol, team } = all;
    protect(all, { pushers: { accounts: [], teams: [team] } });
    scenario.mustApply("team.remove-member", { team, account: bob.id }, scenario.root(ada));
    expect(push(all, bob, 1)).toBe("ref-protected");
    scenario.mustApply("team.delete", { team }, scenario.root(ada));
    expect(push(all, carol, 1)).toBe("ref-protected");
  });

  test("forgets them when the repository is another's", () => {
    const all = cast();
    const { scenario, ada, bob, repository, team } = all;
    protect(all, { pushers: { accounts: [], teams: [team] } });
    scenario.collaborator(ada, repository, bob, "write");
    scenario.mustApply("repository.transfer", { repository, to: ada.id, newName: undefined }, scenario.root(ada));
    scenario.mustApply("transfer.accept", { repository }, scenario.root(ada));
    expect(scenario.forge.repository(repository)?.owner).toBe(ada.id);
    expect(push(all, bob, 1)).toBe("ref-protected");
  });
});

test("those whom a rule exempts push without a pull request; who may dismiss reviews is kept with it", () => {
  const all = cast();
  const { scenario, repository, team, dora } = all;
  const named = { bypassers: { accounts: [], teams: [team] }, dismissers: { accounts: [dora.id], teams: [] } };
  expect(protect(all, { pullRequest, ...named })).toBe("applied");
  expect(protect(all, { pullRequest, ...named })).toBe("already-so");
  const [rule] = scenario.forge.protectionRules(repository);
  expect(scenario.forge.protectionSettings(rule!).settings).toMatchObject({ pullRequest, ...named });
  expect([push(all, dora, 1), push(all, all.carol, 1)]).toEqual(["ref-protected", "applied"]);
  expect(protect(all, { pullRequest })).toBe("applied");
  expect(scenario.forge.protectionSettings(rule!).settings).toMatchObject({
    bypassers: noActors,
    dismissers: undefined,
  });
});

test("a rule that nodes set as before names nobody of these any more", () => {
  const all = cast();
  const { scenario, repository, ada, team } = all;
  protect(all, { pullRequest, bypassers: { accounts: [], teams: [team] } });
  const first = { repository, rule: { target: "branch", pattern: "main" }, reason: "" } as const;
  const settings = { ...plainProtection, pullRequest, includesAdministrators: true };
  expect(scenario.code("protection.set", { ...first, settings }, scenario.root(ada))).toBe("applied");
  expect(push(all, all.bob, 1)).toBe("ref-protected");
});

test("a rule names people who are there, and teams of the owner that may write", () => {
  const all = cast();
  const { scenario, ada, organization, repository } = all;
  const pushers = (teams: readonly TeamId[], accounts: readonly AccountId[] = []) =>
    protect(all, { pushers: { accounts, teams } });
  const idle = scenario.team(organization, ada);
  expect(pushers([idle])).toBe("team-unknown");
  scenario.mustApply("team.set-repository", { team: idle, repository, role: "triage" }, scenario.root(ada));
  expect(pushers([idle])).toBe("team-unknown");
  scenario.mustApply("team.set-repository", { team: idle, repository, role: "maintain" }, scenario.root(ada));
  expect(pushers([idle])).toBe("applied");
  expect(pushers([all.child])).toBe("applied"); // Its parent's role is its own.
  const other = scenario.organization(ada);
  expect(pushers([scenario.team(other, ada)])).toBe("team-unknown");
  expect(pushers([99 as TeamId])).toBe("team-unknown");
  expect(pushers([], [organization])).toBe("account-unknown");
  expect(protect(all, { bypassers: { accounts: [], teams: [all.team] } })).toBe("protection-invalid");
});
