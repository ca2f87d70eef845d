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
}, 60_000);
afterAll(() => node[Symbol.asyncDispose]());

let names = 0;

async function found(): Promise<string> {
  const body = { login: `crew-${++names}` };
  return (await owner.client.call("POST /api/v3/admin/organizations", { body })).login;
}

async function withMember(): Promise<string> {
  const org = await found();
  await owner.client.call("PUT /api/v3/orgs/{org}/memberships/{username}", {
    path: { org, username: member.handle },
    body: {},
  });
  await member.client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org }, body: { state: "active" } });
  return org;
}

const statusOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: { status: number }) => error.status,
  );
const ask = async (by: TestAccount | undefined, path: string) =>
  fetch(`${node.url}/api/v3${path}`, {
    redirect: "manual",
    headers: by === undefined ? {} : { authorization: `Bearer ${by.token}` },
  });

describe("members of an organization", () => {
  test("are listed by role and page", async () => {
    const org = await withMember();
    const membersAs = async (role: "admin" | "member") => {
      const members = await owner.client.call("GET /api/v3/orgs/{org}/members", { path: { org }, query: { role } });
      return members.map(({ login }) => login);
    };
    expect(await membersAs("admin")).toEqual([owner.handle]);
    expect(await membersAs("member")).toEqual([member.handle]);
    const first = await ask(owner, `/orgs/${org}/members?per_page=1`);
    expect(await first.json()).toMatchObject([{ login: owner.handle }]);
    expect(first.headers.get("link")).toContain('page=2>; rel="next"');
  });

  test("are told to members, and strangers are sent to those who show it", async () => {
    const org = await withMember();
    const of = (who: TestAccount) => `/orgs/${org}/members/${who.handle}`;
    expect((await ask(member, of(owner))).status).toBe(204);
    expect((await ask(member, of(stranger))).status).toBe(404);
    const sent = await ask(stranger, of(member));
    expect(sent.status).toBe(302);
    const location = sent.headers.get("location")!;
    expect(location).toContain(`/orgs/${org}/public_members/${member.handle}`);
    expect((await ask(undefined, location.split("/api/v3")[1]!)).status).toBe(404);
    const path = { org, username: member.handle };
    await member.client.call("PUT /api/v3/orgs/{org}/public_members/{username}", { path });
    expect((await ask(undefined, location.split("/api/v3")[1]!)).status).toBe(204);
    const shown = await stranger.client.call("GET /api/v3/users/{username}/orgs", {
      path: { username: member.handle },
    });
    expect(shown.map(({ login }) => login)).toEqual([org]);
    const conceal = (by: TestAccount) =>
      statusOf(by.client.call("DELETE /api/v3/orgs/{org}/public_members/{username}", { path }));
    expect([await conceal(owner), await conceal(member)]).toEqual([403, "done"]);
    expect(await stranger.client.call("GET /api/v3/orgs/{org}/public_members", { path: { org } })).toEqual([]);
  });

  test("are not given away by lists of their repositories", async () => {
    const org = await withMember();
    await owner.client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body: { name: "open" } });
    const listed = await stranger.client.call("GET /api/v3/users/{username}/repos", {
      path: { username: member.handle },
      query: { type: "all" },
    });
    expect(listed).toEqual([]);
    const ownAs = async (affiliation: string) => {
      const own = await member.client.call("GET /api/v3/user/repos", { query: { affiliation, per_page: 100 } });
      return own.map(({ full_name: name }) => name).includes(`${org}/open`);
    };
    const kinds = ["organization_member", "owner", "owner,collaborator", "owner,organization_member"];
    expect(await Promise.all(kinds.map(ownAs))).toEqual([true, false, false, true]);
  });

  test("are removed by owners, who do not remove whom they only invited that way", async () => {
    const org = await withMember();
    const remove = (by: TestAccount, who: TestAccount) =>
      statusOf(by.client.call("DELETE /api/v3/orgs/{org}/members/{username}", { path: { org, username: who.handle } }));
    expect(await remove(stranger, member)).toBe(403);
    expect(await remove(member, owner)).toBe(403);
    expect(await remove(owner, stranger)).toBe(404);
    expect(await remove(owner, member)).toBe("done");
    expect(await remove(owner, member)).toBe(404);
  });
});

describe("an invitation", () => {
  const invite = (org: string, body: object) =>
    owner.client.call("POST /api/v3/orgs/{org}/invitations", { path: { org }, body });
  const memberships = async (state: "active" | "pending") => {
    const all = await member.client.call("GET /api/v3/user/memberships/orgs", { query: { state, per_page: 100 } });
    return all.map(({ organization }) => organization.login);
  };

  test("names teams, is listed, and brings into them", async () => {
    const org = await found();
    const team = await owner.client.call("POST /api/v3/orgs/{org}/teams", {
      path: { org },
      body: { name: "Core", privacy: "closed" },
    });
    const made = await invite(org, { invitee_id: member.id, role: "admin", team_ids: [team.id] });
    expect(made).toMatchObject({ login: member.handle, role: "admin", team_count: 1, email: null });
    const listed = await owner.client.call("GET /api/v3/orgs/{org}/invitations", { path: { org } });
    expect(listed).toEqual([made]);
    const path = { org, invitation_id: String(made.id) };
    const teams = await owner.client.call("GET /api/v3/orgs/{org}/invitations/{invitation_id}/teams", { path });
    expect(teams.map(({ slug }) => slug)).toEqual(["core"]);
    expect(await memberships("pending")).toContain(org);
    await member.client.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org }, body: { state: "active" } });
    expect(await memberships("active")).toContain(org);
    const place = { org, team_slug: "core", username: member.handle };
    const joined = await owner.client.call("GET /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", {
      path: place,
    });
    expect(joined).toMatchObject({ role: "member", state: "active" });
  });

  test("is declined by who is invited, and cancelled by an owner", async () => {
    const org = await found();
    await invite(org, { invitee_id: member.id });
    const path = { org, username: member.handle };
    await member.client.call("DELETE /api/v3/orgs/{org}/memberships/{username}", { path });
    const own = () => statusOf(member.client.call("GET /api/v3/user/memberships/orgs/{org}", { path: { org } }));
    expect(await own()).toBe(404);
    const { id } = await invite(org, { invitee_id: member.id });
    expect(await own()).toBe("done");
    const cancel = () =>
      statusOf(
        owner.client.call("DELETE /api/v3/orgs/{org}/invitations/{invitation_id}", {
          path: { org, invitation_id: String(id) },
        }),
      );
    expect([await cancel(), await cancel(), await own()]).toEqual(["done", 404, 404]);
  });

  test("says what is wrong with it", async () => {
    const org = await withMember();
    const [other, taken] = [await found(), { invitee_id: member.id }];
    const foreign = await owner.client.call("POST /api/v3/orgs/{org}/teams", {
      path: { org: other },
      body: { name: "Elsewhere" },
    });
    const field = (body: object) =>
      invite(org, body).catch(
        ({ data }: { data: { body: { errors: { field: string }[] } } }) => data.body.errors[0]?.field,
      );
    expect(await field(taken)).toBe("invitee_id");
    expect(await field({ email: "member@example.org" })).toBe("email");
    expect(await field({})).toBe("invitee_id");
    expect(await field({ invitee_id: stranger.id, team_ids: [foreign.id] })).toBe("team_ids");
  });
});

describe("an organization itself", () => {
  test("takes another handle, and its former one redirects", async () => {
    const org = await withMember();
    const rename = (by: TestAccount) =>
      by.client.call("PATCH /api/v3/admin/organizations/{org}", { path: { org }, body: { login: `${org}-b` } });
    expect(await statusOf(rename(member))).toBe(403);
    expect((await rename(owner)).url).toContain(`/orgs/${org}-b`);
    expect((await stranger.client.call("GET /api/v3/orgs/{org}", { path: { org } })).login).toBe(`${org}-b`);
  });

  test("is deleted once it has no repositories", async () => {
    const org = await withMember();
    const { name } = await owner.client.call("POST /api/v3/orgs/{org}/repos", {
      path: { org },
      body: { name: "last" },
    });
    const remove = (by: TestAccount) => by.client.call("DELETE /api/v3/orgs/{org}", { path: { org } });
    expect(await statusOf(remove(member))).toBe(403);
    await expect(remove(owner)).rejects.toMatchObject({ status: 409, reason: "account-owns-repositories" });
    await owner.client.call("DELETE /api/v3/repos/{owner}/{repo}", { path: { owner: org, repo: name } });
    expect(await statusOf(remove(owner))).toBe("done");
    expect(await statusOf(stranger.client.call("GET /api/v3/orgs/{org}", { path: { org } }))).toBe(404);
  });

  test("says which repositories members may create in each of GitHub's ways", async () => {
    const org = await found();
    const change = (body: object) => owner.client.call("PATCH /api/v3/orgs/{org}", { path: { org }, body });
    const kind = async (body: object) => (await change(body)).members_allowed_repository_creation_type;
    expect(await kind({ members_can_create_public_repositories: false })).toBe("private");
    expect(await kind({ members_can_create_private_repositories: false })).toBe("none");
    expect(await kind({ members_can_create_repositories: true })).toBe("all");
    const alone = { members_can_create_public_repositories: true, members_can_create_private_repositories: false };
    await expect(change(alone)).rejects.toMatchObject({ status: 422 });
  });
});
