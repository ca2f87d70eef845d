import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let member: TestAccount;
let stranger: TestAccount;
let org: string;
let repo: string;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  member = await node.signUp("member");
  stranger = await node.signUp("stranger");
  ({ login: org } = await owner.client.call("POST /api/v3/admin/organizations", { body: { login: "crew" } }));
  const body = { default_repository_permission: "none" } as const;
  await owner.client.call("PATCH /api/v3/orgs/{org}", { path: { org }, body });
  const path = { org, username: member.handle };
  await owner.client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: {} });
  await member.client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org }, body: { state: "active" } });
  const engine = { name: "engine", private: true };
  ({ name: repo } = await owner.client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body: engine }));
}, 60_000);
afterAll(() => node[Symbol.asyncDispose]());

let names = 0;

async function create(body: { privacy?: "closed" | "secret"; parent_team_id?: number } = {}) {
  const name = `Team ${++names}`;
  return owner.client.call("POST /api/v3/orgs/{org}/teams", {
    path: { org },
    body: { name, privacy: "closed", ...body },
  });
}
const put = (slug: string, who: TestAccount, by = owner) =>
  by.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
    path: { org, team_slug: slug, username: who.handle },
    body: {},
  });
const grant = (slug: string, permission: "pull" | "push" | "admin", name = repo) =>
  owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
    path: { org, team_slug: slug, owner: org, repo: name },
    body: { permission },
  });
const pathOf = (slug: string) => ({ path: { org, team_slug: slug } });
const statusOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: { status: number }) => error.status,
  );

describe("a team", () => {
  test("is found, described, renamed, nested and deleted with its children", async () => {
    const [parent, child] = [await create(), await create()];
    const changed = await owner.client.call("PATCH /api/v3/orgs/{org}/teams/{team_slug}", {
      ...pathOf(child.slug),
      body: { name: "Reviewers", description: "Look twice", parent_team_id: parent.id },
    });
    expect(changed).toMatchObject({ slug: "reviewers", description: "Look twice", parent: { slug: parent.slug } });
    expect(await statusOf(owner.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}", pathOf(child.slug)))).toBe(404);
    const children = await owner.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}/teams", pathOf(parent.slug));
    expect(children.map(({ slug }) => slug)).toEqual(["reviewers"]);
    await owner.client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}", pathOf(parent.slug));
    expect(await statusOf(owner.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}", pathOf("reviewers")))).toBe(
      404,
    );
  });

  test("has its children's members and its parent's repositories", async () => {
    const parent = await create();
    const child = await create({ parent_team_id: parent.id });
    await put(child.slug, member);
    await grant(parent.slug, "push");
    const membersOf = async (slug: string, role: "all" | "maintainer") => {
      const input = { ...pathOf(slug), query: { role } };
      const members = await owner.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}/members", input);
      return members.map(({ login }) => login);
    };
    expect(await membersOf(parent.slug, "all")).toEqual([member.handle]);
    expect(await membersOf(parent.slug, "maintainer")).toEqual([]);
    const repositories = await member.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}/repos", pathOf(child.slug));
    expect(repositories).toMatchObject([{ name: repo, role_name: "write" }]);
    const own = await member.client.call("GET /api/v3/user/teams", {});
    expect(own.find(({ slug }) => slug === child.slug)).toMatchObject({ members_count: 1, repos_count: 1 });
    expect(own.map(({ slug }) => slug)).not.toContain(parent.slug);
    await owner.client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}", pathOf(parent.slug));
  });

  test("is told of with its role to who may push, a secret one to its members alone", async () => {
    const [open, hidden] = [await create(), await create({ privacy: "secret" })];
    await put(open.slug, member);
    await grant(open.slug, "push");
    await grant(hidden.slug, "admin");
    const teamsSeenBy = async (by: TestAccount) => {
      const teams = await by.client.call("GET /api/v3/repos/{owner}/{repo}/teams", { path: { owner: org, repo } });
      return teams.map(({ slug, permission }) => `${slug} ${permission}`);
    };
    expect(await teamsSeenBy(member)).toEqual([`${open.slug} push`]);
    expect(await teamsSeenBy(owner)).toEqual([`${open.slug} push`, `${hidden.slug} admin`]);
    expect(await statusOf(member.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}", pathOf(hidden.slug)))).toBe(
      404,
    );
    const path = { org, team_slug: open.slug, owner: org, repo };
    const check = "GET /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}" as const;
    expect((await owner.client.answer(check, { path })).status).toBe(204);
    const asked = await fetch(`${node.url}/api/v3/orgs/${org}/teams/${open.slug}/repos/${org}/${repo}`, {
      headers: { authorization: `Bearer ${owner.token}`, accept: "application/vnd.github.v3.repository+json" },
    });
    expect(await asked.json()).toMatchObject({ role_name: "write" });
    await owner.client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", { path });
    expect(await statusOf(owner.client.call(check, { path }))).toBe(404);
    for (const { slug } of [open, hidden])
      await owner.client.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}", pathOf(slug));
  });

  test("asks in whom an owner adds who is no member, and a maintainer may not", async () => {
    const team = await create();
    await put(team.slug, member);
    const promote = {
      path: { org, team_slug: team.slug, username: member.handle },
      body: { role: "maintainer" },
    } as const;
    await owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", promote);
    await expect(put(team.slug, stranger, member)).rejects.toMatchObject({ status: 422 });
    expect(await put(team.slug, stranger)).toMatchObject({ state: "pending", role: "member" });
    const place = { path: { org, team_slug: team.slug, username: stranger.handle } };
    const membership = "GET /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}" as const;
    expect(await owner.client.call(membership, place)).toMatchObject({ state: "pending" });
    await stranger.client.call("DELETE /api/v3/orgs/{org}/memberships/{username}", {
      path: { org, username: stranger.handle },
    });
    expect(await statusOf(owner.client.call(membership, place))).toBe(404);
  });
});

describe("collaborators of an organization's repository", () => {
  test("are who has access in any way; a member is added at once, a stranger is invited", async () => {
    const { name } = await owner.client.call("POST /api/v3/orgs/{org}/repos", {
      path: { org },
      body: { name: "people", private: true },
    });
    const path = { owner: org, repo: name };
    const listed = async (query: { affiliation?: "all" | "direct" | "outside"; permission?: "push" } = {}) => {
      const people = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/collaborators", { path, query });
      return people.map(({ login, role_name }) => `${login} ${role_name}`);
    };
    const add = (who: TestAccount, permission: "pull" | "push") =>
      owner.client.answer("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
        path: { ...path, username: who.handle },
        body: { permission },
      });
    const team = await create();
    await put(team.slug, member);
    await grant(team.slug, "pull", name);
    expect(await listed()).toEqual([`${owner.handle} admin`, `${member.handle} read`]);
    expect(await listed({ affiliation: "direct" })).toEqual([]);
    expect((await add(member, "push")).status).toBe(204);
    expect((await add(stranger, "pull")).status).toBe(201);
    for (const { id } of await stranger.client.call("GET /api/v3/user/repository_invitations", {}))
      await stranger.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
        path: { invitation_id: String(id) },
      });
    expect(await listed({ affiliation: "direct" })).toEqual([`${member.handle} write`, `${stranger.handle} read`]);
    expect(await listed({ affiliation: "outside" })).toEqual([`${stranger.handle} read`]);
    expect(await listed({ permission: "push" })).toEqual([`${owner.handle} admin`, `${member.handle} write`]);
  });
});
