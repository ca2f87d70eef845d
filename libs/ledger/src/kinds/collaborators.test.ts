import { describe, expect, test } from "vitest";
import type { RepositoryRole } from "@guts/governance";
import type { RepositoryId } from "@guts/primitives";
import { Scenario, update, type By, type Person } from "../../test/scenario.ts";
import { collaborationsPerAccountMax, collaboratorsPerRepositoryMax, repositoryInvitationLifeMs } from "../limits.ts";
import { addToTally, tallyOf } from "../tally.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly owner: Person;
  readonly bob: Person;
  readonly eve: Person;
  readonly repository: RepositoryId;
}

function cast(): Cast {
  const scenario = new Scenario();
  const [owner, bob, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
  const repository = scenario.repository(owner, "secret", { visibility: "private" });
  return { scenario, owner, bob, eve, repository };
}

const invite = ({ scenario, repository }: Cast, person: { id: number }, role: RepositoryRole, by: By) =>
  scenario.code("collaborator.invite", { repository, account: person.id as never, role }, by);
const accept = ({ scenario, repository }: Cast, person: Person) =>
  scenario.code("collaborator.accept", { repository }, scenario.root(person));
const remove = ({ scenario, repository }: Cast, person: Person, by: By) =>
  scenario.code("collaborator.remove", { repository, account: person.id }, by);

describe("a collaborator", () => {
  test("is invited, accepts, pushes, is promoted, is removed", () => {
    const all = cast();
    const { scenario, owner, bob, repository } = all;
    const push = (from: number, to: number) =>
      scenario.code("refs.change", scenario.push(repository, [update("main", from, to)]), scenario.root(bob));
    expect(push(0, 1)).toBe("not-found");
    expect(invite(all, bob, "read", scenario.root(owner))).toBe("applied");
    expect(push(0, 1)).toBe("not-found");
    expect(accept(all, bob)).toBe("applied");
    expect(push(0, 1)).toBe("forbidden");
    const role = { repository, account: bob.id, role: "write" } as const;
    expect(scenario.code("collaborator.update", role, scenario.root(owner))).toBe("applied");
    expect(push(0, 1)).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "collaborations", bob.id)).toBe(1);
    expect(remove(all, bob, scenario.root(owner))).toBe("applied");
    expect(push(1, 2)).toBe("not-found");
    expect(tallyOf(scenario.ledger.state, "members", repository)).toBe(0);
    expect(tallyOf(scenario.ledger.state, "collaborations", bob.id)).toBe(0);
  });

  test("is managed by who administers, not by who writes", () => {
    const all = cast();
    const { scenario, owner, bob, eve, repository } = all;
    scenario.collaborator(owner, repository, bob, "write");
    expect(invite(all, eve, "read", scenario.root(bob))).toBe("forbidden");
    const promote = { repository, account: bob.id, role: "admin" } as const;
    expect(scenario.code("collaborator.update", promote, scenario.root(bob))).toBe("forbidden");
    expect(scenario.code("collaborator.update", promote, scenario.root(owner))).toBe("applied");
    expect(invite(all, eve, "admin", scenario.root(bob))).toBe("applied");
    expect(remove(all, eve, scenario.root(bob))).toBe("applied");
  });

  test("may leave, and nobody else may send away", () => {
    const all = cast();
    const { scenario, owner, bob, eve, repository } = all;
    scenario.collaborator(owner, repository, bob, "read");
    scenario.collaborator(owner, repository, eve, "read");
    expect(remove(all, bob, scenario.root(eve))).toBe("forbidden");
    expect(remove(all, bob, scenario.token(bob, ["repo:read"]))).toBe("scope-missing");
    expect(remove(all, bob, scenario.token(bob, ["repo"]))).toBe("applied");
    expect(remove(all, bob, scenario.root(owner))).toBe("not-found");
    expect(remove(all, owner, scenario.root(owner))).toBe("not-found");
  });
});

describe("an invitation", () => {
  test("goes to active accounts that are not there yet", () => {
    const all = cast();
    const { scenario, owner, bob } = all;
    const by = scenario.root(owner);
    expect(invite(all, owner, "read", by)).toBe("collaborator-is-owner");
    expect(invite(all, { id: 99 }, "read", by)).toBe("account-unknown");
    expect(invite(all, { id: 0 }, "read", by)).toBe("account-unknown");
    expect(invite(all, bob, "read", by)).toBe("applied");
    expect(invite(all, bob, "write", by)).toBe("applied");
    expect(accept(all, bob)).toBe("applied");
    expect(invite(all, bob, "read", by)).toBe("already-so");
    expect(scenario.forge.collaboratorRole(all.repository, bob.id)).toBe("write");
  });

  test("is answered by whom it is for, in time, once", () => {
    const all = cast();
    const { scenario, owner, bob, eve, repository } = all;
    const decline = (person: Person) => scenario.code("collaborator.decline", { repository }, scenario.root(person));
    invite(all, bob, "read", scenario.root(owner));
    expect(accept(all, eve)).toBe("not-found");
    expect(decline(eve)).toBe("not-found");
    expect(decline(bob)).toBe("applied");
    expect(accept(all, bob)).toBe("not-found");
    invite(all, bob, "read", scenario.root(owner));
    scenario.wait(repositoryInvitationLifeMs - 1_000);
    expect(accept(all, bob)).toBe("not-found");
    invite(all, bob, "read", scenario.root(owner)); // Starts the time anew.
    scenario.wait(repositoryInvitationLifeMs - 1_001);
    expect(accept(all, bob)).toBe("applied");
    expect(accept(all, bob)).toBe("not-found");
  });

  test("keeps its number when it is repeated, and may change its role while it waits", () => {
    const all = cast();
    const { scenario, owner, bob, repository } = all;
    const by = scenario.root(owner);
    invite(all, bob, "read", by);
    const { number } = scenario.forge.repositoryInvitation(repository, bob.id)!;
    invite(all, bob, "write", by);
    expect(scenario.forge.repositoryInvitation(repository, bob.id)).toMatchObject({ number, role: "write" });
    const change = { repository, account: bob.id, role: "admin" } as const;
    expect(scenario.code("collaborator.update", change, by)).toBe("applied");
    expect(scenario.forge.repositoryInvitation(repository, bob.id)).toMatchObject({ number, role: "admin" });
    expect(scenario.code("collaborator.update", { ...change, account: all.eve.id }, by)).toBe("not-found");
  });

  test("is limited by repository and by account", () => {
    const all = cast();
    const { scenario, owner, bob, eve, repository } = all;
    const by = scenario.root(owner);
    scenario.arrange((state) => {
      for (let count = 1; count < collaboratorsPerRepositoryMax; count++) addToTally(state, "members", repository, 1);
      for (let count = 0; count < collaborationsPerAccountMax; count++) addToTally(state, "collaborations", bob.id, 1);
    });
    expect(invite(all, bob, "read", by)).toBe("applied");
    expect(invite(all, eve, "read", by)).toBe("collaborator-limit");
    expect(invite(all, bob, "write", by)).toBe("applied");
    expect(accept(all, bob)).toBe("collaborator-limit");
    scenario.arrange((state) => addToTally(state, "collaborations", bob.id, -1));
    expect(accept(all, bob)).toBe("applied");
  });
});

test("a transfer waits while the former owner collaborates on as much as one may", () => {
  const all = cast();
  const { scenario, owner, bob, repository } = all;
  scenario.arrange((state) => {
    for (let count = 0; count < collaborationsPerAccountMax; count++) addToTally(state, "collaborations", owner.id, 1);
  });
  scenario.mustApply("repository.transfer", { repository, to: bob.id, newName: undefined }, scenario.root(owner));
  expect(scenario.code("transfer.accept", { repository }, scenario.root(bob))).toBe("collaborator-limit");
});
