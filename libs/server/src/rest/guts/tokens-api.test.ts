import { randomBytes } from "node:crypto";

import { createClient, type FineGrainedCreation } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createToken } from "../../auth/token.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let ada: TestAccount;

beforeAll(async () => {
  node = await TestNode.start();
  ada = await node.signUp("ada");
  for (const name of ["engine", "diary"])
    await ada.client.call("POST /api/v3/user/repos", { body: { name, private: true } });
});
afterAll(() => node[Symbol.asyncDispose]());

const make = (body: Partial<FineGrainedCreation> = {}) =>
  ada.client.call("POST /api/guts/tokens/fine-grained", { body: { label: "bot", permissions: {}, ...body } });
const as = (token: string) => createClient({ baseUrl: node.url, token });
const get = (path: string, token: string) =>
  fetch(`${node.url}${path}`, { headers: { authorization: `token ${token}` } });
const day = 24 * 3600 * 1000;

describe("a fine-grained token", () => {
  test("is listed with where it reaches and how far, by names that the request may see", async () => {
    const made = await make({ repositories: ["engine"], permissions: { contents: "write" }, expiresInDays: 3 });
    const restriction = {
      owner: ada.handle,
      repositories: [{ id: 1, fullName: `${ada.handle}/engine` }],
      permissions: {
        contents: "write",
        administration: "none",
        metadata: "read",
        issues: "none",
        pull_requests: "none",
      },
    };
    expect(made).toMatchObject({ scopes: [], restriction });
    const ofId = async (token: string) =>
      (await as(token).call("GET /api/guts/tokens", {})).find(({ id }) => id === made.id);
    expect(await ofId(ada.token)).toMatchObject({ restriction });
    const blind = await ada.client.call("POST /api/guts/tokens", {
      body: { label: "blind", scopes: ["notifications"] },
    });
    expect(await ofId(blind.token)).toMatchObject({ restriction: { repositories: [{ id: 1, fullName: null }] } });
  });

  test("lists the repositories that it reaches, and finds no other", async () => {
    const { token } = await make({ repositories: ["engine"] });
    const listed = await as(token).call("GET /api/v3/user/repos", {});
    expect(listed.map(({ name }) => name)).toEqual(["engine"]);
    const path = `/api/v3/repos/${ada.handle}`;
    expect((await get(`${path}/engine`, token)).status).toBe(200);
    expect((await get(`${path}/diary`, token)).status).toBe(404);
  });

  test("says which permission is missing, in a header too", async () => {
    const { token } = await make({ repositories: ["engine"] });
    const answer = await get(`/api/v3/repos/${ada.handle}/engine/commits`, token);
    expect(answer.status).toBe(403);
    expect(answer.headers.get("x-accepted-github-permissions")).toBe("contents=read");
    await expect(answer.json()).resolves.toMatchObject({ code: "permission-missing" });
    expect(answer.headers.get("x-oauth-scopes")).toBeNull();
  });

  test("ends itself and no other token", async () => {
    const [first, second] = [await make(), await make()];
    const end = (id: string) => as(first.token).call("DELETE /api/guts/tokens/{id}", { path: { id } });
    await expect(end(second.id)).rejects.toMatchObject({ status: 403 });
    await end(first.id);
    expect((await get("/api/v3/user", first.token)).status).toBe(401);
  });

  test.each<[Partial<FineGrainedCreation>, string]>([
    [{ owner: "nobody-here" }, "owner"],
    [{ repositories: ["nowhere"] }, "repositories"],
    [{ repositories: ["engine", "ENGINE"] }, "repositories"],
    [{ permissions: { contents: "admin" as never } }, "permissions.contents"],
    [{ permissions: { root: "read" } as never }, "permissions.root"],
  ])("is not made with %j", async (body, field) => {
    await expect(make(body)).rejects.toMatchObject({
      status: 422,
      data: { body: { errors: expect.arrayContaining([expect.objectContaining({ field })]) as unknown } },
    });
  });
});

describe("a token that has ended", () => {
  test("is told when it was revoked, over the API and by git", async () => {
    const { id, token } = await make();
    await ada.client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
    const answer = await get("/api/v3/user", token);
    expect(answer.status).toBe(401);
    const message = expect.stringMatching(
      /^Bad credentials\. This token was revoked on \d{4}-\d\d-\d\d at \d\d:\d\d UTC\.$/,
    );
    await expect(answer.json()).resolves.toMatchObject({ code: "token-revoked", message });
    for (const path of ["engine.git/info/refs?service=git-upload-pack", "engine/raw/main/README.md"]) {
      const asGit = await get(`/${ada.handle}/${path}`, token);
      expect([asGit.status, await asGit.text()]).toEqual([401, expect.stringContaining("This token was revoked on ")]);
    }
  });

  test("is told when it expired, before and after its rows are gone", async () => {
    const { token } = await ada.client.call("POST /api/guts/tokens", {
      body: { label: "short", scopes: ["repo"], expiresInDays: 1 },
    });
    node.ledger.advance(2 * day);
    for (const _ of [1, 2]) {
      await expect((await get("/api/v3/user", token)).json()).resolves.toMatchObject({
        code: "token-expired",
        message: expect.stringContaining("This token expired on ") as string,
      });
      await make();
    }
  });

  test("is told nothing when there never was such a token", async () => {
    const invented = createToken((length) => new Uint8Array(randomBytes(length)));
    const answer = await (await get("/api/v3/user", invented)).json();
    expect(answer).toMatchObject({ message: "Bad credentials", code: "unauthenticated" });
  });
});
