import { afterAll, beforeAll, expect, test } from "vitest";

import { TestNode } from "../../testing/test-node.fixture.ts";

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

test("people follow each other, are counted and listed", async () => {
  const [ada, bob] = [await node.signUp("ada"), await node.signUp("bob")];
  const path = { username: bob.handle };
  const isFollowing = () => ada.client.call("GET /api/v3/user/following/{username}", { path });
  await expect(isFollowing()).rejects.toMatchObject({ status: 404 });
  for (let count = 0; count < 2; count++) await ada.client.call("PUT /api/v3/user/following/{username}", { path });
  await isFollowing();
  const check = { username: ada.handle, target_user: bob.handle };
  await bob.client.call("GET /api/v3/users/{username}/following/{target_user}", { path: check });
  const logins = (users: readonly { readonly login: string }[]) => users.map(({ login }) => login);
  expect(logins(await bob.client.call("GET /api/v3/user/followers", {}))).toEqual([ada.handle]);
  expect(logins(await ada.client.call("GET /api/v3/user/following", {}))).toEqual([bob.handle]);
  expect(logins(await ada.client.call("GET /api/v3/users/{username}/followers", { path }))).toEqual([ada.handle]);
  expect(await ada.client.call("GET /api/v3/users/{username}/following", { path })).toEqual([]);
  expect(await ada.client.call("GET /api/v3/users/{username}", { path })).toMatchObject({ followers: 1, following: 0 });
  expect(await ada.client.call("GET /api/v3/user", {})).toMatchObject({ followers: 0, following: 1 });
  const view = { path: { handle: bob.handle }, query: { list: "followers" } } as const;
  const seen = await bob.client.call("GET /api/guts/view/accounts/{handle}/follows", view);
  expect(seen).toMatchObject({ people: [{ handle: ada.handle, isFollowed: false }], hasMore: false });
  const page = await ada.client.call("GET /api/guts/view/accounts/{handle}", { path: { handle: bob.handle } });
  expect(page).toMatchObject({ followerCount: 1, followingCount: 0, isFollowed: true });
  for (let count = 0; count < 2; count++) await ada.client.call("DELETE /api/v3/user/following/{username}", { path });
  await expect(isFollowing()).rejects.toMatchObject({ status: 404 });
  expect(await ada.client.call("GET /api/v3/users/{username}", { path })).toMatchObject({ followers: 0 });
});

test("nobody follows themselves, or who is not there", async () => {
  const eve = await node.signUp("eve");
  const follow = (username: string) => eve.client.call("PUT /api/v3/user/following/{username}", { path: { username } });
  await expect(follow(eve.handle)).rejects.toMatchObject({ status: 422 });
  await expect(follow("nobody")).rejects.toMatchObject({ status: 404 });
});
