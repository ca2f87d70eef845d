import { createClient } from "@guts/api";
import { afterAll, beforeAll, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";

const ghClient = "178c6fc778ccc68e1d6a";
let nowMs = Date.UTC(2031, 0, 1);
let node: TestNode;
let ada: TestAccount;

beforeAll(async () => {
  node = await TestNode.start({ clock: { nowMs: () => nowMs } });
  ada = await node.signUp("ada");
});
afterAll(() => node[Symbol.asyncDispose]());

type Fields = Readonly<Record<string, string>>;

async function post(path: string, fields: Fields, accept?: string): Promise<Response> {
  const headers = accept === undefined ? {} : { accept };
  return fetch(node.url + path, { method: "POST", headers, body: new URLSearchParams(fields) });
}

async function begin(scope = "repo read:org gist"): Promise<Fields> {
  const answer = await post("/login/device/code", { client_id: ghClient, scope }, "application/json");
  return (await answer.json()) as Fields;
}

async function poll(deviceCode: string): Promise<Fields> {
  nowMs += 10_000;
  const fields = {
    client_id: ghClient,
    device_code: deviceCode,
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  };
  return Object.fromEntries(new URLSearchParams(await (await post("/login/oauth/access_token", fields)).text()));
}

test("a program signs in as gh does, with a form in and a form out", async () => {
  const answer = await post("/login/device/code", { client_id: ghClient, scope: "repo read:org gist" });
  expect(answer.headers.get("content-type")).toMatch(/^application\/x-www-form-urlencoded/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const begun = Object.fromEntries(new URLSearchParams(await answer.text()));
  expect(begun).toMatchObject({ verification_uri: `${node.url}/login/device`, expires_in: "900", interval: "5" });
  expect((await poll(begun["device_code"]!))["error"]).toBe("authorization_pending");
  const path = { code: begun["user_code"]! };
  await expect(ada.client.call("GET /api/guts/devices/{code}", { path })).resolves.toMatchObject({
    clientName: "GitHub CLI",
    scopes: ["gist", "read:org", "repo"],
    address: "127.0.0.1",
  });
  await ada.client.call("POST /api/guts/devices/{code}", { path, body: { decision: "approve" } });
  const granted = await poll(begun["device_code"]!);
  expect(granted).toMatchObject({ token_type: "bearer", scope: "gist,read:org,repo" });
  const client = createClient({ baseUrl: node.url, token: granted["access_token"]! });
  await expect(client.call("GET /api/v3/user", {})).resolves.toMatchObject({ login: ada.handle });
  const tokens = await ada.client.call("GET /api/guts/tokens", {});
  expect(tokens.some(({ label }) => label === "GitHub CLI, signed in by code")).toBe(true);
  expect((await poll(begun["device_code"]!))["error"]).toBe("incorrect_device_code");
});

test("a refused program is told so, and nothing is granted", async () => {
  const begun = await begin();
  const before = await ada.client.call("GET /api/guts/tokens", {});
  const path = { code: begun["user_code"]! };
  await ada.client.call("POST /api/guts/devices/{code}", { path, body: { decision: "deny" } });
  expect((await poll(begun["device_code"]!))["error"]).toBe("access_denied");
  expect(await ada.client.call("GET /api/guts/tokens", {})).toHaveLength(before.length);
});

test("nobody lets in more than they may do themselves", async () => {
  const body = { label: "weak", scopes: ["repo" as const] };
  const { token } = await ada.client.call("POST /api/guts/tokens", { body });
  const weak = createClient({ baseUrl: node.url, token });
  const begun = await begin();
  const path = { code: begun["user_code"]! };
  const approval = weak.call("POST /api/guts/devices/{code}", { path, body: { decision: "approve" } });
  await expect(approval).rejects.toMatchObject({ status: 403 });
  expect((await poll(begun["device_code"]!))["error"]).toBe("authorization_pending");
});

test("codes cannot be tried without end", async () => {
  const eve = await node.signUp("eve");
  const attempt = () => eve.client.call("GET /api/guts/devices/{code}", { path: { code: "BBBB-BBBB" } });
  const statuses: number[] = [];
  for (let count = 0; count < 25; count++)
    statuses.push(
      await attempt().then(
        () => 200,
        (error: { readonly status: number }) => error.status,
      ),
    );
  expect(new Set(statuses)).toEqual(new Set([404, 429]));
});

test.each([
  ["another grant", { grant_type: "password", client_id: ghClient }, "unsupported_grant_type"],
  [
    "an unknown code",
    { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: ghClient, device_code: "x" },
    "incorrect_device_code",
  ],
])("refuses %s as GitHub does, with status 200", async (_what, fields, error) => {
  const answer = await post("/login/oauth/access_token", fields, "application/json");
  expect(answer.status).toBe(200);
  await expect(answer.json()).resolves.toMatchObject({ error });
});

test("refuses a client id that could not be shown", async () => {
  expect((await post("/login/device/code", { client_id: "a b<script>" })).status).toBe(422);
});
