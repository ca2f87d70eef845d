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
