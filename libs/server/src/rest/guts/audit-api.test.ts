import { randomBytes } from "node:crypto";

import { eventCodec } from "@guts/ledger";
import { decode, parsePrivateSeed, publicKeyOf } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let admin: TestAccount;
let ada: TestAccount;
let bob: TestAccount;

beforeAll(async () => {
  const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
  node = await TestNode.start({ administrators: [publicKeyOf(seed)] });
  admin = await node.signUp("founder", undefined, seed);
  ada = await node.signUp("ada");
  bob = await node.signUp("bob");
}, 60_000);
afterAll(() => node[Symbol.asyncDispose]());

const actionsOf = (entries: readonly { readonly action: string }[]) => entries.map(({ action }) => action);

describe("an organization's audit log", () => {
  test("has what was done in it and on its repositories, for its owners, by GitHub's qualifiers", async () => {
    const path = { org: "acme" };
    await ada.client.call("POST /api/v3/admin/organizations", { body: { login: "acme" } });
    const membership = { path: { ...path, username: bob.handle } };
    await ada.client.call("PUT /api/v3/orgs/{org}/memberships/{username}", { ...membership, body: {} });
    await ada.client.call("POST /api/v3/orgs/{org}/repos", { path, body: { name: "web", private: true } });
    const log = (phrase?: string, more: { readonly after?: number; readonly per_page?: number } = {}) =>
      ada.client.call("GET /api/v3/orgs/{org}/audit-log", { path, query: { ...more, ...(phrase && { phrase }) } });
    const all = await log();
    expect(actionsOf(all)).toEqual(["repo.create", "org.invite_member", "org.create"]);
    const [made, invited] = all;
    expect(made).toMatchObject({ actor: ada.handle, org: "acme", repo: "acme/web", about: "web", reason: null });
    expect(invited).toMatchObject({ user: bob.handle, about: "member", repo: null });
    expect(Date.parse(made!.created_at)).toBe(made!["@timestamp"]);
    const found = await ada.client.call("GET /api/guts/transactions/{id}", { path: { id: made!["_document_id"] } });
    expect([found.height, found.index]).toEqual([made!.height, made!.index]);
    expect(actionsOf(await log("action:org"))).toEqual(["org.invite_member", "org.create"]);
    expect(actionsOf(await log(`repo:acme/web actor:${ada.handle} action:repo.create`))).toEqual(["repo.create"]);
    expect(await log(`actor:${bob.handle}`)).toEqual([]);
    expect(await log("actor:nobody-at-all")).toEqual([]);
    expect(await log(`created:<${made!.created_at.slice(0, 10)}`)).toEqual([]);
    expect(actionsOf(await log(`created:>=${made!.created_at}`))).toContain("repo.create");
    await expect(log("country:DE")).rejects.toMatchObject({ status: 422 });
    const page = await ada.client.answer("GET /api/v3/orgs/{org}/audit-log", { path, query: { per_page: 2 } });
    expect(page.nextUrl).toContain(`after=${page.data[1]!.sequence}`);
    expect(actionsOf(await log(undefined, { after: page.data[1]!.sequence }))).toEqual(["org.create"]);
    const asBob = bob.client.call("GET /api/v3/orgs/{org}/audit-log", { path });
    await expect(asBob).rejects.toMatchObject({ status: 403 });
    const repository = { owner: "acme", repo: "web" };
    const ofRepository = ada.client.call("GET /api/guts/repos/{owner}/{repo}/audit-log", { path: repository });
    expect(actionsOf(await ofRepository)).toEqual(["repo.create"]);
  });
});

test("a security log has what one did and what was done to one, and nobody else reads it", async () => {
  const path = { username: bob.handle };
  await admin.client.call("PUT /api/v3/users/{username}/suspended", { path, body: { reason: "a test" } });
  await admin.client.call("DELETE /api/v3/users/{username}/suspended", { path });
  const log = await bob.client.call("GET /api/guts/security-log", {});
  expect(actionsOf(log).slice(0, 2)).toEqual(["user.unsuspend", "user.suspend"]);
  expect(log[1]).toMatchObject({ actor: admin.handle, user: bob.handle, reason: "a test" });
  expect(actionsOf(log)).toContain("user.create");
  const id = log[1]!["_document_id"];
  await expect(bob.client.call("GET /api/guts/audit-log/{id}", { path: { id } })).resolves.toEqual(log[1]);
  const asAda = ada.client.call("GET /api/guts/audit-log/{id}", { path: { id } });
  await expect(asAda).rejects.toMatchObject({ status: 404 });
  const proof = ada.client.call("GET /api/guts/audit-log/{id}/proof", { path: { id } });
  await expect(proof).rejects.toMatchObject({ status: 404 });
});

test("events of a log, and the proof that they are all, are for whoever reads its acts", async () => {
  const read = (client: typeof ada.client, type: string, id: number) =>
    client.call("GET /api/guts/event-logs/{type}/{id}", { path: { type, id: String(id) } });
  const { events } = await read(ada.client, "account", ada.id);
  const decoded = events.map((text) => decode(eventCodec, new Uint8Array(Buffer.from(text, "base64"))));
  expect(decoded.at(-1)).toMatchObject({ actor: ada.id, scope: { type: "account", id: ada.id } });
  const query = { before: decoded[0]!.sequence };
  const path = { type: "account", id: String(ada.id) };
  const older = await ada.client.call("GET /api/guts/event-logs/{type}/{id}", { path, query });
  expect(older.events).toEqual(events.slice(1));
  await expect(read(bob.client, "account", ada.id)).rejects.toMatchObject({ status: 404 });
  await expect(read(ada.client, "network", 0)).rejects.toMatchObject({ status: 404 });
  await expect(read(ada.client, "accounts", ada.id)).rejects.toMatchObject({ status: 404 });
  expect((await read(admin.client, "network", 0)).events.length).toBeGreaterThan(0);
  const proof = ada.client.call("GET /api/guts/event-logs/{type}/{id}/proof", { path: { type: "network", id: "0" } });
  await expect(proof).rejects.toMatchObject({ status: 404 });
});

test("the network's log is for its administrators, and gives the reasons that they gave", async () => {
  const path = { handle: ada.handle };
  const { rule } = await ada.client.call("GET /api/guts/accounts/{handle}/standing", { path });
  const body = { rule, reason: "a busy year" };
  await admin.client.call("PUT /api/guts/accounts/{handle}/budget", { path, body });
  const [newest] = await admin.client.call("GET /api/guts/audit-log", { query: { phrase: "action:budget" } });
  expect(newest).toMatchObject({ action: "budget.update", user: ada.handle, reason: "a busy year", org: null });
  await expect(ada.client.call("GET /api/guts/audit-log", {})).rejects.toMatchObject({ status: 403 });
});
