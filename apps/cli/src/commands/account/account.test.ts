import { KINDS, signedTransactionCodec } from "@guts/ledger";
import { decode, encodeRecoveryCode, nodeIdOf, publicKeyOf, rootSeedOf } from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

const nodeId = nodeIdOf(publicKeyOf(rootSeedOf(encodeRecoveryCode(new Uint8Array(18).fill(9)))));
let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const amounts = { transactions: 2_000, bytes: 1_024, accounts: 0, repositories: 10 };
const standing = {
  left: { ...amounts, transactions: 7 },
  rule: { capacity: amounts, refillPerMinute: amounts },
  isUsual: true,
  suspension: null,
};

test("shows what an account may still write, and changes one part of it", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/guts/accounts/bob/standing": { json: standing },
    "PUT /api/guts/accounts/bob/budget": { json: { ...standing, isUsual: false } },
  });
  const shown = await machine.run(["account", "budget", "bob"]);
  expect(shown.stdout.split("\n")[0]).toBe("transactions\t7\t2000\t2000");
  const changed = await machine.run(["account", "budget", "bob", "--transactions", "50", "--reason", "a flood"]);
  expect(changed.exitCode).toBe(0);
  const capacity = { ...amounts, transactions: 50 };
  expect(node.seen.at(-1)?.body).toEqual({ rule: { capacity, refillPerMinute: amounts }, reason: "a flood" });
});

test("prints an invitation whose public half the node got", async () => {
  await using node = await signedInNode(machine, { "POST /api/guts/invitations": { status: 201, json: {} } });
  const { stdout, exitCode } = await machine.run(["account", "invite", "--uses", "30", "--reason", "a course"]);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^guts-invitation-[\w-]{43}\n$/)]);
  expect(node.seen.at(-1)?.body).toMatchObject({ uses: 30, expiresInDays: 7, isForClosed: false, reason: "a course" });
  expect((await machine.run(["account", "invite", "--uses", "0"])).exitCode).toBe(2);
});

test("asks before it suspends, and passes the reason on", async () => {
  await using node = await signedInNode(machine, { "PUT /api/v3/users/bob/suspended": { status: 204 } });
  expect((await machine.run(["account", "suspend", "bob"])).exitCode).not.toBe(0);
  const { exitCode } = await machine.run(["account", "suspend", "bob", "--yes", "--reason", "spam"]);
  expect([exitCode, node.seen.at(-1)?.body]).toEqual([0, { reason: "spam" }]);
});

test("lists accounts and shows one, as administrators see them", async () => {
  const suspension = { reason: "spam", by: "alice", at: "2026-11-20T12:00:00.000Z", height: 9 };
  const bob = {
    id: 2,
    handle: "bob",
    name: "Bob",
    isOrganization: false,
    isAdministrator: false,
    createdAt: "2026-11-19T12:00:00.000Z",
    suspension,
    isUsual: false,
  };
  await using node = await signedInNode(machine, {
    "GET /api/guts/accounts": { json: [bob] },
    "GET /api/guts/accounts/bob": { json: bob },
  });
  const { stdout } = await machine.run(["account", "list", "bo", "--suspended"]);
  expect(stdout).toBe("bob\tBob\tperson, suspended\t2026-11-19\n");
  expect(node.seen.at(-1)?.path).toBe("/api/guts/accounts?per_page=30&query=bo&suspended=true");
  const shown = await machine.run(["account", "view", "bob"]);
  expect(shown.stdout).toContain("budget\tset by an administrator\n");
  expect(shown.stdout).toContain("because\tspam\n");
});

test("lets an account go with a reason, and opens one by what its own key signed", async () => {
  const network = {
    networkId: "ab".repeat(32),
    rulesVersion: 1,
    height: 5,
    time: "2026-11-20T12:00:00.000Z",
    nodeId: nodeId,
  };
  await using node = await signedInNode(machine, {
    "DELETE /api/v3/users/bob/suspended": { status: 204 },
    "GET /api/guts/network": { json: network },
    "POST /api/guts/invitations": { status: 201, json: {} },
    "POST /api/v3/admin/users": { status: 201, json: {} },
  });
  expect((await machine.run(["account", "unsuspend", "bob", "--reason", "a mistake"])).exitCode).toBe(0);
  expect(node.seen.at(-1)?.body).toEqual({ reason: "a mistake" });
  const { exitCode } = await machine.run(["account", "create", "grace", "--recovery-code-file", "grace.code"]);
  expect(exitCode).toBe(0);
  const { login, envelope } = node.seen.at(-1)!.body as { readonly login: string; readonly envelope: string };
  const { body } = decode(signedTransactionCodec, new Uint8Array(Buffer.from(envelope, "base64")));
  expect([login, body.account]).toEqual(["grace", 0]);
  expect(decode(KINDS["account.create"].payload, body.payload)).toMatchObject({ handle: "grace", homeNode: nodeId });
});

test("says who may open accounts, and takes nothing else for a rule", async () => {
  await using node = await signedInNode(machine, { "PUT /api/guts/registration": { status: 204 } });
  expect((await machine.run(["account", "registration", "ajar"])).exitCode).toBe(2);
  expect((await machine.run(["account", "registration", "closed"])).exitCode).toBe(0);
  expect(node.seen.at(-1)?.body).toEqual({ registration: "closed" });
});

test("lists an audit log by qualifiers as rows in a pipe", async () => {
  const entry = {
    "@timestamp": 1_790_000_000_000,
    created_at: "2026-09-21T13:33:20.000Z",
    _document_id: "ab".repeat(32),
    action: "org.add_member",
    actor: "alice",
    actor_id: 1,
    user: "bob",
    user_id: 2,
    org: "acme",
    org_id: 3,
    repo: null,
    repo_id: null,
    team: null,
    node: null,
    about: null,
    reason: null,
    sequence: 9,
    height: 5,
    index: 0,
  };
  await using node = await signedInNode(machine, { "GET /api/v3/orgs/acme/audit-log": { json: [entry] } });
  const { stdout } = await machine.run(["audit", "list", "--org", "acme", "action:org", "actor:alice"]);
  expect(stdout).toBe(`2026-09-21 13:33:20\torg.add_member\talice\tacme bob\t\t${"ab".repeat(32)}\n`);
  expect(node.seen.at(-1)?.path).toMatch(/phrase=action%3Aorg(%20|\+)actor%3Aalice/);
});
