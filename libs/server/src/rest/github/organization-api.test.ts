import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let member: TestAccount;
let stranger: TestAccount;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  member = await node.signUp("member");
  stranger = await node.signUp("stranger");
});
afterAll(() => node[Symbol.asyncDispose]());

let names = 0;

/** An organization of `owner` with `member` in it, whose members may do nothing by themselves. */
async function found(): Promise<string> {
  const { login: org } = await owner.client.call("POST /api/v3/admin/organizations", {
    body: { login: `acme-${++names}`, profile_name: "Acme" },
  });
  const body = { default_repository_permission: "none", description: "Makes everything" } as const;
  await owner.client.call("PATCH /api/v3/orgs/{org}", { path: { org }, body });
  const path = { org, username: member.handle };
  const invited = await owner.client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: {} });
  expect(invited).toMatchObject({ state: "pending", role: "member" });
  const joined = await member.client.call("PATCH /api/v3/user/memberships/orgs/{org}", {
    path: { org },
    body: { state: "active" },
  });
  expect(joined.state).toBe("active");
  return org;
}

const explain = (by: TestAccount, path: { owner: string; repo: string; username: string }) =>
  by.client.call("GET /api/guts/repos/{owner}/{repo}/access/{username}", { path });

describe("an organization", () => {
  test("is an account of its own kind, whose settings members see", async () => {
    const org = await found();
    const seen = await member.client.call("GET /api/v3/orgs/{org}", { path: { org } });
    expect(seen).toMatchObject({
      name: "Acme",
      description: "Makes everything",
      default_repository_permission: "none",
    });
    const outside = await stranger.client.call("GET /api/v3/orgs/{org}", { path: { org } });
    expect(outside).not.toHaveProperty("default_repository_permission");
    const account = await stranger.client.call("GET /api/v3/users/{username}", { path: { username: org } });
    expect(account.type).toBe("Organization");
    const mine = await member.client.call("GET /api/v3/user/orgs", {});
    expect(mine.map(({ login }) => login)).toContain(org);
    await expect(stranger.client.call("GET /api/v3/orgs/{org}", { path: { org: owner.handle } })).rejects.toMatchObject(
      { status: 404 },
    );
  });

  test("shows concealed members to members only", async () => {
    const org = await found();
    const listed = async (by: TestAccount) => {
      const members = await by.client.call("GET /api/v3/orgs/{org}/members", { path: { org } });
      return members.map(({ login }) => login);
    };
    expect(await listed(member)).toEqual([owner.handle, member.handle]);
    expect(await listed(stranger)).toEqual([]);
  });

  test("takes over what a member who may make repositories there hands it, and nothing from others", async () => {
    const org = await found();
    const transfer = async (by: TestAccount) => {
      const { name } = await by.client.call("POST /api/v3/user/repos", { body: { name: `given-${++names}` } });
      return by.client.call("POST /api/v3/repos/{owner}/{repo}/transfer", {
        path: { owner: by.handle, repo: name },
        body: { new_owner: org },
      });
    };
    const moved = await transfer(member);
    expect(moved).toMatchObject({ full_name: `${org}/${moved.name}`, owner: { login: org, type: "Organization" } });
    const why = await explain(member, { owner: org, repo: moved.name, username: member.handle });
    expect(why.decidedBy).toMatchObject({ source: "collaborator", permission: "admin" });
    await expect(transfer(stranger)).rejects.toMatchObject({ status: 403 });
  });

  test("keeps an owner", async () => {
    const org = await found();
    const path = { org, username: owner.handle };
    const leave = owner.client.call("DELETE /api/v3/orgs/{org}/memberships/{username}", { path });
    await expect(leave).rejects.toMatchObject({ status: 403, reason: "last-owner" });
  });
});

describe("a team", () => {
  test("lets its members in, lists show it, and the reason is told", async () => {
    const org = await found();
    const { name: repo } = await owner.client.call("POST /api/v3/orgs/{org}/repos", {
      path: { org },
      body: { name: "engine", private: true },
    });
    const path = { owner: org, repo };
    const read = () => member.client.call("GET /api/v3/repos/{owner}/{repo}", { path });
    const listed = async (by: TestAccount) =>
      (await by.client.call("GET /api/v3/orgs/{org}/repos", { path: { org } })).map(({ name }) => name);
    await expect(read()).rejects.toMatchObject({ status: 404 });
    expect(await listed(member)).toEqual([]);

    const { slug } = await owner.client.call("POST /api/v3/orgs/{org}/teams", {
      path: { org },
      body: { name: "Core Team" },
    });
    expect(slug).toBe("core-team");
    const teamPath = { org, team_slug: slug };
    await owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
      path: { ...teamPath, username: member.handle },
      body: {},
    });
    await owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
      path: { ...teamPath, ...path },
      body: { permission: "maintain" },
    });
    expect((await read()).permissions).toEqual({ admin: false, maintain: true, push: true, triage: true, pull: true });
    expect([await listed(member), await listed(stranger)]).toEqual([[repo], []]);

    const why = await explain(owner, { ...path, username: member.handle });
    expect(why).toMatchObject({ permission: "maintain", decidedBy: { source: "team", permission: "maintain" } });
    expect(why.decidedBy?.text).toBe("is a member of the team Core Team, which has the role maintain");
    expect((await explain(member, { ...path, username: member.handle })).permission).toBe("maintain");
    expect((await explain(owner, { ...path, username: stranger.handle })).decidedBy).toBeNull();
    await expect(explain(member, { ...path, username: owner.handle })).rejects.toMatchObject({ status: 403 });
    await expect(explain(stranger, { ...path, username: stranger.handle })).rejects.toMatchObject({ status: 404 });
  });

  test("is not told of by a reason to who may not know it", async () => {
    const org = await found();
    const seen = await stranger.client
      .call("GET /api/v3/orgs/{org}/teams", { path: { org } })
      .catch(({ status }) => status);
    expect(seen).toBe(403);
    const body = { name: "hidden", privacy: "secret" } as const;
    await owner.client.call("POST /api/v3/orgs/{org}/teams", { path: { org }, body });
    expect(await member.client.call("GET /api/v3/orgs/{org}/teams", { path: { org } })).toEqual([]);
  });
});
