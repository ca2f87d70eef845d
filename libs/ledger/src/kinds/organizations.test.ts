import { describe, expect, test } from "vitest";
import { foldName, parseHandle, parseRepositoryName, type AccountId } from "@guts/primitives";
import { Scenario, type By, type Person } from "../../test/scenario.ts";
import { handlesPerAccountMax, organizationsPerAccountMax } from "../limits.ts";
import { readRow, scanRows } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly owner: Person;
  readonly bob: Person;
  readonly eve: Person;
  readonly organization: AccountId;
}

function cast(): Cast {
  const scenario = new Scenario();
  const [owner, bob, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp()];
  return { scenario, owner, bob, eve, organization: scenario.organization(owner, [bob], "acme") };
}

const unchanged = {
  displayName: undefined,
  bio: undefined,
  location: undefined,
  website: undefined,
  basePermission: undefined,
  repositoryCreation: undefined,
};

function create({ scenario, organization }: Cast, by: By, visibility: "public" | "private" = "private") {
  const name = `r${scenario.ledger.tip.height}`;
  const payload = { ...scenario.repositoryPayload({ id: organization } as Person, name, visibility) };
  return scenario.code("repository.create", payload, by);
}

describe("an organization", () => {
  test("is founded by somebody, who owns it, under a handle that nobody has", () => {
    const { scenario, owner, eve, organization } = cast();
    expect(scenario.forge.organizations.member(organization, owner.id)?.role).toBe("owner");
    expect(scenario.forge.organizations.settings(organization)).toEqual({
      basePermission: "read",
      repositoryCreation: "all",
    });
    const again = { handle: parseHandle("ACME")!, displayName: undefined };
    expect(scenario.code("organization.create", again, scenario.root(eve))).toBe("handle-taken");
    const other = { handle: parseHandle("other")!, displayName: undefined };
    expect(scenario.code("organization.create", other, scenario.token(eve, ["repo"]))).toBe("scope-missing");
    expect(scenario.code("organization.create", other, scenario.token(eve, ["admin:org"]))).toBe("applied");
  });

  test("is one of a bounded number for its founder", () => {
    const { scenario, eve } = cast();
    scenario.arrange((state) => {
      for (let count = 0; count < organizationsPerAccountMax; count++) addToTally(state, "organizations", eve.id, 1);
    });
    const payload = { handle: parseHandle("one-more")!, displayName: undefined };
    expect(scenario.code("organization.create", payload, scenario.root(eve))).toBe("organization-limit");
    scenario.arrange((state) => addToTally(state, "organizations", eve.id, -1));
    expect(scenario.code("organization.create", payload, scenario.root(eve))).toBe("applied");
  });

  test("is described and renamed by its owners, with a scope for it", () => {
    const { scenario, owner, bob, organization } = cast();
    const update = { ...unchanged, organization, basePermission: "none", repositoryCreation: "private" } as const;
    expect(scenario.code("organization.update", update, scenario.root(bob))).toBe("forbidden");
    expect(scenario.code("organization.update", update, scenario.token(owner, ["write:org"]))).toBe("scope-missing");
    expect(scenario.code("organization.update", update, scenario.token(owner, ["admin:org"]))).toBe("applied");
    expect(scenario.forge.organizations.settings(organization)).toMatchObject({ basePermission: "none" });
    const rename = (text: string) => ({ organization, handle: parseHandle(text)! });
    expect(scenario.code("organization.rename", rename("acme2"), scenario.root(bob))).toBe("forbidden");
    expect(scenario.code("organization.rename", rename("acme"), scenario.root(owner))).toBe("already-so");
    expect(scenario.code("organization.rename", rename(bob.handle), scenario.root(owner))).toBe("handle-taken");
    expect(scenario.code("organization.rename", rename("acme2"), scenario.root(owner))).toBe("applied");
    expect(scenario.forge.findAccount(parseHandle("acme")!)).toMatchObject({ isFormerName: true });
    scenario.arrange((state) => {
      for (let count = 2; count < handlesPerAccountMax; count++) addToTally(state, "handles", organization, 1);
    });
    expect(scenario.code("organization.rename", rename("acme3"), scenario.root(owner))).toBe("handle-limit");
  });

  test("has no key: nobody acts as it, and it collaborates on nothing", () => {
    const { scenario, owner, organization } = cast();
    const as = { ...scenario.root(owner), account: organization };
    expect(scenario.code("account.update", { ...unchanged } as never, as)).toBe("key-not-live");
    const repository = scenario.repository(owner);
    const invite = { repository, account: organization, role: "read" } as const;
    expect(scenario.code("collaborator.invite", invite, scenario.root(owner))).toBe("account-unknown");
  });

  test("is deleted when it has no repositories; what it had goes in the next blocks, its handle stays taken", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    const team = scenario.team(organization, owner, [bob]);
    const child = scenario.team(organization, owner, [bob], team);
    scenario.mustApply(
      "organization.invite",
      { organization, account: eve.id, role: "member", teams: [child] },
      scenario.root(owner),
    );
    expect(create(all, scenario.root(owner))).toBe("applied");
    const [repository] = [...scanRows(scenario.ledger.state, tables.repositoryTable)].at(-1)!;
    expect(scenario.code("organization.delete", { organization }, scenario.root(bob))).toBe("forbidden");
    const remove = () => scenario.code("organization.delete", { organization }, scenario.root(owner));
    expect(remove()).toBe("account-owns-repositories");
    scenario.mustApply("repository.delete", { repository }, scenario.root(owner));
    expect(remove()).toBe("applied");
    expect(scenario.code("organization.accept", { organization }, scenario.root(eve))).toBe("not-found");
    for (let blocks = 0; blocks < 3; blocks++) scenario.wait(1_000);
    const left = [
      tables.organizationMemberTable,
      tables.accountOrganizationTable,
      tables.organizationInvitationTable,
      tables.teamTable,
      tables.teamSlugTable,
      tables.teamMemberTable,
      tables.accountTeamTable,
      tables.childTeamTable,
    ].flatMap((table) => [...scanRows(scenario.ledger.state, table as never)]);
    expect(left).toEqual([]);
    expect(tallyOf(scenario.ledger.state, "organizationMembers", organization)).toBe(0);
    expect(tallyOf(scenario.ledger.state, "organizations", bob.id)).toBe(0);
    expect(tallyOf(scenario.ledger.state, "teams", organization)).toBe(0);
    expect(remove()).toBe("not-found");
    const handle = readRow(scenario.ledger.state, tables.handleTable, foldName(parseHandle("acme")!));
    expect(handle?.account).toBe(organization);
  });
});

describe("a repository of an organization", () => {
  test("is made by members as the organization lets them", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    expect(create(all, scenario.root(eve))).toBe("forbidden");
    expect(create(all, scenario.root(bob), "public")).toBe("applied");
    expect(create(all, scenario.token(bob, ["admin:org"]))).toBe("scope-missing");
    const only = (repositoryCreation: "private" | "none") =>
      scenario.mustApply(
        "organization.update",
        { ...unchanged, organization, repositoryCreation },
        scenario.root(owner),
      );
    only("private");
    expect(create(all, scenario.root(bob), "public")).toBe("forbidden");
    expect(create(all, scenario.root(bob))).toBe("applied");
    only("none");
    expect(create(all, scenario.root(bob))).toBe("forbidden");
    expect(create(all, scenario.root(owner), "public")).toBe("applied");
    const repository = scenario.repositoryPayload(eve, "x");
    expect(scenario.code("repository.create", { ...repository, owner: bob.id }, scenario.root(eve))).toBe("forbidden");
    expect(tallyOf(scenario.ledger.state, "repositories", organization)).toBe(3);
  });

  test("is administered by the member who made it, and by owners", () => {
    const all = cast();
    const { scenario, owner, bob, organization } = all;
    create(all, scenario.root(bob));
    const [id] = [...scanRows(scenario.ledger.state, tables.repositoryTable)].at(-1)!;
    expect(scenario.forge.repository(id)?.owner).toBe(organization);
    const rename = (text: string, by: Person) =>
      scenario.code("repository.rename", { repository: id, name: parseRepositoryName(text)! }, scenario.root(by));
    expect(rename("one", bob)).toBe("applied");
    expect(rename("two", owner)).toBe("applied");
    const away = { repository: id, to: bob.id, newName: undefined };
    expect(scenario.code("repository.transfer", away, scenario.root(bob))).toBe("forbidden");
    expect(scenario.code("repository.transfer", away, scenario.root(owner))).toBe("applied");
    expect(scenario.code("transfer.accept", { repository: id }, scenario.root(bob))).toBe("applied");
    expect(scenario.forge.repository(id)?.owner).toBe(bob.id);
    expect(scenario.forge.collaboratorRole(id, organization)).toBeUndefined();
  });

  test("is taken over by who may make one there; teams of a former owner have no more to do with it", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    const repository = scenario.repository(bob, "mine", { visibility: "private" });
    const offer = (to: AccountId, by: Person) =>
      scenario.code("repository.transfer", { repository, to, newName: undefined }, scenario.root(by));
    const take = (by: Person) => scenario.code("transfer.accept", { repository }, scenario.root(by));
    const foreign = scenario.organization(eve);
    expect(offer(foreign, bob)).toBe("forbidden");
    expect(offer(organization, bob)).toBe("applied");
    expect(take(eve)).toBe("transfer-not-offered");
    expect(scenario.code("transfer.cancel", { repository }, scenario.root(eve))).toBe("not-found");
    expect(take(bob)).toBe("applied");
    expect(scenario.forge.collaboratorRole(repository, bob.id)).toBe("admin");
    const team = scenario.team(organization, owner, [bob]);
    scenario.mustApply("team.set-repository", { team, repository, role: "write" }, scenario.root(owner));
    expect(offer(owner.id, owner)).toBe("applied");
    expect(take(owner)).toBe("applied");
    expect([...scenario.forge.organizations.repositoryTeams(scenario.forge.repository(repository)!)]).toEqual([]);
    scenario.wait(1_000);
    expect(tallyOf(scenario.ledger.state, "repositoryTeams", repository)).toBe(0);
  });
});
