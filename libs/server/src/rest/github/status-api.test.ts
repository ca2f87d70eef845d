import { afterAll, beforeAll, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let git: GitClient;
const repo = "checked";
const path = () => ({ owner: owner.handle, repo });

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  git = new GitClient(node.directory);
  await git.init(`${node.url.replace("//", `//x:${owner.token}@`)}/${owner.handle}/${repo}.git`);
  await git.commit("a.txt", "one\n");
  await git.must("push", "-q", "origin", "main");
});
afterAll(() => node[Symbol.asyncDispose]());

type Said = { state: "success" | "pending" | "failure" | "error"; context?: string; description?: string };
const say = (sha: string, body: Said & { target_url?: string }, by = owner) =>
  by.client.call("POST /api/v3/repos/{owner}/{repo}/statuses/{sha}", { path: { ...path(), sha }, body });
const combined = (ref: string) =>
  owner.client.call("GET /api/v3/repos/{owner}/{repo}/commits/{ref}/status", { path: { ...path(), ref } });

test("a commit's statuses are told in one word, with the newest of each context, and as history", async () => {
  const sha = await git.must("rev-parse", "HEAD");
  expect(await combined("main")).toMatchObject({ state: "pending", statuses: [], total_count: 0, sha });
  const target = "https://ci.example/1";
  const first = await say(sha, { state: "pending", description: "Runs", target_url: target });
  expect(first).toMatchObject({ state: "pending", context: "default", description: "Runs", target_url: target });
  expect(first.creator?.login).toBe(owner.handle);
  await say(sha, { state: "success" });
  expect((await combined(sha)).state).toBe("success");
  await say(sha, { state: "error", context: "lint/ts" });
  const now = await combined("main");
  expect([now.state, now.total_count]).toEqual(["failure", 2]);
  expect(now.statuses.map(({ context, state }) => `${context} ${state}`)).toEqual(["default success", "lint/ts error"]);
  const all = { path: { ...path(), ref: sha }, query: { per_page: 2 } };
  const history = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/commits/{ref}/statuses", all);
  expect(history.map(({ context, state }) => `${context} ${state}`)).toEqual(["lint/ts error", "default success"]);
  const rest = { ...all, query: { per_page: 2, page: 2 } };
  expect(await owner.client.call("GET /api/v3/repos/{owner}/{repo}/commits/{ref}/statuses", rest)).toEqual([first]);
});

test("who may not push says nothing of commits, and nobody of what is no commit here", async () => {
  const sha = await git.must("rev-parse", "HEAD");
  const stranger = await node.signUp("stranger");
  await expect(say(sha, { state: "success" }, stranger)).rejects.toMatchObject({ status: 403 });
  const tree = await git.must("rev-parse", "HEAD^{tree}");
  for (const wrong of [tree, "1".repeat(40), "main"])
    await expect(say(wrong, { state: "success" })).rejects.toMatchObject({ status: 422 });
  const script = { state: "success", target_url: "javascript:alert(1)" } as const;
  await expect(say(sha, script)).rejects.toMatchObject({ status: 422 });
});

test("a protected branch takes a commit once the checks that its rule asks for succeeded on it", async () => {
  const protection = "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
  const body = {
    required_status_checks: { strict: false, contexts: ["ci"] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  };
  await owner.client.call(protection, { path: { ...path(), branch: "main" }, body });
  await git.commit("b.txt", "two\n");
  const sha = await git.must("rev-parse", "HEAD");
  const push = async (ref: string) => (await git.run("push", "-q", "origin", `HEAD:${ref}`)).code;
  expect(await push("main")).not.toBe(0);
  expect(await push("topic")).toBe(0);
  await say(sha, { state: "failure", context: "ci" });
  expect(await push("main")).not.toBe(0);
  await say(sha, { state: "success", context: "ci" });
  expect(await push("main")).toBe(0);
});

test("lists of commits say which of them succeeded", async () => {
  const listed = await owner.client.call("GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}", {
    path: { ...path(), ref_path: "main" },
  });
  expect(listed.commits.map(({ checks }) => checks)).toEqual(["success", "failure", undefined]);
});
