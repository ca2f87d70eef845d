import { afterAll, beforeAll, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let git: GitClient;
const urlOf = (account: TestAccount, repo: string, by = account) =>
  `${node.url.replace("//", `//x:${by.token}@`)}/${account.handle}/${repo}.git`;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  git = new GitClient(node.directory);
});
afterAll(() => node[Symbol.asyncDispose]());

const forks = "/api/v3/repos/{owner}/{repo}/forks" as const;

test("a fork is cloned at once, pushed to, listed and counted, and outlives its parent", async () => {
  await owner.client.call("POST /api/v3/user/repos", { body: { name: "engine" } });
  await git.init(urlOf(owner, "engine"));
  await git.commit("a.txt", "one\n");
  await git.must("push", "-q", "origin", "main", "main:topic");
  const path = { owner: owner.handle, repo: "engine" };
  const bob = await node.signUp("bob");
  const fork = await bob.client.call(`POST ${forks}`, { path, body: {} });
  expect(fork).toMatchObject({ full_name: `${bob.handle}/engine`, fork: true, private: false });
  expect((await bob.client.call(`POST ${forks}`, { path, body: {} })).id).toBe(fork.id);
  expect(await owner.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).toMatchObject({ forks_count: 1 });
  expect((await owner.client.call(`GET ${forks}`, { path })).map(({ id }) => id)).toEqual([fork.id]);
  const head = await git.must("rev-parse", "HEAD");
  const refs = await git.must("ls-remote", urlOf(bob, "engine"));
  expect(refs.split("\n").map((line) => line.split("\t")[1])).toEqual(["HEAD", "refs/heads/main", "refs/heads/topic"]);
  expect(refs).toContain(head);
  await git.commit("b.txt", "two\n");
  await git.must("push", "-q", urlOf(bob, "engine"), "HEAD:main");
  await owner.client.call("DELETE /api/v3/repos/{owner}/{repo}", { path });
  await git.must("clone", "-q", urlOf(bob, "engine"), "cloned");
  await git.must("-C", "cloned", "fsck", "--full", "--strict");
  const own = { path: { owner: bob.handle, repo: "engine" } };
  expect(await bob.client.call("GET /api/v3/repos/{owner}/{repo}", own)).toMatchObject({ fork: false });
});

test("an empty repository is not forked, and a private one by nobody who may not read it", async () => {
  await owner.client.call("POST /api/v3/user/repos", { body: { name: "empty" } });
  await owner.client.call("POST /api/v3/user/repos", { body: { name: "hidden", private: true } });
  const eve = await node.signUp("eve");
  const fork = (repo: string) => eve.client.call(`POST ${forks}`, { path: { owner: owner.handle, repo }, body: {} });
  await expect(fork("empty")).rejects.toMatchObject({ status: 403 });
  await expect(fork("hidden")).rejects.toMatchObject({ status: 404 });
});
