import { randomBytes } from "node:crypto";

import { createClient } from "@guts/api";
import { parsePrivateSeed, publicKeyOf } from "@guts/primitives";
import { afterAll, beforeAll, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const password = "correct horse battery";
let node: TestNode;
let admin: TestAccount;
let ada: TestAccount;

beforeAll(async () => {
  const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
  node = await TestNode.start({ administrators: [publicKeyOf(seed)] });
  admin = await node.signUp("founder", undefined, seed);
  ada = await node.signUp("ada", password);
});
afterAll(() => node[Symbol.asyncDispose]());

const pathOf = (account: TestAccount) => ({ username: account.handle });

test("a suspended account is refused in words at every door, and comes back as it was", async () => {
  await ada.client.call("POST /api/v3/user/repos", { body: { name: "kept" } });
  const suspended = await admin.client.answer("PUT /api/v3/users/{username}/suspended", {
    path: pathOf(ada),
    body: { reason: "spam" },
  });
  expect(suspended).toMatchObject({ status: 204, height: node.ledger.height() });
  const words = { status: 403, reason: "account-suspended", message: "Sorry. Your account was suspended." };
  await expect(ada.client.call("GET /api/v3/user", {})).rejects.toMatchObject(words);
  const body = { login: ada.handle, password };
  const visitor = createClient({ baseUrl: node.url });
  await expect(visitor.call("POST /api/guts/signin", { body })).rejects.toMatchObject(words);
  const wrong = visitor.call("POST /api/guts/signin", { body: { ...body, password: "wrong password" } });
  await expect(wrong).rejects.toMatchObject({ status: 401 });
  const git = await fetch(`${node.url}/${ada.handle}/kept.git/info/refs?service=git-receive-pack`, {
    headers: { authorization: `Basic ${Buffer.from(`x:${ada.token}`).toString("base64")}` },
  });
  expect([git.status, await git.text()]).toEqual([403, "Sorry. Your account was suspended.\n"]);
  const repo = { owner: ada.handle, repo: "kept" };
  await expect(visitor.call("GET /api/v3/repos/{owner}/{repo}", { path: repo })).resolves.toMatchObject({
    name: "kept",
  });
  const standing = admin.client.call("GET /api/guts/accounts/{handle}/standing", { path: { handle: ada.handle } });
  await expect(standing).resolves.toMatchObject({ suspension: { reason: "spam", by: admin.handle } });
  await admin.client.call("DELETE /api/v3/users/{username}/suspended", { path: pathOf(ada) });
  await expect(ada.client.call("GET /api/v3/user", {})).resolves.toMatchObject({ login: ada.handle });
});

test("only administrators suspend, change budgets and see others' standing", async () => {
  const eve = await node.signUp("eve");
  const path = { handle: ada.handle };
  const suspend = eve.client.call("PUT /api/v3/users/{username}/suspended", { path: pathOf(ada), body: {} });
  await expect(suspend).rejects.toMatchObject({ status: 403 });
  const change = eve.client.call("PUT /api/guts/accounts/{handle}/budget", { path, body: { rule: null } });
  await expect(change).rejects.toMatchObject({ status: 403 });
  const look = eve.client.call("GET /api/guts/accounts/{handle}/standing", { path });
  await expect(look).rejects.toMatchObject({ status: 404 });
});

test("accounts are listed by id and by the beginning of their handle, and those that are suspended apart", async () => {
  const list = (query: Parameters<typeof admin.client.call<"GET /api/guts/accounts">>[1]["query"] = {}) =>
    admin.client.call("GET /api/guts/accounts", { query });
  const [first, second] = [await node.signUp("zelda"), await node.signUp("zeno")];
  await admin.client.call("PUT /api/v3/users/{username}/suspended", { path: pathOf(second), body: { reason: "spam" } });
  const page = await admin.client.answer("GET /api/guts/accounts", { query: { per_page: 1 } });
  expect(page.data).toMatchObject([{ handle: admin.handle, isAdministrator: true, suspension: null, isUsual: true }]);
  expect(page.nextUrl).toContain("since=1");
  const after = await list({ since: first.id });
  expect(after).toMatchObject([{ handle: second.handle, suspension: { reason: "spam", by: admin.handle } }]);
  expect((await list({ query: "Zel" })).map(({ handle }) => handle)).toEqual([first.handle]);
  expect((await list({ suspended: true })).map(({ handle }) => handle)).toEqual([second.handle]);
  expect(await list({ suspended: true, since: second.id })).toEqual([]);
  expect(await list({ suspended: true, query: "zel" })).toEqual([]);
  const path = { handle: second.handle };
  await expect(admin.client.call("GET /api/guts/accounts/{handle}", { path })).resolves.toEqual(after[0]);
  await admin.client.call("DELETE /api/v3/users/{username}/suspended", {
    path: pathOf(second),
    body: { reason: "it was a mistake" },
  });
  const [act] = await admin.client.call("GET /api/guts/audit-log", { query: { phrase: "action:user.unsuspend" } });
  expect(act).toMatchObject({ user: second.handle, reason: "it was a mistake" });
});

test("an administrator opens an account by what its own key signed", async () => {
  const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
  const { envelope } = node.accountStatement("grace", seed);
  const create = (login: string) => admin.client.call("POST /api/v3/admin/users", { body: { login, envelope } });
  await expect(create("hopper")).rejects.toMatchObject({ status: 422 });
  await expect(create("grace")).resolves.toMatchObject({ login: "grace", type: "User", site_admin: false });
  const refused = ada.client.call("POST /api/v3/admin/users", { body: { login: "grace", envelope } });
  await expect(refused).rejects.toMatchObject({ status: 403 });
});

test("a node's budget is an administrator's affair", async () => {
  const path = { node_id: node.ledger.nodeId };
  const standing = () => admin.client.call("GET /api/guts/nodes/{node_id}/standing", { path });
  const { rule, isUsual } = await standing();
  expect(isUsual).toBe(true);
  const wider = { ...rule, capacity: { ...rule.capacity, transactions: rule.capacity.transactions + 1 } };
  const change = (client = admin.client) =>
    client.call("PUT /api/guts/nodes/{node_id}/budget", { path, body: { rule: wider, reason: "a busy node" } });
  await expect(change(ada.client)).rejects.toMatchObject({ status: 403 });
  await expect(change()).resolves.toMatchObject({ isUsual: false, rule: wider });
  const [act] = await admin.client.call("GET /api/guts/audit-log", { query: { phrase: "action:budget" } });
  expect(act).toMatchObject({ action: "budget.update", reason: "a busy node" });
  const unknown = { node_id: "00".repeat(32) };
  const look = admin.client.call("GET /api/guts/nodes/{node_id}/standing", { path: unknown });
  await expect(look).rejects.toMatchObject({ status: 404 });
});

test("a budget is visible to its account, and changes by an administrator's word", async () => {
  const path = { handle: ada.handle };
  const usual = await ada.client.call("GET /api/guts/accounts/{handle}/standing", { path });
  expect(usual).toMatchObject({ isUsual: true, suspension: null, rule: { capacity: { transactions: 2000 } } });
  const rule = { ...usual.rule, capacity: { ...usual.rule.capacity, transactions: 5000 } };
  const changed = await admin.client.call("PUT /api/guts/accounts/{handle}/budget", { path, body: { rule } });
  expect(changed).toMatchObject({ isUsual: false, rule: { capacity: { transactions: 5000 } } });
  const small = { ...rule, capacity: { ...rule.capacity, transactions: 0 } };
  const refused = admin.client.call("PUT /api/guts/accounts/{handle}/budget", { path, body: { rule: small } });
  await expect(refused).rejects.toMatchObject({ status: 422, reason: "budget-too-small" });
  await admin.client.call("PUT /api/guts/accounts/{handle}/budget", { path, body: { rule: null } });
});
