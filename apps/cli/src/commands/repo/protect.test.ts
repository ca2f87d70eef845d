import { plainProtection } from "@guts/api/protection";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const path = "/api/guts/repos/alice/hello/protection";
const rule = {
  number: 1,
  target: "branch",
  pattern: "release/*",
  settings: { ...plainProtection, requiresLinearHistory: true },
  setBy: "alice",
  createdAt: "2026-11-20T10:00:00.000Z",
  updatedAt: "2026-11-20T10:00:00.000Z",
  governs: { names: ["release/1"], count: 1 },
};

test("lists rules as rows in a pipe", async () => {
  await using node = await signedInNode(machine, { [`GET ${path}`]: { json: [rule] } });
  const { exitCode, stdout } = await machine.run(["repo", "protect", "list", "-R", "alice/hello"]);
  expect(node.seen).toHaveLength(1);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: "release/*\tbranch\t1\tlinear history; no force-push; no deletion; administrators exempt\n",
  });
});

test("sets what is given and nothing else", async () => {
  await using node = await signedInNode(machine, { [`PUT ${path}`]: { json: rule } });
  const options = [
    "--approvals",
    "2",
    "--check",
    "build",
    "test",
    "--linear",
    "--include-admins",
    "--reason",
    "releases",
  ];
  const { exitCode, stderr } = await machine.run([
    "repo",
    "protect",
    "set",
    "release/*",
    "-R",
    "alice/hello",
    ...options,
  ]);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Protected the branches release/* of alice/hello")]);
  expect(node.seen[0]!.body).toEqual({
    target: "branch",
    pattern: "release/*",
    reason: "releases",
    settings: {
      ...plainProtection,
      pullRequest: {
        approvals: 2,
        dismissesStale: false,
        codeOwners: false,
        lastPushApproval: false,
        resolvedConversations: false,
      },
      checks: { isStrict: false, names: ["build", "test"] },
      requiresLinearHistory: true,
      includesAdministrators: true,
    },
  });
});

test("refuses a number of approvals that no rule can have", async () => {
  await using node = await signedInNode(machine, {});
  const { exitCode } = await machine.run(["repo", "protect", "set", "main", "-R", "alice/hello", "--approvals", "7"]);
  expect([exitCode, node.seen.length]).toEqual([2, 0]);
});

test("removes the rule of a pattern of tags", async () => {
  await using node = await signedInNode(machine, { [`DELETE ${path}`]: { status: 204 } });
  const { exitCode } = await machine.run(["repo", "protect", "remove", "v*", "--tag", "-R", "alice/hello"]);
  expect([exitCode, node.seen[0]!.path]).toEqual([0, `${path}?target=tag&pattern=v*`]);
});

test("explains what one lacks, and who can help", async () => {
  const locked = [{ code: "locked", what: "it is locked", who: "an administrator can unlock it" }];
  const told = {
    ref: "refs/heads/main",
    rule: { ...rule, pattern: "main" },
    isExempt: false,
    push: locked,
    forcePush: locked,
    create: [],
    delete: locked,
  };
  await using node = await signedInNode(machine, { [`GET ${path}/explain`]: { json: told } });
  const { exitCode, stdout } = await machine.run(["repo", "protect", "explain", "main", "-R", "alice/hello"]);
  expect([exitCode, node.seen[0]?.path]).toEqual([0, `${path}/explain?ref=main`]);
  expect(stdout).toBe(
    [
      "refs/heads/main: rule main, set by alice",
      "push: no",
      "- it is locked (an administrator can unlock it)",
      "force-push: no",
      "- it is locked (an administrator can unlock it)",
      "create: yes",
      "delete: no",
      "- it is locked (an administrator can unlock it)",
      "",
    ].join("\n"),
  );
});
