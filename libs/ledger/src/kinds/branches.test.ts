import { expect, test } from "vitest";
import { plainProtection, type ProtectionSettings } from "@guts/governance";
import type { RepositoryId } from "@guts/primitives";
import { branch, objectId, Scenario, update, type By, type Person } from "../../test/scenario.ts";
import { formerBranchesMax } from "../limits.ts";
import { writeRow } from "../table.ts";
import * as tables from "../tables.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly ada: Person;
  readonly bob: Person;
  readonly repository: RepositoryId;
}

/** `main`, which is the default branch, and `topic`; Bob may write. */
function cast(): Cast {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const repository = scenario.repository(ada, "engine");
  scenario.collaborator(ada, repository, bob, "write");
  for (const each of [update("main", 0, 1), update("topic", 0, 2)])
    scenario.mustApply("refs.change", scenario.push(repository, [each]), scenario.root(ada));
  return { scenario, ada, bob, repository };
}

function rename({ scenario, repository, bob }: Cast, from: string, to: string, by: By = scenario.root(bob)): string {
  const id = scenario.forge.ref(repository, branch(from)) ?? objectId(9);
  return scenario.code("branch.rename", { repository, from: branch(from), to: branch(to), id }, by);
}

function protect(
  { scenario, repository, ada }: Cast,
  pattern: string,
  changes: Partial<ProtectionSettings> = {},
): void {
  const settings = { ...plainProtection, ...changes };
  const payload = { repository, rule: { target: "branch", pattern }, settings, reason: "" } as const;
  scenario.mustApply("protection.change", payload, scenario.root(ada));
}

function names({ scenario, repository }: Cast): readonly string[] {
  return Array.from(scenario.forge.refs(repository), ([name]) => name.replace("refs/heads/", ""));
}

test("a branch is renamed by who may push, in one transaction", () => {
  const all = cast();
  const stranger = all.scenario.signUp();
  expect(rename(all, "topic", "subject", all.scenario.root(stranger))).toBe("forbidden");
  expect(rename(all, "topic", "subject")).toBe("applied");
  expect(names(all)).toEqual(["main", "subject"]);
  expect(all.scenario.forge.ref(all.repository, branch("subject"))).toBe(objectId(2));
  expect(all.scenario.forge.repository(all.repository)).toMatchObject({ refCount: 2, defaultBranch: branch("main") });
});

test("the default branch stays the default one, and takes an administrator", () => {
  const all = cast();
  expect(rename(all, "main", "trunk")).toBe("forbidden");
  expect(rename(all, "main", "trunk", all.scenario.root(all.ada))).toBe("applied");
  expect(all.scenario.forge.repository(all.repository)).toMatchObject({
    defaultBranch: branch("trunk"),
    defaultBranchIs: "chosen",
  });
});

test("a rule of exactly the old name goes along, and takes an administrator", () => {
  const all = cast();
  protect(all, "topic", { isLocked: true, includesAdministrators: true });
  expect(rename(all, "topic", "subject")).toBe("forbidden");
  expect(rename(all, "topic", "subject", all.scenario.root(all.ada))).toBe("applied");
  expect([...all.scenario.forge.protectionRules(all.repository)]).toMatchObject([{ number: 1, pattern: "subject" }]);
  const push = all.scenario.push(all.repository, [update("subject", 2, 3)]);
  expect(all.scenario.code("refs.change", push, all.scenario.root(all.ada))).toBe("ref-protected");
  protect(all, "free");
  expect(rename(all, "subject", "free", all.scenario.root(all.ada))).toBe("branch-rule-taken");
});

test("a rule with wildcards stays with the names: to it the one is deleted and the other made, by anybody", () => {
  const all = cast();
  const owner = all.scenario.root(all.ada);
  protect(all, "top*");
  expect(rename(all, "topic", "subject", owner)).toBe("ref-protected");
  protect(all, "top*", { allowsDeletion: true });
  protect(all, "release/*", { allowsCreation: false, includesAdministrators: true });
  expect(rename(all, "topic", "release/1", owner)).toBe("ref-protected");
  expect(rename(all, "topic", "subject")).toBe("applied");
});

test("names must be free, of branches, and not beside a directory of theirs; the old one is in nobody's way", () => {
  const all = cast();
  const { scenario, repository, bob } = all;
  expect(rename(all, "topic", "main")).toBe("branch-name-taken");
  expect(rename(all, "topic", "topic")).toBe("ref-unchanged");
  expect(rename(all, "gone", "here")).toBe("not-found");
  expect(rename(all, "topic", "main/1")).toBe("ref-conflict");
  const tag = { repository, from: branch("topic"), to: update("refs/tags/v1", 0, 1).name, id: objectId(2) };
  expect(scenario.code("branch.rename", tag, scenario.root(bob))).toBe("ref-hidden");
  const stale = { repository, from: branch("topic"), to: branch("subject"), id: objectId(1) };
  expect(scenario.code("branch.rename", stale, scenario.root(bob))).toBe("ref-stale");
  expect(rename(all, "topic", "topic/1")).toBe("applied");
  expect(rename(all, "topic/1", "topic")).toBe("applied");
});

test("the old name leads to the branch until another has it", () => {
  const all = cast();
  const { scenario, repository } = all;
  const at = (name: string) => scenario.forge.presentBranch(repository, branch(name));
  rename(all, "topic", "a");
  rename(all, "a", "b");
  expect([at("topic"), at("a"), at("b"), at("other")]).toEqual([branch("b"), branch("b"), undefined, undefined]);
  scenario.mustApply("refs.change", scenario.push(repository, [update("a", 0, 3)]), scenario.root(all.bob));
  scenario.mustApply("refs.change", scenario.push(repository, [update("a", 3, 0)]), scenario.root(all.bob));
  expect(at("a")).toBeUndefined();
  expect(rename(all, "b", "topic")).toBe("applied");
  expect([at("topic"), at("b")]).toEqual([undefined, branch("topic")]);
});

test("a repository remembers so many names and no more, and none once it is deleted", () => {
  const all = cast();
  const { scenario, repository } = all;
  scenario.arrange((state) => {
    writeRow(state, tables.tallyTable, { of: "formerBranches", id: repository }, formerBranchesMax - 1);
  });
  rename(all, "topic", "a");
  rename(all, "a", "b");
  const former = ["topic", "a"].map((name) => scenario.forge.presentBranch(repository, branch(name)));
  expect(former).toEqual([undefined, undefined]); // "topic" led to "a", which nobody remembers.
  scenario.mustApply("repository.delete", { repository }, scenario.root(all.ada));
  scenario.wait(1_000);
  scenario.wait(1_000);
  expect(scenario.forge.presentBranch(repository, branch("topic"))).toBeUndefined();
  expect([...scenario.forge.refs(repository)]).toEqual([]);
});
