import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const core = {
  id: 7,
  name: "Core",
  slug: "core",
  description: "Keeps it running",
  privacy: "closed",
  parent: null,
  members_count: 2,
  repos_count: 1,
  organization: { login: "acme" },
  created_at: "2026-11-18T12:00:00Z",
};

test("finds a team by its name as well as by its slug", async () => {
  await using node = await signedInNode(machine, { "GET /api/v3/orgs/acme/teams/core": { json: core } });
  const { stdout, exitCode } = await machine.run(["team", "view", "acme/Core", "--json=slug,privacy,memberCount"]);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: '{"slug":"core","privacy":"visible","memberCount":2}\n',
  });
  expect(node.seen).toHaveLength(1);
});

test("says how a team is named, before it asks the node", async () => {
  await using node = await signedInNode(machine, {});
  const { stderr, exitCode } = await machine.run(["team", "view", "core"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("ORGANIZATION/TEAM");
  expect(node.seen).toHaveLength(0);
});

test("makes a child team under its parent", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/orgs/acme/teams/core": { json: core },
    "POST /api/v3/orgs/acme/teams": { status: 201, json: { ...core, id: 8, slug: "reviewers" } },
  });
  const { stderr } = await machine.run(["team", "create", "acme", "Reviewers", "--parent", "core"]);
  expect(stderr).toContain("Created the team acme/reviewers");
  expect(node.seen.at(-1)?.body).toEqual({ name: "Reviewers", privacy: "closed", parent_team_id: 7 });
});

test("takes a team out from under its parent", async () => {
  await using node = await signedInNode(machine, { "PATCH /api/v3/orgs/acme/teams/core": { json: core } });
  expect(await machine.run(["team", "edit", "acme/core", "--no-parent"])).toMatchObject({ exitCode: 0 });
  expect(node.seen.at(-1)?.body).toEqual({ parent_team_id: null });
  expect(await machine.run(["team", "edit", "acme/core"])).toMatchObject({ exitCode: 2 });
});

test("says whether somebody is in the team or asked in", async () => {
  await using node = await signedInNode(machine, {
    "PUT /api/v3/orgs/acme/teams/core/memberships/bob": { json: { role: "maintainer", state: "active" } },
    "PUT /api/v3/orgs/acme/teams/core/memberships/eve": { json: { role: "member", state: "pending" } },
  });
  const bob = await machine.run(["team", "add", "acme/core", "bob", "--maintainer"]);
  expect(bob.stderr).toContain("bob is now a maintainer of acme/core");
  expect(node.seen.at(-1)?.body).toEqual({ role: "maintainer" });
  const eve = await machine.run(["team", "add", "acme/core", "eve"]);
  expect(eve.stderr).toContain("invited, and in the team once they accept");
});

test("gives a team a role on a repository of its organization, without naming it again", async () => {
  await using node = await signedInNode(machine, {
    "PUT /api/v3/orgs/acme/teams/core/repos/acme/engine": { status: 204 },
  });
  const { stderr } = await machine.run(["team", "repos", "add", "acme/core", "engine", "--role", "read"]);
  expect(stderr).toContain("acme/core has the role read on acme/engine");
  expect(node.seen.at(-1)?.body).toEqual({ permission: "pull" });
});
