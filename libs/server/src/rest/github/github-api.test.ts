import { createClient } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let guest: TestAccount;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  guest = await node.signUp("guest");
});
afterAll(() => node[Symbol.asyncDispose]());

let names = 0;
const freshName = (): string => `repo-${++names}`;

async function createRepository(options: { readonly private?: boolean } = {}) {
  return owner.client.call("POST /api/v3/user/repos", { body: { name: freshName(), ...options } });
}

describe("repositories", () => {
  test("a created repository is found by its name and carries its height", async () => {
    const name = freshName();
    const answer = await owner.client.answer("POST /api/v3/user/repos", { body: { name, description: "a place" } });
    expect(answer.status).toBe(201);
    expect(answer.height).toBe(node.ledger.height());
    const found = await guest.client.call("GET /api/v3/repos/{owner}/{repo}", {
      path: { owner: owner.handle, repo: name },
    });
    expect(found).toMatchObject({ name, description: "a place", private: false, default_branch: "main" });
    expect(found.clone_url).toBe(`${node.url}/${owner.handle}/${name}.git`);
  });

  test("a taken name is refused in GitHub's words", async () => {
    const { name } = await createRepository();
    const error = owner.client.call("POST /api/v3/user/repos", { body: { name: name.toUpperCase() } });
    await expect(error).rejects.toMatchObject({ status: 422, reason: "repository-name-taken" });
  });

  test("the same idempotency key creates one repository", async () => {
    const name = freshName();
    const input = { body: { name }, idempotencyKey: `create-${name}` };
    const first = await owner.client.answer("POST /api/v3/user/repos", input);
    const second = await owner.client.answer("POST /api/v3/user/repos", input);
    expect(second.data.id).toBe(first.data.id);
    expect(second.height).toBe(first.height);
  });

  test("a private repository looks absent to strangers and visitors", async () => {
    const { name } = await createRepository({ private: true });
    const path = { owner: owner.handle, repo: name };
    const missing = { status: 404, message: "Not Found" };
    await expect(guest.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject(missing);
    const visitor = createClient({ baseUrl: node.url });
    await expect(visitor.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject(missing);
    await expect(owner.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).resolves.toMatchObject({
      private: true,
    });
    const list = await guest.client.call("GET /api/v3/users/{username}/repos", {
      path: { username: owner.handle },
      query: { per_page: 100 },
    });
    expect(list.map((repository) => repository.name)).not.toContain(name);
  });

  test("settings change and a renamed repository redirects readers to its new name", async () => {
    const { name } = await createRepository();
    const renamed = freshName();
    const path = { owner: owner.handle, repo: name };
    const changed = await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", {
      path,
      body: { name: renamed, description: "moved", private: true },
    });
    expect(changed).toMatchObject({ name: renamed, description: "moved", visibility: "private" });
    const response = await fetch(`${node.url}/api/v3/repos/${owner.handle}/${name}?x=1`, {
      redirect: "manual",
      headers: { authorization: `token ${owner.token}` },
    });
    expect(response.status).toBe(301);
    expect(response.headers.get("location")).toBe(`/api/v3/repos/${owner.handle}/${renamed}?x=1`);
  });

  test("an archived repository is unarchived and described in one request", async () => {
    const { name } = await createRepository();
    const path = { owner: owner.handle, repo: name };
    await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { archived: true } });
    const body = { archived: false, description: "back" };
    const changed = await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body });
    expect(changed).toMatchObject({ archived: false, description: "back" });
  });

  test("only its owner deletes a repository", async () => {
    const { name } = await createRepository();
    const path = { owner: owner.handle, repo: name };
    await expect(guest.client.call("DELETE /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject({
      status: 403,
    });
    await owner.client.call("DELETE /api/v3/repos/{owner}/{repo}", { path });
    await expect(owner.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("pages carry links that the client follows", async () => {
    for (let count = 0; count < 5; count++) await createRepository();
    const seen: string[] = [];
    for await (const repository of owner.client.items("GET /api/v3/user/repos", { query: { per_page: 2 } }))
      seen.push(repository.name);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe("collaborators", () => {
  test("an invited account becomes a collaborator once it accepts", async () => {
    const { name } = await createRepository({ private: true });
    const path = { owner: owner.handle, repo: name, username: guest.handle };
    const invited = await owner.client.answer("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
      path,
      body: { permission: "push" },
    });
    expect(invited).toMatchObject({ status: 201, data: { permissions: "write" } });
    await expect(guest.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject({
      status: 404,
    });
    const [invitation] = await guest.client.call("GET /api/v3/user/repository_invitations", {});
    await guest.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
      path: { invitation_id: String(invitation?.id) },
    });
    const permission = await guest.client.call("GET /api/v3/repos/{owner}/{repo}/collaborators/{username}/permission", {
      path,
    });
    expect(permission).toMatchObject({ permission: "write", user: { login: guest.handle } });
    const people = await guest.client.call("GET /api/v3/repos/{owner}/{repo}/collaborators", { path });
    expect(people.map(({ login }) => login)).toEqual([owner.handle, guest.handle]);
    await guest.client.call("DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}", { path });
    await expect(guest.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("nobody answers an invitation to somebody else", async () => {
    const { name } = await createRepository();
    const other = await node.signUp("other");
    const path = { owner: owner.handle, repo: name, username: other.handle };
    const { data } = await owner.client.answer("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", { path });
    const invitation_id = String(data?.id);
    const answer = guest.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
      path: { invitation_id },
    });
    await expect(answer).rejects.toMatchObject({ status: 404 });
  });
});

describe("transfers", () => {
  test("a repository moves once its new owner accepts, and is found under its former name", async () => {
    const { name, id } = await createRepository({ private: true });
    const taker = await node.signUp("taker");
    const path = { owner: owner.handle, repo: name };
    await owner.client.call("POST /api/v3/repos/{owner}/{repo}/transfer", { path, body: { new_owner: taker.handle } });
    const [offer] = await taker.client.call("GET /api/guts/transfers", {});
    expect(offer).toMatchObject({ repositoryId: id, fullName: `${owner.handle}/${name}`, from: owner.handle });
    await expect(guest.client.call("GET /api/guts/transfers", {})).resolves.toEqual([]);
    const repository_id = String(id);
    await expect(
      guest.client.call("PUT /api/guts/transfers/{repository_id}", { path: { repository_id } }),
    ).rejects.toMatchObject({ status: 404 });
    await taker.client.call("PUT /api/guts/transfers/{repository_id}", { path: { repository_id } });
    const moved = await owner.client.call("GET /api/v3/repos/{owner}/{repo}", { path });
    expect(moved).toMatchObject({ full_name: `${taker.handle}/${name}`, permissions: { admin: true } });
  });

  test("an offer can be declined", async () => {
    const { name, id } = await createRepository();
    const path = { owner: owner.handle, repo: name };
    await owner.client.call("POST /api/v3/repos/{owner}/{repo}/transfer", { path, body: { new_owner: guest.handle } });
    await guest.client.call("DELETE /api/guts/transfers/{repository_id}", { path: { repository_id: String(id) } });
    await expect(guest.client.call("GET /api/guts/transfers", {})).resolves.toEqual([]);
  });
});

describe("accounts", () => {
  test("a profile changes field by field", async () => {
    await owner.client.call("PATCH /api/v3/user", { body: { name: "The Owner", bio: "b" } });
    const changed = await owner.client.call("PATCH /api/v3/user", { body: { bio: "" } });
    expect(changed).toMatchObject({ login: owner.handle, name: "The Owner", bio: null });
    const rest = { company: "Engines", twitter_username: "ada", hireable: true };
    await owner.client.call("PATCH /api/v3/user", { body: { ...rest, twitter_username: "@ada" } });
    const path = { username: owner.handle };
    expect(await owner.client.call("GET /api/v3/users/{username}", { path })).toMatchObject({
      ...rest,
      name: "The Owner",
    });
    const cleared = await owner.client.call("PATCH /api/v3/user", { body: { twitter_username: null, hireable: null } });
    expect(cleared).toMatchObject({ company: "Engines", twitter_username: null, hireable: null });
    const spaced = { twitter_username: "not a name" };
    await expect(owner.client.call("PATCH /api/v3/user", { body: spaced })).rejects.toMatchObject({ status: 422 });
  });

  test("the signed-in account needs a credential", async () => {
    const visitor = createClient({ baseUrl: node.url });
    await expect(visitor.call("GET /api/v3/user", {})).rejects.toMatchObject({ status: 401 });
    const bad = createClient({ baseUrl: node.url, token: "guts_nonsense" });
    await expect(bad.call("GET /api/v3/meta", {})).rejects.toMatchObject({ status: 401, message: "Bad credentials" });
  });
});

describe("what GitHub's clients send", () => {
  const send = (path: string, init: Omit<RequestInit, "headers"> & { readonly headers?: Record<string, string> }) =>
    fetch(`${node.url}${path}`, { ...init, headers: { authorization: `token ${owner.token}`, ...init.headers } });

  test("a bodyless PUT under a JSON content type is accepted", async () => {
    const { name } = await createRepository();
    const response = await send(`/api/v3/repos/${owner.handle}/${name}/collaborators/${guest.handle}`, {
      method: "PUT",
      headers: { "content-type": "application/json; charset=utf-8" },
    });
    expect(response.status).toBe(201);
  });

  test("JSON under text/plain is read", async () => {
    const body = JSON.stringify({ name: freshName() });
    const response = await send("/api/v3/user/repos", {
      method: "POST",
      body,
      headers: { "content-type": "text/plain;charset=UTF-8" },
    });
    expect(response.status).toBe(201);
  });

  test("broken JSON is refused in GitHub's words", async () => {
    const response = await send("/api/v3/user/repos", {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ message: "Problems parsing JSON" });
  });

  test("a missing field is named", async () => {
    const response = await send("/api/v3/user/repos", { method: "POST", body: "{}" });
    expect(response.status).toBe(422);
    await expect(response.json()).resolves.toMatchObject({ errors: [{ field: "name", code: "missing_field" }] });
  });

  test("a trailing slash and HEAD are served, unknown routes are 404 in JSON", async () => {
    expect((await send("/api/v3/", {})).status).toBe(200);
    expect((await send("/api/v3", {})).status).toBe(200);
    expect((await send("/api/v3/meta", { method: "HEAD" })).status).toBe(200);
    const missing = await send("/api/v3/nothing/here", {});
    expect(missing.status).toBe(404);
    await expect(missing.json()).resolves.toMatchObject({ message: "Not Found" });
  });

  test("says what a token may do and what a route asks for, on refusals too", async () => {
    const scopes = ["repo", "public_repo", "read:org"] as const;
    const { token } = await owner.client.call("POST /api/guts/tokens", { body: { label: "x", scopes: [...scopes] } });
    const headers = { authorization: `token ${token}` };
    const user = await send("/api/v3/user", { headers });
    expect(user.headers.get("x-oauth-scopes")).toBe("read:org, repo");
    expect(user.headers.get("x-accepted-oauth-scopes")).toBe("");
    const refused = await send("/api/v3/user", { method: "PATCH", headers, body: JSON.stringify({ name: "x" }) });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-accepted-oauth-scopes")).toBe("user");
    expect((await fetch(`${node.url}/api/v3/meta`)).headers.get("x-oauth-scopes")).toBeNull();
  });

  test("an unchanged answer is not sent twice", async () => {
    const first = await send("/api/v3/meta", {});
    const etag = first.headers.get("etag") ?? "";
    const second = await send("/api/v3/meta", { headers: { "if-none-match": etag } });
    expect(second.status).toBe(304);
    expect(await second.text()).toBe("");
  });

  test("a malformed path is 400 and reveals nothing", async () => {
    const response = await send("/api/v3/repos/%E0%A4%A/x", {});
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toHaveProperty("documentation_url");
  });
});
