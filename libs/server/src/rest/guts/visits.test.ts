import { createClient } from "@guts/api";
import { visitScopes } from "@guts/governance";
import { signInRequestOf, voucherIdOf } from "@guts/ledger";
import { fromHex, parseDigest, publicKeyOf, toHex } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { visitLimits } from "../../limits.ts";
import { drawSeed } from "../../testing/drawn.fixture.ts";
import { OtherNode, seesOtherNodes } from "../../testing/other-node.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const seed = drawSeed();
let node: TestNode;
let other: OtherNode;
/** Has a second home at the other node. */
let ada: TestAccount;
/** What the other node says of its address. */
let told: string | undefined = "https://other.example.org/";

beforeAll(async () => {
  node = await TestNode.start({
    administrators: [publicKeyOf(seed)],
    publicUrl: "https://here.example.org",
    network: (ledger) => seesOtherNodes(ledger, () => told),
  });
  other = await OtherNode.join(node, await node.signUp("administrator", undefined, seed), "other");
  ada = await node.signUp("ada", "correct horse battery");
  await other.delegate(ada);
});
afterAll(() => node[Symbol.asyncDispose]());

const visitor = () => createClient({ baseUrl: node.url });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${node.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
/** A browser that begins: its cookie, and the number in it. */
async function begin() {
  const answer = await post("/api/guts/visits/requests", { login: ada.handle });
  const setCookie = answer.headers.get("set-cookie") ?? "";
  const cookie = setCookie.split(";")[0] ?? "";
  const [home] = ((await answer.json()) as { homes: { consentUrl: string }[] }).homes;
  return { setCookie, cookie, secret: Buffer.from(cookie.split("=")[1] ?? "", "base64url"), home };
}

describe("beginning at the visited node", () => {
  test("keeps a number in the browser and names the home with its digest", async () => {
    const { setCookie, secret, home } = await begin();
    expect(setCookie).toMatch(
      /^__Host-guts_visit_[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=900; Secure$/,
    );
    const request = toHex(signInRequestOf(new Uint8Array(secret)));
    const query = new URLSearchParams({ node: node.ledger.nodeId, request, login: ada.handle });
    expect(home).toEqual({
      nodeId: other.id,
      name: "other",
      consentUrl: `https://other.example.org/login/visit?${query.toString()}`,
      isConnected: true,
    });
  });

  test("says the same of nobody and of an account without a home, and sends nobody away who is at home", async () => {
    const begun = (login: string) => visitor().call("POST /api/guts/visits/requests", { body: { login } });
    await expect(begun("nobody-of-this-name")).rejects.toMatchObject({ status: 404, reason: "no-home" });
    const { handle } = await node.signUp("local");
    await expect(begun(handle)).rejects.toMatchObject({ status: 409, reason: "is-home" });
  });

  test.each([
    ["none", undefined],
    ["no address", "not an address"],
    ["a script", "javascript:alert(1)"],
    ["less safe than here", "http://other.example.org"],
    ["with a password", "https://a:b@other.example.org"],
  ])("knows no page of a home whose address is %s", async (_what, address) => {
    const usual = told;
    told = address;
    try {
      expect((await begin()).home).toMatchObject({ consentUrl: null });
      const path = { node_id: other.id };
      const shown = ada.client.call("GET /api/guts/visits/{node_id}", { path });
      await expect(shown).rejects.toMatchObject({ status: 409, reason: "node-address-unknown" });
    } finally {
      told = usual;
    }
  });
});

describe("agreeing at home", () => {
  test("names who asks and what goes along, and gives the code to that node's own address", async () => {
    const shown = await ada.client.call("GET /api/guts/visits/{node_id}", { path: { node_id: other.id } });
    expect(shown).toMatchObject({ name: "other", url: "https://other.example.org" });
    expect(shown.scopes).toContain("repo");
    expect(shown.scopes).not.toContain("admin:credentials");
    const request = other.newRequest();
    const agreed = await ada.client.call("POST /api/guts/visits", { body: { nodeId: other.id, request } });
    expect(agreed.returnUrl).toBe(
      `https://other.example.org/login/visited#code=${agreed.code}&height=${agreed.height}`,
    );
    const code = new Uint8Array(Buffer.from(agreed.code, "base64url"));
    const voucher = node.ledger.state().credential(voucherIdOf(parseDigest(fromHex(request)!)!, code));
    expect(voucher).toMatchObject({ kind: "voucher", account: ada.id, audience: [other.id], scopes: visitScopes });
    expect(voucher!.expiresTime! - node.ledger.time()).toBeLessThanOrEqual(visitLimits.codeLifeMs);
  });

  test("is for nodes of the network, other than this one, and takes what manages credentials", async () => {
    const ask = (nodeId: string, token = ada.token) =>
      post("/api/guts/visits", { nodeId, request: other.newRequest() }, { authorization: `token ${token}` });
    expect((await ask("ab".repeat(32))).status).toBe(404);
    expect((await ask(node.ledger.nodeId)).status).toBe(404);
    const body = { label: "narrow", scopes: ["repo" as const] };
    const { token } = await ada.client.call("POST /api/guts/tokens", { body });
    expect((await ask(other.id, token)).status).toBe(403);
    expect((await ask(other.id)).status).toBe(201);
  });

  test("is not done by another site's page in the person's browser", async () => {
    const signedIn = await post("/api/guts/signin", { login: ada.handle, password: "correct horse battery" });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const body = { nodeId: other.id, request: other.newRequest() };
    const ask = (headers: Record<string, string>) => post("/api/guts/visits", body, { cookie, ...headers });
    expect((await ask({ "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ask({ origin: "https://other.example.org" })).status).toBe(403);
    expect((await ask({ "sec-fetch-site": "same-origin" })).status).toBe(201);
  });
});

describe("coming back with the code", () => {
  const enter = (code: string, cookie?: string) =>
    post("/api/guts/signin/visit", { code }, { "sec-fetch-site": "same-origin", ...(cookie && { cookie }) });

  test("starts a session in the browser that began, once", async () => {
    const { cookie, secret } = await begin();
    const { code } = await other.vouch(ada, secret);
    const entered = await enter(code, cookie);
    expect(entered.status).toBe(200);
    const session = entered.headers.get("set-cookie") ?? "";
    expect(session).toMatch(/^guts_session_[0-9a-f]{8}=guts_\w{40}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600/);
    const own = { cookie: session.split(";")[0]! };
    const who = (await (await fetch(`${node.url}/api/guts/session`, { headers: own })).json()) as { scopes: string[] };
    expect(who).toMatchObject({ account: { handle: ada.handle } });
    expect(who.scopes).not.toContain("admin:credentials");
    expect((await enter(code, cookie)).status).toBe(401);
  });

  test("is nothing in another browser: neither a stolen code nor one that was slipped in", async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const stolen = await other.vouch(ada, mine.secret);
    for (const cookie of [undefined, theirs.cookie]) {
      const answer = await enter(stolen.code, cookie);
      expect(answer.status).toBe(401);
      await expect(answer.json()).resolves.toMatchObject({ code: "visit-unknown" });
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expect((await enter(stolen.code, mine.cookie)).status).toBe(200);
  });

  test("is too late after two minutes, and not done by another site's page", async () => {
    const { cookie, secret } = await begin();
    const { code } = await other.vouch(ada, secret);
    const elsewhere = await post("/api/guts/signin/visit", { code }, { cookie, "sec-fetch-site": "cross-site" });
    expect(elsewhere.status).toBe(403);
    node.ledger.advance(visitLimits.codeLifeMs);
    expect((await enter(code, cookie)).status).toBe(401);
  });

  test("gives a program a token that is listed with both nodes, and ends from home", async () => {
    const body = { ...(await other.vouch(ada)), session: "token" as const };
    const { token } = await visitor().call("POST /api/guts/signin/visit", { body });
    const visiting = createClient({ baseUrl: node.url, token: token! });
    await visiting.call("POST /api/v3/user/repos", { body: { name: "made-on-a-visit" } });
    const listed = (await ada.client.call("GET /api/guts/tokens", {})).find(({ kind }) => kind === "visit")!;
    expect(listed).toMatchObject({ nodes: [expect.any(String)], vouchedBy: "other", isCurrent: false });
    const more = visiting.call("POST /api/guts/tokens", { body: { label: "more", scopes: ["repo"] } });
    await expect(more).rejects.toMatchObject({ status: 403 });
    const visits = await ada.client.call("GET /api/guts/tokens", {});
    for (const { id } of visits.filter(({ kind }) => kind === "visit"))
      await ada.client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
    await expect(visiting.call("GET /api/v3/user", {})).rejects.toMatchObject({ status: 401 });
  });
});
