import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KINDS, signedTransactionCodec } from "@guts/ledger";
import { decode, encodeRecoveryCode, publicKeyOf, rootSeedOf, toHex } from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const token = (id: string, isCurrent = false) => ({
  id,
  kind: "token",
  label: "ci",
  scopes: ["repo"],
  restriction: null,
  createdAt: "2026-11-20T11:00:00Z",
  expiresAt: null,
  lastUsedAt: null,
  isCurrent,
});

test("prints a new token alone on standard output, with the expiry and scopes asked for", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/guts/tokens": { status: 201, json: { ...token("aa"), token: "guts_secret" } },
  });
  const { exitCode, stdout, stderr } = await machine.run(["token", "create", "ci", "-s", "repo:read, user", "-e", "7"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "guts_secret\n" });
  expect(stderr).not.toContain("guts_secret");
  expect(node.seen[0]?.body).toEqual({ label: "ci", scopes: ["repo:read", "user"], expiresInDays: 7 });
});

const restriction = {
  owner: "alice",
  repositories: [{ id: 3, fullName: "alice/hello" }],
  permissions: { contents: "write", administration: "none", metadata: "read", issues: "none", pull_requests: "none" },
};

test("makes a fine-grained token for repositories of one owner, and says what it may do where", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/guts/tokens/fine-grained": {
      status: 201,
      json: { ...token("aa"), scopes: [], restriction, token: "guts_secret" },
    },
  });
  const bounds = ["--repo", "alice/hello,alice/other", "-p", "contents=write", "-p", "administration=read"];
  const { exitCode, stdout, stderr } = await machine.run(["token", "create", "bot", ...bounds]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "guts_secret\n" });
  expect(stderr).toContain("for alice/hello with contents=write, metadata=read");
  expect(node.seen[0]?.body).toEqual({
    label: "bot",
    owner: "alice",
    repositories: ["hello", "other"],
    permissions: { contents: "write", administration: "read" },
    expiresInDays: 90,
  });
});

test("takes all repositories of an owner, and one's own by their bare names", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/guts/tokens/fine-grained": { status: 201, json: { ...token("aa"), restriction, token: "guts_secret" } },
  });
  await machine.run(["token", "create", "bot", "--owner", "acme", "-p", "contents=read"]);
  await machine.run(["token", "create", "bot", "--repo", "hello"]);
  expect(node.seen.map(({ body }) => body)).toMatchObject([
    { owner: "acme", permissions: { contents: "read" } },
    { owner: "alice", repositories: ["hello"], permissions: {} },
  ]);
});

test.each([
  [["-R", "alice/a,bob/b"], /one owner/],
  [["-R", "alice/a", "--owner", "bob"], /one owner/],
  [["-p", "contents"], /no permission/],
  [["-p", "metadata=none"], /no permission/],
  [["-p", "constructor=read"], /no permission/],
  [["-p", "contents=read,contents=write"], /given twice/],
  [["-p", "contents=read", "-s", "repo"], /scopes or permissions/],
])("refuses a fine-grained token with %j", async (flags, problem) => {
  await using node = await signedInNode(machine, {});
  const { exitCode, stderr } = await machine.run(["token", "create", "bot", ...flags]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(problem) });
  expect(node.seen).toHaveLength(0);
});

test.each([[["-s", "root"]], [["-e", "0"]], [["-e", "367"]], [["-e", "x"]]])("refuses %j", async (flags) => {
  await using node = await signedInNode(machine, {});
  expect((await machine.run(["token", "create", "ci", ...flags])).exitCode).toBe(2);
  expect(node.seen).toHaveLength(0);
});

test("revokes by a beginning of the id that is unique, and asks before it revokes its own", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/guts/tokens": { json: [token("aa11"), token("aa22"), token("bb33", true)] },
    "DELETE /api/guts/tokens/aa22": { status: 204 },
    "DELETE /api/guts/tokens/bb33": { status: 204 },
  });
  expect((await machine.run(["token", "revoke", "aa"])).exitCode).toBe(2);
  expect((await machine.run(["token", "revoke", "cc"])).exitCode).toBe(1);
  expect((await machine.run(["token", "revoke", "aa2"])).exitCode).toBe(0);
  expect((await machine.run(["token", "revoke", "bb33"])).exitCode).toBe(2);
  expect((await machine.run(["token", "revoke", "bb33"], { answers: [false] })).exitCode).toBe(130);
  expect((await machine.run(["token", "revoke", "bb33", "--yes"])).exitCode).toBe(0);
  expect(node.seen.filter(({ method }) => method === "DELETE")).toHaveLength(2);
});

test("lists tokens with whole ids in a pipe", async () => {
  await using node = await signedInNode(machine, { "GET /api/guts/tokens": { json: [token("ab".repeat(32))] } });
  expect((await machine.run(["token", "list"])).stdout).toBe(`${"ab".repeat(32)}\tci\ttoken\trepo\t\t\n`);
  expect(node.seen).toHaveLength(1);
});

test("shares a token with further nodes by the root key, named by name or id", async () => {
  const code = encodeRecoveryCode(new Uint8Array(18).fill(3));
  const rootKey = toHex(publicKeyOf(rootSeedOf(code)));
  const nodes = ["1", "2", "3"].map((digit) => ({ nodeId: digit.repeat(64), name: `node${digit}` }));
  await writeFile(join(machine.home, "code.txt"), code, { mode: 0o600 });
  await using node = await signedInNode(machine, {
    "GET /api/guts/tokens": { json: [token("ab".repeat(32)), token("cd".repeat(32))] },
    "GET /api/guts/network": { json: { networkId: "c".repeat(64), height: 4, time: "2026-11-20T12:00:00Z", nodes } },
    "GET /api/v3/users/alice": { json: { id: 1 } },
    "GET /api/guts/accounts/alice/keys": { json: [{ publicKey: rootKey, role: "root" }] },
    "POST /api/guts/transactions": { json: { outcome: "applied", height: 5 } },
  });
  const share = (...names: readonly string[]) =>
    machine.run(["token", "share", "ab", ...names, "--recovery-code-file", "code.txt"]);
  const shared = await share("node2", "3".repeat(64));
  expect(shared).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("good at node2, node3 too") });
  const { envelope } = node.seen.at(-1)!.body as { envelope: string };
  const { body } = decode(signedTransactionCodec, new Uint8Array(Buffer.from(envelope, "base64")));
  expect(decode(KINDS["credential.share"].payload, body.payload)).toEqual({
    id: new Uint8Array(32).fill(0xab),
    nodes: [nodes[1]!.nodeId, nodes[2]!.nodeId],
  });
  const count = node.seen.length;
  expect((await share("nowhere")).exitCode).toBe(1);
  expect((await share()).exitCode).toBe(2);
  expect(node.seen.slice(count).filter(({ method }) => method === "POST")).toEqual([]);
});
