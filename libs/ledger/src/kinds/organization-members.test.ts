import { describe, expect, test } from "vitest";
import type { AccountId, RepositoryId } from "@guts/primitives";
import { Scenario, type By, type Person } from "../../test/scenario.ts";
import { organizationInvitationLifeMs, organizationMembersMax, organizationsPerAccountMax } from "../limits.ts";
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
  return { scenario, owner, bob, eve, organization: scenario.organization(owner, [bob]) };
}

const invite = (
  { scenario, organization }: Cast,
  { id }: { id: number },
  by: By,
  role: "owner" | "member" = "member",
) => scenario.code("organization.invite", { organization, account: id as AccountId, role, teams: [] }, by);
const accept = ({ scenario, organization }: Cast, person: Person) =>
  scenario.code("organization.accept", { organization }, scenario.root(person));
const remove = ({ scenario, organization }: Cast, person: Person, by: By) =>
  scenario.code("organization.remove-member", { organization, account: person.id }, by);
const setRole = ({ scenario, organization }: Cast, person: Person, role: "owner" | "member", by: By) =>
  scenario.code("organization.set-role", { organization, account: person.id, role }, by);

describe("a member", () => {
  test("is invited by an owner and there once it accepts", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    expect(invite(all, eve, scenario.root(bob))).toBe("forbidden");
    expect(invite(all, eve, scenario.token(owner, ["write:org"]))).toBe("scope-missing");
    expect(invite(all, bob, scenario.root(owner))).toBe("already-so");
    expect(invite(all, { id: 99 }, scenario.root(owner))).toBe("account-unknown");
    expect(invite(all, { id: organization }, scenario.root(owner))).toBe("account-unknown");
    expect(accept(all, eve)).toBe("not-found");
    expect(invite(all, eve, scenario.root(owner))).toBe("applied");
    expect(scenario.forge.organizations.member(organization, eve.id)).toBeUndefined();
    expect(accept(all, eve)).toBe("applied");
    expect(scenario.forge.organizations.member(organization, eve.id)?.role).toBe("member");
    expect(tallyOf(scenario.ledger.state, "organizationMembers", organization)).toBe(3);
  });

  test("answers in time, once, and keeps the number of a repeated invitation", () => {
    const all = cast();
    const { scenario, owner, eve, organization } = all;
    const decline = () => scenario.code("organization.decline", { organization }, scenario.root(eve));
    expect(decline()).toBe("not-found");
    invite(all, eve, scenario.root(owner));
    const { number } = scenario.forge.organizations.invitation(organization, eve.id)!;
    expect(invite(all, eve, scenario.root(owner), "owner")).toBe("applied");
    expect(scenario.forge.organizations.invitation(organization, eve.id)).toMatchObject({ number, role: "owner" });
    expect(decline()).toBe("applied");
    invite(all, eve, scenario.root(owner));
    scenario.wait(organizationInvitationLifeMs);
    expect(accept(all, eve)).toBe("not-found");
    expect(remove(all, eve, scenario.root(owner))).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "organizationMembers", organization)).toBe(2);
  });

  test("joins the teams that the invitation names, those that are still there", () => {
    const all = cast();
    const { scenario, owner, eve, organization } = all;
    const [kept, gone] = [scenario.team(organization, owner), scenario.team(organization, owner)];
    const foreign = scenario.team(scenario.organization(eve), eve);
    const invitation = { organization, account: eve.id, role: "member" } as const;
    const by = scenario.root(owner);
    expect(scenario.code("organization.invite", { ...invitation, teams: [foreign] }, by)).toBe("not-found");
    expect(scenario.code("organization.invite", { ...invitation, teams: [kept, gone] }, by)).toBe("applied");
    scenario.mustApply("team.delete", { team: gone }, by);
    expect(accept(all, eve)).toBe("applied");
    const teams = Array.from(scenario.forge.organizations.teamsOf(organization, eve.id), ({ id }) => id);
    expect(teams).toEqual([kept]);
  });

  test("is one of a bounded number", () => {
    const all = cast();
    const { scenario, owner, eve, organization } = all;
    const count = (change: 1 | -1, of: "organizations" | "organizationMembers", id: number, times: number) =>
      scenario.arrange((state) => {
        for (let time = 0; time < times; time++) addToTally(state, of, id, change);
      });
    count(1, "organizationMembers", organization, organizationMembersMax - 2);
    expect(invite(all, eve, scenario.root(owner))).toBe("member-limit");
    count(-1, "organizationMembers", organization, 1);
    expect(invite(all, eve, scenario.root(owner))).toBe("applied");
    count(1, "organizations", eve.id, organizationsPerAccountMax);
    expect(accept(all, eve)).toBe("organization-limit");
    count(-1, "organizations", eve.id, 1);
    expect(accept(all, eve)).toBe("applied");
  });

  test("leaves with its teams and with the roles it was given on the organization's repositories", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    const own = scenario.repository(eve);
    scenario.collaborator(eve, own, bob, "write");
    const payload = scenario.repositoryPayload({ id: organization } as Person, "made", "private");
    const repository: RepositoryId = scenario.mustApply("repository.create", payload, scenario.root(bob)).repository;
    const team = scenario.team(organization, owner, [bob]);
    expect(scenario.forge.collaboratorRole(repository, bob.id)).toBe("admin");
    expect(remove(all, bob, scenario.root(eve))).toBe("forbidden");
    expect(remove(all, bob, scenario.token(bob, ["repo"]))).toBe("scope-missing");
    expect(remove(all, bob, scenario.token(bob, ["write:org"]))).toBe("applied");
    expect(remove(all, bob, scenario.root(owner))).toBe("not-found");
    expect(scenario.forge.grants(scenario.forge.repository(repository)!, bob.id)).toEqual([]);
    expect(scenario.forge.organizations.teamRole(team, bob.id)).toBeUndefined();
    expect(tallyOf(scenario.ledger.state, "teamMembers", team)).toBe(0);
    expect(scenario.forge.collaboratorRole(own, bob.id)).toBe("write");
  });

  test("says itself whether strangers see it", () => {
    const all = cast();
    const { scenario, bob, eve, organization } = all;
    const show = (by: By, visibility: "public" | "concealed") =>
      scenario.code("organization.set-visibility", { organization, visibility }, by);
    expect(show(scenario.root(eve), "public")).toBe("not-found");
    expect(show(scenario.root(bob), "concealed")).toBe("already-so");
    expect(show(scenario.token(bob, ["read:org"]), "public")).toBe("scope-missing");
    expect(show(scenario.root(bob), "public")).toBe("applied");
    expect(scenario.forge.organizations.member(organization, bob.id)?.visibility).toBe("public");
  });
});

describe("an owner", () => {
  test("is made by owners, of members and of invitations", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    expect(setRole(all, bob, "owner", scenario.root(bob))).toBe("forbidden");
    expect(setRole(all, bob, "member", scenario.root(owner))).toBe("already-so");
    expect(setRole(all, eve, "owner", scenario.root(owner))).toBe("not-found");
    expect(setRole(all, bob, "owner", scenario.root(owner))).toBe("applied");
    invite(all, eve, scenario.root(bob));
    expect(setRole(all, eve, "owner", scenario.root(bob))).toBe("applied");
    expect(accept(all, eve)).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "organizationOwners", organization)).toBe(3);
  });

  test("remains: the last one neither leaves nor steps down, and no member closes its account", () => {
    const all = cast();
    const { scenario, owner, bob } = all;
    expect(setRole(all, owner, "member", scenario.root(owner))).toBe("last-owner");
    expect(remove(all, owner, scenario.root(owner))).toBe("last-owner");
    expect(scenario.code("account.close", {}, scenario.root(bob))).toBe("account-in-organizations");
    expect(setRole(all, bob, "owner", scenario.root(owner))).toBe("applied");
    expect(remove(all, owner, scenario.root(owner))).toBe("applied");
    expect(remove(all, bob, scenario.root(bob))).toBe("last-owner");
    expect(scenario.code("account.close", {}, scenario.root(owner))).toBe("applied");
  });
});
