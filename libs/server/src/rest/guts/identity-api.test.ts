import { randomBytes } from "node:crypto";

import { createClient } from "@guts/api";
import { provePossession } from "@guts/ledger";
import { parsePrivateSeed } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { signInLimits } from "../../limits.ts";
import { TestNode, type SessionStatement } from "../../testing/test-node.fixture.ts";

const password = "correct horse battery";
const logLines: string[] = [];
let node: TestNode;

beforeAll(async () => {
  node = await TestNode.start({ logLines });
});
afterAll(() => node[Symbol.asyncDispose]());

const visitor = () => createClient({ baseUrl: node.url });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${node.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const cookieOf = (response: Response): string => response.headers.get("set-cookie")?.split(";")[0] ?? "";

describe("sign-up", () => {
  test("opens an account by its own key and starts a session in a cookie", async () => {
    const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
    const body = { ...node.accountStatement("newcomer", seed), password, session: "cookie" };
    const response = await post("/api/guts/signup", body, { origin: node.url });
    expect(response.status).toBe(201);
    const setCookie = response.headers.get("set-cookie") ?? "";
    expect(setCookie).toMatch(/^guts_session_[0-9a-f]{8}=guts_\w{40}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    await expect(response.json()).resolves.toMatchObject({ account: { handle: "newcomer" }, token: null });
    const session = await fetch(`${node.url}/api/guts/session`, { headers: { cookie: cookieOf(response) } });
    await expect(session.json()).resolves.toMatchObject({ account: { handle: "newcomer" } });
  });

  test("a taken handle and a short password are refused, each by its field", async () => {
    const { handle } = await node.signUp("taken");
    const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
    const taken = await post("/api/guts/signup", { ...node.accountStatement(handle, seed), session: "token" });
    await expect(taken.json()).resolves.toMatchObject({ code: "handle-taken", errors: [{ field: "handle" }] });
    const statement = node.accountStatement("fresh", seed);
    const short = await post("/api/guts/signup", { ...statement, password: "short", session: "token" });
    await expect(short.json()).resolves.toMatchObject({ errors: [{ field: "password", code: "invalid" }] });
  });

  test("a transaction of another kind does not open an account", async () => {
    const { seed, id } = await node.signUp("closer");
    const statement = node.signForSession({ kind: "account.close", payload: {} }, id, seed);
    expect((await post("/api/guts/signup", { ...statement, session: "token" })).status).toBe(400);
  });
});

describe("sign-in", () => {
  test("needs the right password; unknown logins get the same answer", async () => {
    const { handle } = await node.signUp("secretive", password);
    const right = await visitor().call("POST /api/guts/signin", {
      body: { login: handle, password, session: "token" },
    });
    expect(right.token).toMatch(/^guts_/);
    const wrong = await post("/api/guts/signin", { login: handle, password: "wrong horse" });
    const unknown = await post("/api/guts/signin", { login: "nobody-here", password: "wrong horse" });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  test("an account without a password cannot sign in with one", async () => {
    const { handle } = await node.signUp("keyonly");
    const body = { login: handle, password: "", session: "token" as const };
    await expect(visitor().call("POST /api/guts/signin", { body })).rejects.toMatchObject({ status: 422 });
    await expect(visitor().call("POST /api/guts/signin", { body: { ...body, password } })).rejects.toMatchObject({
      status: 401,
    });
  });

  test("guessing is stopped for a while", async () => {
    const { handle } = await node.signUp("guessed", password);
    const attempt = () => post("/api/guts/signin", { login: handle, password: "a wrong guess" });
    const statuses: number[] = [];
    for (let count = 0; count <= signInLimits.accountAttemptCountMax; count++) statuses.push((await attempt()).status);
    expect(statuses.slice(0, -1).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    const stopped = await post("/api/guts/signin", { login: handle, password });
    expect(stopped.status).toBe(429);
    expect(Number(stopped.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("signing out revokes the session", async () => {
    const { handle } = await node.signUp("leaver", password);
    const signedIn = await post("/api/guts/signin", { login: handle, password });
    const cookie = cookieOf(signedIn);
    const out = await post("/api/guts/signout", {}, { cookie, origin: node.url });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    const session = await fetch(`${node.url}/api/guts/session`, { headers: { cookie } });
    await expect(session.json()).resolves.toMatchObject({ account: null });
  });
});

describe("recovery", () => {
  test("the root key sets a new password at its home node", async () => {
    const { handle, id, seed } = await node.signUp("forgetful", password);
    const grant = { kind: "delegation.grant", payload: { node: node.ledger.nodeId } } as const;
    const body = { ...node.signForSession(grant, id, seed), password: "another good one", session: "token" as const };
    const recovered = await visitor().call("POST /api/guts/recover", { body });
    expect(recovered.account.handle).toBe(handle);
    const again = { login: handle, session: "token" as const };
    await visitor().call("POST /api/guts/signin", { body: { ...again, password: "another good one" } });
    await expect(visitor().call("POST /api/guts/signin", { body: { ...again, password } })).rejects.toMatchObject({
      status: 401,
    });
  });

  test("somebody else's key recovers nothing", async () => {
    const victim = await node.signUp("victim", password);
    const { seed } = await node.signUp("thief");
    const grant = { kind: "delegation.grant", payload: { node: node.ledger.nodeId } } as const;
    const body = {
      ...node.signForSession(grant, victim.id, seed),
      password: "stolen password",
      session: "token" as const,
    };
    await expect(visitor().call("POST /api/guts/recover", { body })).rejects.toMatchObject({ status: 401 });
    const unchanged = { login: victim.handle, password, session: "token" as const };
    await visitor().call("POST /api/guts/signin", { body: unchanged });
  });
});

describe("a signed transaction that somebody else brings, who read it in a block", () => {
  const grantTo = () => ({ kind: "delegation.grant", payload: { node: node.ledger.nodeId } }) as const;
  const mismatch = { status: 401, reason: "proof-mismatch" };
  const drawProof = () => randomBytes(32).toString("base64");
  const recover = (statement: object, chosen: string) =>
    visitor().call("POST /api/guts/recover", {
      body: { ...(statement as SessionStatement), password: chosen, session: "token" },
    });

  test("does not recover the account, right afterwards or years later", async () => {
    const { handle, id, seed } = await node.signUp("replayed", password);
    const statement = node.signForSession(grantTo(), id, seed);
    await recover(statement, "the owner's new one");
    for (const proof of [drawProof(), "A".repeat(44)])
      await expect(recover({ ...statement, proof }, "the thief's one")).rejects.toMatchObject(mismatch);
    node.ledger.advance(30 * 24 * 3600_000);
    await expect(recover(statement, "the thief's one")).rejects.toMatchObject({ status: 409, reason: "expired" });
    const login = { login: handle, password: "the owner's new one", session: "token" as const };
    await visitor().call("POST /api/guts/signin", { body: login });
  });

  test("does not sign in to the account that it opened", async () => {
    const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
    const statement = { ...node.accountStatement("fresh-one", seed), session: "token" as const };
    await visitor().call("POST /api/guts/signup", { body: { ...statement, password } });
    const theirs = { ...statement, proof: drawProof(), password: "the thief's one" };
    await expect(visitor().call("POST /api/guts/signup", { body: theirs })).rejects.toMatchObject(mismatch);
    await visitor().call("POST /api/guts/signin", { body: { login: "fresh-one", password, session: "token" } });
  });

  test("but its signer may repeat it, whose first answer was lost", async () => {
    const seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
    const body = { ...node.accountStatement("patient", seed), password, session: "token" as const };
    const { account } = await visitor().call("POST /api/guts/signup", { body });
    await expect(visitor().call("POST /api/guts/signup", { body })).resolves.toMatchObject({ account });
  });
});

describe("requests of other sites", () => {
  test("do nothing with the visitor's cookie", async () => {
    const { handle } = await node.signUp("browsing", password);
    const cookie = cookieOf(await post("/api/guts/signin", { login: handle, password }));
    const create = (headers: Record<string, string>) =>
      post("/api/v3/user/repos", { name: `x${Math.random()}`.replace(".", "") }, { cookie, ...headers });
    expect((await create({ origin: "https://evil.example" })).status).toBe(403);
    expect((await create({ "sec-fetch-site": "cross-site", origin: node.url })).status).toBe(403);
    expect((await create({ "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await create({})).status).toBe(403);
    expect((await create({ origin: "null" })).status).toBe(403);
    expect((await create({ "sec-fetch-site": "same-origin" })).status).toBe(201);
    expect((await create({ origin: node.url })).status).toBe(201);
  });

  test("cannot sign a visitor in as somebody else", async () => {
    const { handle } = await node.signUp("attacker", password);
    const response = await post("/api/guts/signin", { login: handle, password }, { origin: "https://evil.example" });
    expect(response.status).toBe(403);
    expect(response.headers.get("set-cookie")).toBeNull();
  });
});

describe("tokens", () => {
  test("are shown once, bounded by their scopes, and end when revoked", async () => {
    const { client } = await node.signUp("maker");
    const created = await client.call("POST /api/guts/tokens", {
      body: { label: "ci", scopes: ["public_repo"], expiresInDays: 1 },
    });
    expect(created).toMatchObject({ kind: "token", label: "ci", scopes: ["public_repo"], isCurrent: false });
    const limited = createClient({ baseUrl: node.url, token: created.token });
    await limited.call("POST /api/v3/user/repos", { body: { name: "open" } });
    const closed = limited.call("POST /api/v3/user/repos", { body: { name: "closed", private: true } });
    await expect(closed).rejects.toMatchObject({ status: 403, reason: "scope-missing" });
    const more = limited.call("POST /api/guts/tokens", { body: { label: "more", scopes: ["repo"] } });
    await expect(more).rejects.toMatchObject({ status: 403 });
    const list = await client.call("GET /api/guts/tokens", {});
    expect(list.map(({ label }) => label)).toContain("ci");
    expect(JSON.stringify(list)).not.toContain(created.token);
    await client.call("DELETE /api/guts/tokens/{id}", { path: { id: created.id } });
    await expect(limited.call("GET /api/v3/user", {})).rejects.toMatchObject({ status: 401 });
  });

  test("of somebody else cannot be revoked", async () => {
    const { client } = await node.signUp("first");
    const { client: other } = await node.signUp("second");
    const { id } = await client.call("POST /api/guts/tokens", { body: { label: "mine", scopes: ["repo"] } });
    await expect(other.call("DELETE /api/guts/tokens/{id}", { path: { id } })).rejects.toMatchObject({ status: 404 });
  });

  test("keys and delegations are listed", async () => {
    const { client, handle } = await node.signUp("keyed");
    const [key] = await visitor().call("GET /api/guts/accounts/{handle}/keys", { path: { handle } });
    expect(key).toMatchObject({ role: "root" });
    const [delegation] = await client.call("GET /api/guts/delegations", {});
    expect(delegation?.nodeId).toBe(node.ledger.nodeId);
  });
});

describe("signed transactions", () => {
  test("are applied under the person's own key and described in words", async () => {
    const { seed, id, handle } = await node.signUp("signer");
    const key = parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
    const { publicKeyOf } = await import("@guts/primitives");
    const possession = provePossession(key, node.ledger.networkId, { type: "account", account: id });
    const payload = { key: publicKeyOf(key), role: "device", label: "laptop", possession } as const;
    const command = { kind: "key.add", payload } as const;
    const outcome = await visitor().call("POST /api/guts/transactions", {
      body: { envelope: node.sign(command, id, seed) },
    });
    expect(outcome.outcome).toBe("applied");
    const found = await visitor().call("GET /api/guts/transactions/{id}", { path: { id: outcome.transactionId } });
    expect(found).toMatchObject({
      kind: "key.add",
      summary: `${handle} added a key`,
      outcome: "applied",
      authority: "key",
      signedBy: null,
      pushCertificate: null,
    });
    const block = await visitor().call("GET /api/guts/blocks/{height}", { path: { height: String(outcome.height) } });
    expect(block.transactions[0]?.id).toBe(found.id);
    const [newest] = await visitor().call("GET /api/guts/blocks", { query: { limit: 1 } });
    expect(newest?.height).toBe(node.ledger.height());
  });

  test("nonsense is malformed", async () => {
    const body = { envelope: "AAAA" };
    await expect(visitor().call("POST /api/guts/transactions", { body })).rejects.toMatchObject({ status: 400 });
  });
});

test("a private repository's name is in nobody else's blocks", async () => {
  const { client, handle } = await node.signUp("hidden");
  const answer = await client.answer("POST /api/v3/user/repos", { body: { name: "top-secret", private: true } });
  const path = { height: String(answer.height) };
  const seen = await visitor().call("GET /api/guts/blocks/{height}", { path });
  expect(JSON.stringify(seen)).not.toContain("top-secret");
  expect(seen.transactions[0]?.summary).toBe(`${handle} created a private repository`);
  const own = await client.call("GET /api/guts/blocks/{height}", { path });
  expect(own.transactions[0]?.repository?.fullName).toBe(`${handle}/top-secret`);
});

test("the log holds neither passwords nor tokens", async () => {
  await fetch(`${node.url}/api/v3/user?access_token=guts_query`, { headers: { authorization: "token guts_header" } });
  const log = logLines.join("");
  expect(log).toContain("/api/guts/signup");
  expect(log).not.toMatch(/guts_[0-9A-Za-z]{10,}|guts_query|guts_header|correct horse/);
});
