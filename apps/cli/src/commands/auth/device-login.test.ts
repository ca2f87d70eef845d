import { afterEach, beforeEach, expect, test } from "vitest";
import { readHosts } from "../../config/hosts-file.ts";
import { startFakeNode, type PreparedAnswer } from "../../testing/fake-node.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const begun = { device_code: "c0de", user_code: "BCDF-GHJK", expires_in: 900, interval: 0 };
const account = { id: 7, handle: "alice", name: null, createdAt: "2026-11-20T12:00:00Z" };
const network = { networkId: "ab".repeat(32), name: "testnet", registration: "open" };

/** A node that answers polls in this order. */
function nodeAnswers(polls: readonly object[]): Readonly<Record<string, PreparedAnswer>> {
  const left = [...polls];
  return {
    "POST /login/device/code": { json: begun },
    "POST /login/oauth/access_token": () => ({ json: left.shift() }),
    "GET /api/guts/session": { json: { account, scopes: [], isVisit: false, hasPassword: true, network } },
  };
}

test("signs in with a code, and waits as the node says", async () => {
  const pending = { error: "authorization_pending" };
  const slow = { error: "slow_down", interval: 0 };
  await using node = await startFakeNode(nodeAnswers([pending, slow, pending, { access_token: "guts_new" }]));
  const result = await machine.run(["auth", "login", "--web", "--host", node.url], { answers: [false] });
  expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  expect(result.stderr).toContain(`Your code: BCDF-GHJK\nEnter it at ${node.url}/login/device`);
  expect(machine.opened).toEqual([`${node.url}/login/device`]);
  expect(node.seen.find(({ path }) => path === "/login/device/code")?.body).toEqual({
    client_id: "guts-cli",
    scope: "repo,user,admin:org,admin:public_key,admin:ssh_signing_key,admin:gpg_key,admin:credentials",
  });
  expect(node.seen.find(({ path }) => path === "/login/oauth/access_token")?.body).toEqual({
    client_id: "guts-cli",
    device_code: "c0de",
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  });
  const hosts = await readHosts(machine.configDirectory);
  expect(hosts.entries.get(node.url as never)).toEqual({ login: "alice", token: "guts_new" });
});

test.each([
  ["access_denied", 130],
  ["expired_token", 4],
  ["something_else", 1],
])("ends with %s", async (error, exitCode) => {
  await using node = await startFakeNode(nodeAnswers([{ error }]));
  expect((await machine.run(["auth", "login", "--web", "--host", node.url])).exitCode).toBe(exitCode);
  expect((await readHosts(machine.configDirectory)).entries.size).toBe(0);
});

test("says so when the node knows no codes", async () => {
  await using node = await startFakeNode({});
  const result = await machine.run(["auth", "login", "--web", "--host", node.url]);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain("an older node");
});

test("takes scopes for a browser only", async () => {
  await using node = await startFakeNode({});
  const result = await machine.run(["auth", "login", "--with-token", "--scopes", "repo", "--host", node.url]);
  expect(result.exitCode).toBe(2);
});
