import { afterAll, beforeAll, expect, test } from "vitest";

import { TestNode } from "../../testing/test-node.fixture.ts";

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

const names = (listed: readonly { readonly name: string }[]) => listed.map(({ name }) => name);
const logins = (listed: readonly { readonly login: string }[]) => listed.map(({ login }) => login);

test("people star repositories, which are counted and listed with the newest star first", async () => {
  const [ada, bob] = [await node.signUp("ada"), await node.signUp("bob")];
  for (const name of ["first", "second"]) await ada.client.call("POST /api/v3/user/repos", { body: { name } });
  const path = { owner: ada.handle, repo: "first" };
  const isStarred = () => bob.client.call("GET /api/v3/user/starred/{owner}/{repo}", { path });
  await expect(isStarred()).rejects.toMatchObject({ status: 404 });
  for (let count = 0; count < 2; count++) await bob.client.call("PUT /api/v3/user/starred/{owner}/{repo}", { path });
  await isStarred();
  const second = { path: { ...path, repo: "second" } };
  await bob.client.call("PUT /api/v3/user/starred/{owner}/{repo}", second);
  expect(await bob.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).toMatchObject({
    stargazers_count: 1,
    watchers_count: 1,
    subscribers_count: 0,
  });
  expect(logins(await ada.client.call("GET /api/v3/repos/{owner}/{repo}/stargazers", { path }))).toEqual([bob.handle]);
  expect(names(await bob.client.call("GET /api/v3/user/starred", {}))).toEqual(["second", "first"]);
  const ascending = { path: { username: bob.handle }, query: { direction: "asc" as const } };
  expect(names(await ada.client.call("GET /api/v3/users/{username}/starred", ascending))).toEqual(["first", "second"]);
  for (let count = 0; count < 2; count++) await bob.client.call("DELETE /api/v3/user/starred/{owner}/{repo}", { path });
  await expect(isStarred()).rejects.toMatchObject({ status: 404 });
  expect(names(await bob.client.call("GET /api/v3/user/starred", {}))).toEqual(["second"]);
});

test("a star tells nobody of a private repository", async () => {
  const [cleo, dora] = [await node.signUp("cleo"), await node.signUp("dora")];
  await cleo.client.call("POST /api/v3/user/repos", { body: { name: "hidden", private: true } });
  const path = { owner: cleo.handle, repo: "hidden" };
  await cleo.client.call("PUT /api/v3/user/starred/{owner}/{repo}", { path });
  await expect(dora.client.call("PUT /api/v3/user/starred/{owner}/{repo}", { path })).rejects.toMatchObject({
    status: 404,
  });
  const of = { path: { username: cleo.handle } };
  expect(names(await cleo.client.call("GET /api/v3/users/{username}/starred", of))).toEqual(["hidden"]);
  expect(names(await dora.client.call("GET /api/v3/users/{username}/starred", of))).toEqual([]);
});

test("people watch repositories or ignore them, in GitHub's words", async () => {
  const eve = await node.signUp("eve");
  await eve.client.call("POST /api/v3/user/repos", { body: { name: "watched" } });
  const path = { owner: eve.handle, repo: "watched" };
  const subscription = "/api/v3/repos/{owner}/{repo}/subscription" as const;
  const count = async () => (await eve.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).subscribers_count;
  await expect(eve.client.call(`GET ${subscription}`, { path })).rejects.toMatchObject({ status: 404 });
  const watched = await eve.client.call(`PUT ${subscription}`, { path, body: { subscribed: true } });
  expect([watched.subscribed, watched.ignored, await count()]).toEqual([true, false, 1]);
  expect(await eve.client.call(`GET ${subscription}`, { path })).toEqual(watched);
  expect(logins(await eve.client.call("GET /api/v3/repos/{owner}/{repo}/subscribers", { path }))).toEqual([eve.handle]);
  expect(names(await eve.client.call("GET /api/v3/user/subscriptions", {}))).toEqual(["watched"]);
  const ignored = await eve.client.call(`PUT ${subscription}`, { path, body: { ignored: true } });
  expect([ignored.subscribed, ignored.ignored, await count()]).toEqual([false, true, 0]);
  const of = { path: { username: eve.handle } };
  expect(await eve.client.call("GET /api/v3/users/{username}/subscriptions", of)).toEqual([]);
  await eve.client.call(`DELETE ${subscription}`, { path });
  await expect(eve.client.call(`GET ${subscription}`, { path })).rejects.toMatchObject({ status: 404 });
});

test("topics are replaced as a whole, in lower case, each once", async () => {
  const finn = await node.signUp("finn");
  await finn.client.call("POST /api/v3/user/repos", { body: { name: "about" } });
  const path = { owner: finn.handle, repo: "about" };
  const topics = "/api/v3/repos/{owner}/{repo}/topics" as const;
  const set = (...given: readonly string[]) => finn.client.call(`PUT ${topics}`, { path, body: { names: [...given] } });
  expect(await set("Raft", "git", "git")).toEqual({ names: ["git", "raft"] });
  expect(await set("git", "raft")).toEqual({ names: ["git", "raft"] });
  expect(await finn.client.call(`GET ${topics}`, { path })).toEqual({ names: ["git", "raft"] });
  expect((await finn.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).topics).toEqual(["git", "raft"]);
  for (const wrong of ["", "-git", "two words", "ä", "x".repeat(51)])
    await expect(set(wrong)).rejects.toMatchObject({ status: 422 });
  const many = (count: number) => Array.from({ length: count }, (_, index) => `topic-${index}`);
  expect((await set(...many(20))).names).toHaveLength(20);
  await expect(set(...many(21))).rejects.toMatchObject({ status: 422 });
});
