import { describe, expect, test } from "vitest";
import { resolvePermission, type TeamPrivacy, type TeamRole } from "@guts/governance";
import { parseTeamId, parseTeamName, type AccountId, type RepositoryId, type TeamId } from "@guts/primitives";
import { Scenario, update, type By, type Person } from "../../test/scenario.ts";
import {
  childTeamsMax,
  teamMembersMax,
  teamsPerMemberMax,
  teamsPerOrganizationMax,
  teamsPerRepositoryMax,
} from "../limits.ts";
import { writeTeamMember } from "../membership.ts";
import { writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly owner: Person;
  readonly bob: Person;
  readonly cid: Person;
  readonly eve: Person;
  readonly organization: AccountId;
  readonly repository: RepositoryId;
}

/** An organization whose members may do nothing by themselves; eve is a stranger. */
function cast(): Cast {
  const scenario = new Scenario();
  const [owner, bob, cid, eve] = [scenario.signUp(), scenario.signUp(), scenario.signUp(), scenario.signUp()];
  const organization = scenario.organization(owner, [bob, cid]);
  const none = { displayName: undefined, bio: undefined, location: undefined, website: undefined };
  const settings = { ...none, organization, basePermission: "none", repositoryCreation: undefined } as const;
  scenario.mustApply("organization.update", settings, scenario.root(owner));
  const payload = scenario.repositoryPayload({ id: organization } as Person, "secret", "private");
  const { repository } = scenario.mustApply("repository.create", payload, scenario.root(owner));
  return { scenario, owner, bob, cid, eve, organization, repository };
}

interface Asked {
  readonly name?: string;
  readonly privacy?: TeamPrivacy;
  readonly parent?: TeamId | undefined;
}

const create = ({ scenario, organization }: Cast, by: By, { name = "Core", privacy = "visible", parent }: Asked = {}) =>
  scenario.code(
    "team.create",
    { organization, name: parseTeamName(name)!, privacy, parent, description: undefined },
    by,
  );
const change = ({ scenario }: Cast, team: TeamId, by: By, { name, privacy, ...asked }: Asked) =>
  scenario.code(
    "team.update",
    {
      team,
      name: name === undefined ? undefined : parseTeamName(name),
      privacy,
      parent: "parent" in asked ? { value: asked.parent } : undefined,
      description: undefined,
    },
    by,
  );
const setMember = ({ scenario }: Cast, person: { team: TeamId; id: AccountId; role?: TeamRole }, by: By) =>
  scenario.code("team.set-member", { team: person.team, account: person.id, role: person.role ?? "member" }, by);
const held = ({ scenario, repository }: Cast, { id }: Person) =>
  resolvePermission(scenario.forge.grants(scenario.forge.repository(repository)!, id));

describe("a team", () => {
  test("is made by a member, who maintains it, under a name that gives a free slug", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    expect(create(all, scenario.root(eve))).toBe("forbidden");
    expect(create(all, scenario.token(bob, ["write:org"]))).toBe("scope-missing");
    expect(create(all, scenario.root(bob))).toBe("applied");
    expect(create(all, scenario.root(owner), { name: "CORE!" })).toBe("team-name-taken");
    const [team] = [...scenario.forge.organizations.teams(organization)];
    expect(scenario.forge.organizations.teamRole(team!.id, bob.id)).toBe("maintainer");
    expect(create(all, scenario.root(owner), { name: "Other" })).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "teams", organization)).toBe(2);
  });

  test("is changed and deleted by its maintainers and by owners, and hidden from others when it is secret", () => {
    const all = cast();
    const { scenario, owner, bob, cid, eve, organization } = all;
    const team = scenario.team(organization, bob);
    expect(change(all, team, scenario.root(cid), { name: "Mine" })).toBe("forbidden");
    expect(change(all, team, scenario.root(eve), { name: "Mine" })).toBe("not-found");
    expect(change(all, team, scenario.root(bob), { name: "Secret", privacy: "secret" })).toBe("applied");
    expect(change(all, team, scenario.root(cid), { name: "Mine" })).toBe("not-found");
    expect(change(all, team, scenario.root(owner), { name: "SECRET" })).toBe("applied");
    scenario.team(organization, owner);
    const taken = [...scenario.forge.organizations.teams(organization)].find(({ id }) => id !== team)!.name;
    expect(change(all, team, scenario.root(bob), { name: taken })).toBe("team-name-taken");
    expect(scenario.code("team.delete", { team }, scenario.root(cid))).toBe("not-found");
    expect(scenario.code("team.delete", { team }, scenario.token(bob, ["read:org"]))).toBe("scope-missing");
    expect(scenario.code("team.delete", { team }, scenario.root(bob))).toBe("applied");
    expect(scenario.code("team.delete", { team }, scenario.root(owner))).toBe("not-found");
  });

  test("nests by one level, among visible teams of one organization, by who looks after both", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization } = all;
    const parent = scenario.team(organization, owner);
    const child = scenario.team(organization, bob);
    const foreign = scenario.team(scenario.organization(eve), eve);
    expect(change(all, child, scenario.root(bob), { parent })).toBe("forbidden");
    expect(change(all, child, scenario.root(owner), { parent: child })).toBe("team-nesting");
    expect(change(all, child, scenario.root(owner), { parent: foreign })).toBe("not-found");
    expect(change(all, child, scenario.root(owner), { parent, privacy: "secret" })).toBe("team-nesting");
    expect(change(all, child, scenario.root(owner), { parent })).toBe("applied");
    expect(change(all, child, scenario.root(owner), { privacy: "secret" })).toBe("team-nesting");
    expect(change(all, parent, scenario.root(owner), { privacy: "secret" })).toBe("team-nesting");
    const third = scenario.team(organization, owner);
    expect(change(all, third, scenario.root(owner), { parent: child })).toBe("team-nesting");
    expect(change(all, parent, scenario.root(owner), { parent: third })).toBe("team-nesting");
    expect(create(all, scenario.root(bob), { name: "x", parent })).toBe("forbidden");
    expect(create(all, scenario.root(owner), { name: "x", parent, privacy: "secret" })).toBe("team-nesting");
    expect(change(all, child, scenario.root(bob), { parent: undefined })).toBe("applied");
    expect([...scenario.forge.organizations.childTeams(parent)]).toEqual([]);
  });

  test("takes its children with it when it is deleted, and is forgotten by the blocks that follow", () => {
    const all = cast();
    const { scenario, owner, bob, cid, organization, repository } = all;
    const parent = scenario.team(organization, owner, [bob]);
    const child = scenario.team(organization, owner, [cid], parent);
    const role = { repository, role: "write" } as const;
    scenario.mustApply("team.set-repository", { ...role, team: parent }, scenario.root(owner));
    expect([held(all, bob).permission, held(all, cid).permission]).toEqual(["write", "write"]);
    scenario.mustApply("team.delete", { team: parent }, scenario.root(owner));
    expect([held(all, bob).permission, held(all, cid).permission]).toEqual(["none", "none"]);
    scenario.wait(1_000);
    for (const team of [parent, child]) {
      expect([...scenario.forge.organizations.teamMembers(team)]).toEqual([]);
      expect(tallyOf(scenario.ledger.state, "teamMembers", team)).toBe(0);
    }
    expect(tallyOf(scenario.ledger.state, "repositoryTeams", repository)).toBe(0);
    expect(tallyOf(scenario.ledger.state, "teams", organization)).toBe(0);
  });

  test("is one of a bounded number, with a bounded number of children", () => {
    const all = cast();
    const { scenario, owner, organization } = all;
    const parent = scenario.team(organization, owner);
    scenario.arrange((state) => {
      for (let team = 1; team <= childTeamsMax; team++)
        writeRow(state, tables.childTeamTable, { parent, team: parseTeamId(1_000 + team)! }, {});
      for (let count = 1; count < teamsPerOrganizationMax; count++) addToTally(state, "teams", organization, 1);
    });
    expect(create(all, scenario.root(owner), { parent })).toBe("team-limit");
    expect(create(all, scenario.root(owner))).toBe("team-limit");
    scenario.arrange((state) => addToTally(state, "teams", organization, -1));
    expect(create(all, scenario.root(owner))).toBe("applied");
  });
});

describe("a member of a team", () => {
  test("is a member of the organization, taken in by a maintainer", () => {
    const all = cast();
    const { scenario, owner, bob, cid, eve, organization } = all;
    const team = scenario.team(organization, bob);
    expect(setMember(all, { team, id: cid.id }, scenario.root(cid))).toBe("forbidden");
    expect(setMember(all, { team, id: eve.id }, scenario.root(bob))).toBe("not-a-member");
    expect(setMember(all, { team, id: cid.id }, scenario.root(bob))).toBe("applied");
    expect(setMember(all, { team, id: cid.id }, scenario.root(bob))).toBe("already-so");
    expect(setMember(all, { team, id: cid.id, role: "maintainer" }, scenario.root(owner))).toBe("applied");
    expect(setMember(all, { team, id: bob.id }, scenario.root(cid))).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "teamMembers", team)).toBe(2);
  });

  test("leaves, or is removed by a maintainer", () => {
    const all = cast();
    const { scenario, bob, cid, organization } = all;
    const team = scenario.team(organization, bob, [cid]);
    const remove = (person: Person, by: By) => scenario.code("team.remove-member", { team, account: person.id }, by);
    expect(remove(bob, scenario.root(cid))).toBe("forbidden");
    expect(remove(cid, scenario.token(cid, ["read:org"]))).toBe("scope-missing");
    expect(remove(cid, scenario.token(cid, ["write:org"]))).toBe("applied");
    expect(remove(cid, scenario.root(bob))).toBe("not-found");
    expect(remove(bob, scenario.root(bob))).toBe("applied");
  });

  test("is one of a bounded number, in a bounded number of teams", () => {
    const all = cast();
    const { scenario, owner, cid, organization } = all;
    const team = scenario.team(organization, owner);
    const join = () => setMember(all, { team, id: cid.id }, scenario.root(owner));
    const fill = (times: number, change: 1 | -1) =>
      scenario.arrange((state) => {
        for (let count = 0; count < times; count++) addToTally(state, "teamMembers", team, change);
      });
    fill(teamMembersMax, 1);
    expect(join()).toBe("team-limit");
    fill(teamMembersMax, -1);
    scenario.arrange((state) => {
      const row = { ...scenario.forge.organizations.team(team)! };
      const context = { state, time: scenario.ledger.tip.time, height: scenario.ledger.tip.height } as never;
      for (let count = 0; count < teamsPerMemberMax; count++) {
        const id = parseTeamId(2_000 + count)!;
        const { id: _id, ...value } = row;
        writeRow(state, tables.teamTable, id, value);
        writeTeamMember(context, { id, organization }, { account: cid.id, role: "member" });
      }
    });
    expect(join()).toBe("team-limit");
    expect(create(all, scenario.root(cid), { name: "mine" })).toBe("team-limit");
  });
});

describe("a team's role on a repository", () => {
  test("is given by who administers it, for teams of its owner", () => {
    const all = cast();
    const { scenario, owner, bob, eve, organization, repository } = all;
    const team = scenario.team(organization, bob);
    const give = (by: By, changes: object = {}) =>
      scenario.code("team.set-repository", { team, repository, role: "write", ...changes }, by);
    expect(give(scenario.root(bob))).toBe("not-found");
    expect(give(scenario.root(eve))).toBe("not-found");
    expect(give(scenario.root(owner), { repository: scenario.repository(owner) })).toBe("not-found");
    expect(give(scenario.root(owner))).toBe("applied");
    expect(give(scenario.root(owner))).toBe("already-so");
    expect(give(scenario.root(owner), { role: "admin" })).toBe("applied");
    const second = scenario.team(organization, bob);
    expect(give(scenario.root(bob), { team: second, role: "read" })).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "repositoryTeams", repository)).toBe(2);
    scenario.arrange((state) => {
      for (let count = 2; count < teamsPerRepositoryMax; count++) addToTally(state, "repositoryTeams", repository, 1);
    });
    expect(give(scenario.root(owner), { team: scenario.team(organization, owner) })).toBe("team-limit");
    expect(give(scenario.root(owner), { role: "read" })).toBe("applied");
  });

  test("is taken away by its maintainers, and by who administers the repository", () => {
    const all = cast();
    const { scenario, owner, bob, cid, eve, organization, repository } = all;
    const team = scenario.team(organization, bob, [cid]);
    const take = (by: By) => scenario.code("team.remove-repository", { team, repository }, by);
    const give = () =>
      scenario.mustApply("team.set-repository", { team, repository, role: "read" }, scenario.root(owner));
    give();
    expect(take(scenario.root(eve))).toBe("not-found");
    expect(take(scenario.root(cid))).toBe("forbidden");
    expect(take(scenario.root(bob))).toBe("applied");
    expect(take(scenario.root(bob))).toBe("not-found");
    give();
    expect(take(scenario.root(owner))).toBe("applied");
  });

  test("lets members push, those of a child team too, and says by which path", () => {
    const all = cast();
    const { scenario, owner, bob, cid, eve, organization, repository } = all;
    const parent = scenario.team(organization, owner, [bob]);
    const child = scenario.team(organization, owner, [cid], parent);
    const push = (by: Person, from: number, to: number) =>
      scenario.code("refs.change", scenario.push(repository, [update("main", from, to)]), scenario.root(by));
    expect([push(bob, 0, 1), push(cid, 0, 1)]).toEqual(["not-found", "not-found"]);
    const role = { team: parent, repository, role: "maintain" } as const;
    scenario.mustApply("team.set-repository", role, scenario.root(owner));
    scenario.mustApply("team.set-repository", { ...role, team: child, role: "read" }, scenario.root(owner));
    expect([push(bob, 0, 1), push(cid, 1, 2), push(eve, 2, 3)]).toEqual(["applied", "applied", "not-found"]);
    const inherited = { source: "team", permission: "maintain", team: parent, through: child };
    expect(held(all, bob).decidedBy).toEqual({ ...inherited, through: undefined });
    expect(held(all, cid)).toEqual({
      permission: "maintain",
      decidedBy: inherited,
      grants: [inherited, { source: "team", permission: "read", team: child, through: undefined }],
    });
    expect(held(all, owner).decidedBy).toEqual({ source: "organization-owner", permission: "admin", organization });
  });
});
