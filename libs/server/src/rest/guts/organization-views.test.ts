import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let member: TestAccount;
let stranger: TestAccount;
let names = 0;

beforeAll(async () => {
  node = await TestNode.start();
  [owner, member, stranger] = [await node.signUp("owner"), await node.signUp("member"), await node.signUp("stranger")];
});
afterAll(() => node[Symbol.asyncDispose]());

const frame = (by: TestAccount, org: string) => by.client.call("GET /api/guts/view/orgs/{org}", { path: { org } });

/** An organization of `owner`, who has invited `member`. */
async function found(): Promise<string> {
  const body = { login: `works-${++names}`, profile_name: "Works" };
  const { login: org } = await owner.client.call("POST /api/v3/admin/organizations", { body });
  const path = { org, username: member.handle };
  await owner.client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: {} });
  return org;
}

async function join(org: string): Promise<void> {
  const body = { state: "active" } as const;
  await member.client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org }, body });
}

async function makeTeam(org: string, name: string, more: { privacy?: "secret"; parent_team_id?: number } = {}) {
  const body = { name, privacy: "closed", ...more } as const;
  return owner.client.call("POST /api/v3/orgs/{org}/teams", { path: { org }, body });
}

async function makeRepository(org: string, name: string, isPrivate = true): Promise<void> {
  await owner.client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body: { name, private: isPrivate } });
}

describe("an organization's frame", () => {
  test("tells who is invited of it, and nobody else", async () => {
    const org = await found();
    expect((await frame(member, org)).viewer).toMatchObject({
      membership: null,
      invitation: { role: "member", inviter: owner.handle },
      mayAdminister: false,
    });
    expect((await frame(stranger, org)).viewer.invitation).toBeNull();
    const own = await member.client.call("GET /api/guts/view/organizations", {});
    expect(own.invitations.map(({ organization }) => organization.handle)).toContain(org);
    const waiting = await owner.client.call("GET /api/guts/view/orgs/{org}/invitations", { path: { org } });
    expect(waiting.invitations).toMatchObject([{ handle: member.handle, inviter: owner.handle, isExpired: false }]);
  });

  test("says what a member may do, and that the only owner cannot leave", async () => {
    const org = await found();
    await join(org);
    expect((await frame(owner, org)).viewer).toMatchObject({
      membership: { role: "owner", isLastOwner: true, mayCreatePublic: true },
      mayAdminister: true,
    });
    const seen = await frame(member, org);
    expect(seen.viewer).toMatchObject({ membership: { role: "member", isLastOwner: false }, mayAdminister: false });
    expect(seen.viewer.invitation).toBeNull();
    await owner.client.call("PATCH /api/v3/orgs/{org}", {
      path: { org },
      body: { members_allowed_repository_creation_type: "private" },
    });
    expect((await frame(member, org)).viewer.membership).toMatchObject({
      mayCreatePublic: false,
      mayCreatePrivate: true,
    });
    const path = { org, username: member.handle };
    await owner.client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: { role: "admin" } });
    expect((await frame(owner, org)).viewer.membership?.isLastOwner).toBe(false);
  });

  test("keeps members, teams and settings from strangers", async () => {
    const org = await found();
    await join(org);
    await makeTeam(org, "Core");
    const inside = await frame(member, org);
    expect([inside.peopleCount, inside.settings]).toMatchObject([2, { repositoryCreation: "all" }]);
    expect(await frame(stranger, org)).toMatchObject({ peopleCount: 0, people: [], teamCount: null, settings: null });
    const people = await stranger.client.call("GET /api/guts/view/orgs/{org}/people", { path: { org } });
    expect(people.total).toBe(0);
    const teams = stranger.client.call("GET /api/guts/view/orgs/{org}/teams", { path: { org } });
    await expect(teams).rejects.toMatchObject({ status: 403 });
  });
});

test("people are found by a part of the handle and by role", async () => {
  const org = await found();
  await join(org);
  const find = async (query: { query?: string; role?: "owner" | "member" }) => {
    const { people } = await member.client.call("GET /api/guts/view/orgs/{org}/people", { path: { org }, query });
    return people.map(({ handle, role }) => `${handle} ${role}`);
  };
  expect(await find({})).toEqual([`${owner.handle} owner`, `${member.handle} member`]);
  expect(await find({ query: member.handle.slice(1, 5).toUpperCase() })).toEqual([`${member.handle} member`]);
  expect(await find({ role: "owner" })).toEqual([`${owner.handle} owner`]);
});

describe("teams", () => {
  test("are a tree in which a filter finds parents and children, and secret ones are unknown", async () => {
    const org = await found();
    await join(org);
    const { id } = await makeTeam(org, "Platform");
    await makeTeam(org, "Storage", { parent_team_id: id });
    await makeTeam(org, "Hidden", { privacy: "secret" });
    const list = async (by: TestAccount, query = "") => {
      const { teams } = await by.client.call("GET /api/guts/view/orgs/{org}/teams", {
        path: { org },
        query: { query },
      });
      return teams.map(({ name, children }) => [name, children.map((child) => child.name)]);
    };
    expect(await list(owner)).toEqual([
      ["Hidden", []],
      ["Platform", ["Storage"]],
    ]);
    expect(await list(member)).toEqual([["Platform", ["Storage"]]]);
    expect(await list(member, "stor")).toEqual([["Platform", ["Storage"]]]);
    expect(await list(member, "nothing")).toEqual([]);
    const hidden = { path: { org, team_slug: "hidden" } };
    const seen = member.client.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}", hidden);
    await expect(seen).rejects.toMatchObject({ status: 404 });
  });

  test("list members, and repositories with what the parent passes on, that the viewer may read", async () => {
    const org = await found();
    await join(org);
    await owner.client.call("PATCH /api/v3/orgs/{org}", {
      path: { org },
      body: { default_repository_permission: "none" },
    });
    const { id } = await makeTeam(org, "Parent");
    await makeTeam(org, "Child", { parent_team_id: id });
    for (const name of ["engine", "hull"]) await makeRepository(org, name);
    const give = (team_slug: string, repo: string, permission: "pull" | "admin") =>
      owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
        path: { org, team_slug, owner: org, repo },
        body: { permission },
      });
    await give("parent", "engine", "pull");
    await give("parent", "hull", "pull");
    await give("child", "hull", "admin");
    const path = { org, team_slug: "child" };
    const list = async (by: TestAccount) => {
      const view = await by.client.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}/repositories", { path });
      return view.repositories.map(({ repository, role, inheritedRole }) => [repository.name, role, inheritedRole]);
    };
    expect(await list(owner)).toEqual([
      ["hull", "admin", "read"],
      ["engine", null, "read"],
    ]);
    expect(await list(member)).toEqual([]);
    await owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
      path: { ...path, username: member.handle },
      body: { role: "maintainer" },
    });
    expect(await list(member)).toHaveLength(2);
    const { members } = await member.client.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}/members", { path });
    expect(members).toEqual([{ handle: member.handle, name: null, role: "maintainer", isOwner: false }]);
    const team = await member.client.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}", { path });
    expect(team).toMatchObject({ team: { memberCount: 1, viewerRole: "maintainer" }, parent: { name: "Parent" } });
    expect(team.viewer.mayUpdate).toBe(true);
  });
});

test("a repository's grants name the organization, its teams, and invited people with their own role", async () => {
  const org = await found();
  await join(org);
  await makeTeam(org, "Secret crew", { privacy: "secret" });
  await makeRepository(org, "engine");
  const path = { owner: org, repo: "engine" };
  await owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
    path: { ...path, org, team_slug: "secret-crew" },
    body: { permission: "maintain" },
  });
  const grants = (by: TestAccount) => by.client.call("GET /api/guts/view/repos/{owner}/{repo}/grants", { path });
  expect(await grants(owner)).toMatchObject({
    organization: { handle: org, ownerCount: 1, memberCount: 2, basePermission: "read" },
    teams: [{ name: "Secret crew", role: "maintain", childCount: 0 }],
    hiddenTeamCount: 0,
  });
  await expect(grants(member)).rejects.toMatchObject({ status: 403 });
  await owner.client.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
    path: { ...path, username: member.handle },
    body: { permission: "admin" },
  });
  expect(await grants(member)).toMatchObject({ teams: [], hiddenTeamCount: 1 });
  const { collaborators } = await member.client.call("GET /api/guts/view/repos/{owner}/{repo}/collaborators", { path });
  const own = collaborators.find(({ handle }) => handle === member.handle);
  expect(own).toMatchObject({ role: "admin", permission: "admin" });
});

test("an account's page knows organizations, and finds repositories by the beginning of their name", async () => {
  const org = await found();
  await join(org);
  await makeRepository(org, "anchor", false);
  await makeRepository(org, "sail", false);
  const view = (by: TestAccount, handle: string, query = "") =>
    by.client.call("GET /api/guts/view/accounts/{handle}", { path: { handle }, query: { query } });
  expect((await view(stranger, org)).isOrganization).toBe(true);
  expect((await view(stranger, org, "SA")).repositories.map(({ name }) => name)).toEqual(["sail"]);
  const handles = async (by: TestAccount) => (await view(by, member.handle)).organizations.map(({ handle }) => handle);
  expect(await handles(owner)).toContain(org);
  expect(await handles(stranger)).toEqual([]);
});
