import { randomBytes } from "node:crypto";

import { createClient } from "@guts/api";
import { parsePrivateSeed, publicKeyOf, toHex } from "@guts/primitives";
import { afterAll, beforeAll, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let admin: TestAccount;
let ada: TestAccount;
const drawKey = () => toHex(publicKeyOf(parsePrivateSeed(new Uint8Array(randomBytes(32)))!));

beforeAll(async () => {
  const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
  node = await TestNode.start({ administrators: [publicKeyOf(seed)] });
  admin = await node.signUp("founder", undefined, seed);
  ada = await node.signUp("ada");
}, 60_000);
afterAll(() => node[Symbol.asyncDispose]());

test("invitations to the network are made, listed and taken back by administrators, with reasons in the audit log", async () => {
  const key = drawKey();
  const body = { key, uses: 30, expiresInDays: 3, reason: "a course" };
  const made = await admin.client.call("POST /api/guts/invitations", { body });
  expect(made).toMatchObject({ key, uses: 30, usesLeft: 30, invitedBy: admin.handle, isForClosed: false });
  expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBeGreaterThan(2 * 86_400_000);
  expect(await admin.client.call("GET /api/guts/invitations", {})).toEqual([made]);
  const again = admin.client.call("POST /api/guts/invitations", { body });
  await expect(again).rejects.toMatchObject({ status: 409, reason: "invitation-exists" });
  const path = { key };
  await admin.client.call("DELETE /api/guts/invitations/{key}", { path, body: { reason: "over" } });
  expect(await admin.client.call("GET /api/guts/invitations", {})).toEqual([]);
  const log = await admin.client.call("GET /api/guts/audit-log", { query: { phrase: "action:network_invitation" } });
  expect(log.map(({ action, reason }) => [action, reason])).toEqual([
    ["network_invitation.cancel", "over"],
    ["network_invitation.create", "a course"],
  ]);
  for (const asked of [
    ada.client.call("GET /api/guts/invitations", {}),
    ada.client.call("POST /api/guts/invitations", { body: { key: drawKey() } }),
    ada.client.call("PUT /api/guts/registration", { body: { registration: "closed" } }),
  ])
    await expect(asked).rejects.toMatchObject({ status: 403 });
});

test("registration is switched, and every visitor sees it", async () => {
  const visitor = createClient({ baseUrl: node.url });
  const rule = async () => (await visitor.call("GET /api/guts/network", {})).registration;
  await admin.client.call("PUT /api/guts/registration", { body: { registration: "closed", reason: "a flood" } });
  expect(await rule()).toBe("closed");
  await expect(node.signUp("eve")).rejects.toMatchObject({ status: 403, reason: "registration-closed" });
  await admin.client.call("PUT /api/guts/registration", { body: { registration: "open" } });
  expect(await rule()).toBe("open");
  await node.signUp("grace");
});
