import { describe, expect, test } from "vitest";
import { parseRepositoryName, type RepositoryName } from "@guts/primitives";
import { branch, objectId, Scenario, update, type Person } from "../../test/scenario.ts";
import { repositoryInvitationLifeMs } from "../limits.ts";
import { tallyOf } from "../tally.ts";

const name = (text: string): RepositoryName => parseRepositoryName(text)!;
const unchanged = { description: undefined, homepage: undefined, visibility: undefined, defaultBranch: undefined };

describe("repository.create", () => {
  test("makes an empty repository with its name and an assumed default branch", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const id = scenario.repository(ada, "Engine", { visibility: "private" });
    expect(scenario.forge.findRepository(ada.id, name("ENGINE"))).toMatchObject({
      isFormerName: false,
      found: { id, name: "Engine", visibility: "private", refCount: 0, defaultBranchIs: "assumed", state: "active" },
    });
    expect(scenario.forge.repository(id)?.defaultBranch).toBe("refs/heads/main");
    expect(tallyOf(scenario.ledger.state, "repositories", ada.id)).toBe(1);
  });

  test("is for oneself, under a name that is free, with a branch as default", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    scenario.repository(ada, "engine");
    const create = (text: string, changes: Partial<ReturnType<Scenario["repositoryPayload"]>> = {}) =>
      scenario.code("repository.create", { ...scenario.repositoryPayload(ada, text), ...changes }, scenario.root(ada));
    expect(create("ENGINE")).toBe("repository-name-taken");
    expect(create("other", { owner: eve.id })).toBe("forbidden");
    expect(create("other", { owner: 0 })).toBe("forbidden");
    expect(create("other", { defaultBranch: "refs/tags/v1" as never })).toBe("default-branch-missing");
    expect(create("other", { defaultBranch: branch("trunk") })).toBe("applied");
    expect(scenario.code("repository.create", scenario.repositoryPayload(eve, "engine"), scenario.root(eve))).toBe(
      "applied",
    );
  });

  test("by a credential needs a scope for the visibility", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const [publicOnly, none] = [scenario.token(ada, ["public_repo"]), scenario.token(ada, ["repo:read", "user"])];
    const create = (visibility: "public" | "private", by: typeof none) =>
      scenario.code("repository.create", scenario.repositoryPayload(ada, `${visibility}-1`, visibility), by);
    expect(create("public", none)).toBe("scope-missing");
    expect(create("private", publicOnly)).toBe("scope-missing");
    expect(create("public", publicOnly)).toBe("applied");
    expect(create("private", scenario.token(ada, ["repo"]))).toBe("applied");
    const byNode = scenario.delegated(ada);
    expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "x"), byNode)).toBe(
      "personal-signature-needed",
    );
  });
});

describe("repository.update", () => {
  test("changes what is given and keeps the rest", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    const description = scenario.ledger.offerText("a mill");
    const change = (changes: Partial<typeof unchanged> | object) =>
      scenario.mustApply("repository.update", { repository, ...unchanged, ...changes }, scenario.root(ada));
    change({ description: { value: description } });
    change({ visibility: "private" });
    expect(scenario.forge.repository(repository)).toMatchObject({ description, visibility: "private" });
    change({ description: { value: undefined } });
    expect(scenario.forge.repository(repository)).toMatchObject({ description: undefined, visibility: "private" });
  });

  test("takes a default branch that exists, or any while there is none", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    const choose = (defaultBranch: string) =>
      scenario.code(
        "repository.update",
        { repository, ...unchanged, defaultBranch: defaultBranch as never },
        scenario.root(ada),
      );
    expect(choose("refs/tags/v1")).toBe("default-branch-missing");
    expect(choose("refs/heads/trunk")).toBe("applied");
    scenario.mustApply("refs.change", scenario.push(repository, [update("dev", 0, 1)]), scenario.root(ada));
    expect(scenario.forge.repository(repository)?.defaultBranch).toBe("refs/heads/trunk");
    expect(choose("refs/heads/main")).toBe("default-branch-missing");
    expect(choose("refs/heads/dev")).toBe("applied");
  });

  test("is for who administers; others learn no more than they may", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const [open, secret] = [scenario.repository(ada), scenario.repository(ada, "s", { visibility: "private" })];
    const code = (repository: typeof open, by = scenario.root(eve)) =>
      scenario.code("repository.update", { repository, ...unchanged }, by);
    expect(code(open)).toBe("forbidden");
    expect(code(secret)).toBe("not-found");
    expect(code(999 as never)).toBe("not-found");
    expect(code(0 as never)).toBe("not-found");
    expect(code(secret, scenario.token(ada, ["public_repo"]))).toBe("not-found");
    expect(code(secret, scenario.token(ada, ["repo:read"]))).toBe("scope-missing");
  });
});

describe("repository.rename", () => {
  const rename = (scenario: Scenario, person: Person, repository: never, text: string) =>
    scenario.code("repository.rename", { repository, name: name(text) }, scenario.root(person));

  test("leaves a redirect until the name is taken again", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const first = scenario.repository(ada, "one") as never;
    expect(rename(scenario, ada, first, "two")).toBe("applied");
    expect(scenario.forge.findRepository(ada.id, name("one"))).toMatchObject({
      isFormerName: true,
      found: { id: first },
    });
    const second = scenario.repository(ada, "ONE") as never;
    expect(scenario.forge.findRepository(ada.id, name("one"))).toMatchObject({
      isFormerName: false,
      found: { id: second },
    });
    expect(rename(scenario, ada, first, "One")).toBe("repository-name-taken");
    expect(rename(scenario, ada, first, "two")).toBe("already-so");
    expect(rename(scenario, ada, first, "TWO")).toBe("applied");
    expect(scenario.forge.findRepository(ada.id, name("two"))).toMatchObject({
      isFormerName: false,
      found: { name: "TWO" },
    });
  });

  test("back to a former name of its own ends the redirect", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada, "one") as never;
    rename(scenario, ada, repository, "two");
    expect(rename(scenario, ada, repository, "one")).toBe("applied");
    expect(scenario.forge.findRepository(ada.id, name("one"))).toMatchObject({ isFormerName: false });
    expect(scenario.forge.findRepository(ada.id, name("two"))).toMatchObject({ isFormerName: true });
  });
});

describe("repository.archive", () => {
  test("makes it read-only and back", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    const archive = (isArchived: boolean) =>
      scenario.code("repository.archive", { repository, isArchived }, scenario.root(ada));
    expect(archive(false)).toBe("already-so");
    expect(archive(true)).toBe("applied");
    expect(archive(true)).toBe("already-so");
    const push = () =>
      scenario.code("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
    expect(push()).toBe("repository-archived");
    const renamed = { repository, name: name("x") };
    expect(scenario.code("repository.rename", renamed, scenario.root(ada))).toBe("repository-archived");
    expect(archive(false)).toBe("applied");
    expect(push()).toBe("applied");
  });
});

describe("repository.delete", () => {
  test("needs its own scope and frees the name at once", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada, "one");
    const remove = (by = scenario.root(ada)) => scenario.code("repository.delete", { repository }, by);
    expect(remove(scenario.token(ada, ["repo"]))).toBe("scope-missing");
    expect(remove(scenario.token(ada, ["repo", "delete_repo"]))).toBe("applied");
    expect(remove()).toBe("not-found");
    expect(scenario.forge.findRepository(ada.id, name("one"))).toBeUndefined();
    expect(tallyOf(scenario.ledger.state, "repositories", ada.id)).toBe(0);
    expect(scenario.repository(ada, "one")).toBe(repository + 1);
  });

  test("leaves former names that lead nowhere and bar nobody", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada, "one");
    scenario.mustApply("repository.rename", { repository, name: name("two") }, scenario.root(ada));
    scenario.mustApply("repository.delete", { repository }, scenario.root(ada));
    expect(scenario.forge.findRepository(ada.id, name("one"))).toBeUndefined();
    expect(scenario.repository(ada, "one")).toBe(repository + 1);
  });

  test("ends offers, pushes and memberships of what is no more", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada);
    scenario.mustApply("collaborator.invite", { repository, account: bob.id, role: "write" }, scenario.root(ada));
    scenario.mustApply("repository.transfer", { repository, to: bob.id, newName: undefined }, scenario.root(ada));
    scenario.mustApply("repository.delete", { repository }, scenario.root(ada));
    expect(scenario.code("transfer.accept", { repository }, scenario.root(bob))).toBe("transfer-not-offered");
    expect(scenario.code("collaborator.accept", { repository }, scenario.root(bob))).toBe("not-found");
    expect(scenario.code("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada))).toBe(
      "not-found",
    );
  });
});

describe("a transfer", () => {
  const offer = (...[scenario, from, repository, to, newName]: [Scenario, Person, number, { id: number }, string?]) =>
    scenario.code(
      "repository.transfer",
      {
        repository: repository as never,
        to: to.id as never,
        newName: newName === undefined ? undefined : name(newName),
      },
      scenario.root(from),
    );
  const accept = (scenario: Scenario, person: Person, repository: number) =>
    scenario.code("transfer.accept", { repository: repository as never }, scenario.root(person));

  test("hands the repository over with its refs and leaves a redirect and an administrator", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada, "engine");
    scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
    scenario.mustApply("collaborator.invite", { repository, account: bob.id, role: "read" }, scenario.root(ada));
    expect(offer(scenario, ada, repository, bob, "motor")).toBe("applied");
    expect(scenario.forge.repository(repository)?.owner).toBe(ada.id);
    expect(accept(scenario, bob, repository)).toBe("applied");
    expect(scenario.forge.repository(repository)).toMatchObject({ owner: bob.id, name: "motor" });
    expect(scenario.forge.findRepository(ada.id, name("engine"))).toMatchObject({
      isFormerName: true,
      found: { id: repository },
    });
    expect(scenario.forge.collaboratorRole(repository, ada.id)).toBe("admin");
    expect(scenario.forge.repositoryInvitation(repository, bob.id)).toBeUndefined();
    expect(scenario.forge.ref(repository, branch("main"))).toBe(objectId(1));
    const owned = [ada, bob].map(({ id }) => tallyOf(scenario.ledger.state, "repositories", id));
    expect([...owned, tallyOf(scenario.ledger.state, "members", repository)]).toEqual([0, 1, 1]);
  });

  test("is the owner's alone: who administers cannot take the repository", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada);
    scenario.collaborator(ada, repository, eve, "admin");
    expect(offer(scenario, eve, repository, eve)).toBe("forbidden");
  });

  test("is refused to oneself, to nobody, and where the name is taken", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada, "engine");
    scenario.repository(bob, "Engine");
    expect(offer(scenario, ada, repository, ada)).toBe("transfer-to-self");
    expect(offer(scenario, ada, repository, { id: 99 })).toBe("account-unknown");
    expect(offer(scenario, ada, repository, { id: 0 })).toBe("account-unknown");
    expect(offer(scenario, ada, repository, bob)).toBe("repository-name-taken");
    expect(offer(scenario, ada, repository, bob, "motor")).toBe("applied");
    scenario.repository(bob, "motor");
    expect(accept(scenario, bob, repository)).toBe("repository-name-taken");
  });

  test("is taken by whom it was offered, in time, once; a later offer replaces an earlier one", () => {
    const scenario = new Scenario();
    const [ada, bob, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada);
    expect(accept(scenario, bob, repository)).toBe("transfer-not-offered");
    offer(scenario, ada, repository, eve);
    offer(scenario, ada, repository, bob);
    expect(accept(scenario, eve, repository)).toBe("transfer-not-offered");
    scenario.wait(repositoryInvitationLifeMs - 1_000);
    expect(accept(scenario, bob, repository)).toBe("transfer-not-offered");
    offer(scenario, ada, repository, bob);
    scenario.wait(repositoryInvitationLifeMs - 1_001);
    expect(accept(scenario, bob, repository)).toBe("applied");
    expect(accept(scenario, bob, repository)).toBe("transfer-not-offered");
  });

  test("is cancelled by either side and by nobody else", () => {
    const scenario = new Scenario();
    const [ada, bob, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada);
    const cancel = (person: Person) => scenario.code("transfer.cancel", { repository }, scenario.root(person));
    expect(cancel(ada)).toBe("transfer-not-offered");
    offer(scenario, ada, repository, bob);
    expect(cancel(eve)).toBe("forbidden");
    expect(cancel(bob)).toBe("applied");
    offer(scenario, ada, repository, bob);
    expect(cancel(ada)).toBe("applied");
    expect(accept(scenario, bob, repository)).toBe("transfer-not-offered");
  });
});
