import { afterEach, beforeEach, expect, test } from "vitest";
import { repositoryAnswer, signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

test("invites a member, or an owner, and says which", async () => {
  await using node = await signedInNode(machine, {
    "PUT /api/v3/orgs/acme/memberships/bob": { json: { state: "pending" } },
  });
  const { stdout, stderr, exitCode } = await machine.run(["org", "invite", "acme", "bob", "--owner"]);
  expect(exitCode).toBe(0);
  expect(stdout + stderr).toContain("Invited bob to be an owner of acme");
  expect(node.seen.at(-1)?.body).toEqual({ role: "admin" });
});

test("lists organizations as rows in a pipe", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/orgs": { json: [{ login: "acme", description: "Makes everything" }] },
  });
  expect(await machine.run(["org", "list"])).toMatchObject({ exitCode: 0, stdout: "acme\tMakes everything\n" });
  expect(node.seen).toHaveLength(1);
});

test("makes a repository of an organization", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/user": { json: { login: "alice" } },
    "POST /api/v3/orgs/acme/repos": { status: 201, json: repositoryAnswer("acme/engine") },
  });
  const { stdout, exitCode } = await machine.run(["repo", "create", "acme/engine", "--public"]);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("/acme/engine") as string,
  });
  expect(node.seen.at(-1)?.body).toEqual({ name: "engine", private: false });
});

test("says why somebody may, the deciding reason first", async () => {
  const team = { source: "team", permission: "maintain", text: "is a member of the team Core" };
  const open = { source: "public", permission: "read", text: "everybody reads a public repository" };
  await using node = await signedInNode(machine, {
    "GET /api/guts/repos/acme/engine/access/bob": {
      json: { login: "bob", permission: "maintain", decidedBy: team, reasons: [team, open] },
    },
  });
  const { stdout } = await machine.run(["repo", "access", "acme/engine", "bob"]);
  expect(stdout.split("\n").slice(0, 3)).toEqual([
    "bob has maintain on acme/engine",
    "maintain\tis a member of the team Core",
    "read\teverybody reads a public repository",
  ]);
  expect(node.seen).toHaveLength(1);
});

test("invites into teams by their names", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/users/bob": { json: { login: "bob", id: 5 } },
    "GET /api/v3/orgs/acme/teams/core": { json: { id: 7 } },
    "POST /api/v3/orgs/acme/invitations": { status: 201, json: { id: 1 } },
  });
  const { stderr } = await machine.run(["org", "invite", "acme", "bob", "--team", "Core"]);
  expect(stderr).toContain("Invited bob to be a member of acme");
  expect(node.seen.at(-1)?.body).toEqual({ invitee_id: 5, role: "direct_member", team_ids: [7] });
});

test("lists members with their roles, owners first", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/orgs/acme/members": ({ path }) => ({
      json: [{ login: path.includes("role=admin") ? "zoe" : "bob" }],
    }),
  });
  expect(await machine.run(["org", "member", "list", "acme"])).toMatchObject({ stdout: "zoe\towner\nbob\tmember\n" });
  expect(node.seen).toHaveLength(2);
});

test("takes an invitation back by the handle that it is for", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/orgs/acme/invitations": { json: [{ id: 3, login: "Bob" }] },
    "DELETE /api/v3/orgs/acme/invitations/3": { status: 204 },
  });
  expect(await machine.run(["org", "invitation", "cancel", "acme", "bob"])).toMatchObject({ exitCode: 0 });
  expect(await machine.run(["org", "invitation", "cancel", "acme", "eve"])).toMatchObject({ exitCode: 1 });
  expect(node.seen.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("does not delete without a word, nor change without saying what", async () => {
  await using node = await signedInNode(machine, { "GET /api/v3/orgs/acme": { json: { login: "acme" } } });
  expect(await machine.run(["org", "delete", "acme"])).toMatchObject({ exitCode: 2 });
  expect(await machine.run(["org", "edit", "acme"])).toMatchObject({ exitCode: 2 });
  expect(await machine.run(["org", "member", "set", "acme", "bob", "boss"])).toMatchObject({ exitCode: 2 });
  expect(node.seen.filter(({ method }) => method !== "GET")).toEqual([]);
});
