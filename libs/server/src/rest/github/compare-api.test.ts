import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const compare = "GET /api/v3/repos/{owner}/{repo}/compare/{+basehead}" as const;
const repo = "compared";
let node: TestNode;
let owner: TestAccount;
let git: GitClient;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  git = new GitClient(node.directory);
  await git.init(`http://x:${owner.token}@${new URL(node.url).host}/${owner.handle}/${repo}.git`);
  await git.commit("kept.txt", "one\ntwo\nthree\nfour\nfive\n");
  await git.must("tag", "fork-point");
  await git.must("checkout", "-q", "-b", "feature/side");
  await git.must("mv", "kept.txt", "moved.txt");
  await git.must("commit", "-q", "-m", "move");
  await git.commit("naïve name.txt", "no newline at the end");
  await git.commit("crlf.txt", "a\r\nb\r\n");
  await git.must("checkout", "-q", "main");
  await git.commit("only-main.txt", "x\n");
  await git.must("checkout", "-q", "--orphan", "alone");
  await git.must("commit", "-q", "-m", "alone");
  await git.must("push", "-q", "origin", "main", "feature/side", "alone", "fork-point");
});
afterAll(() => node[Symbol.asyncDispose]());

const ask = (basehead: string, query: { page?: number; per_page?: number } = {}) =>
  owner.client.answer(compare, { path: { owner: owner.handle, repo, basehead }, query });
const text = (path: string, accept = "*/*") => fetch(`${node.url}${path}`, { headers: { accept } });

describe("a comparison", () => {
  test("counts both sides and shows what the head changed since they parted", async () => {
    const { data } = await ask("main...feature/side");
    expect(data).toMatchObject({ status: "diverged", ahead_by: 3, behind_by: 1, total_commits: 3 });
    expect(data.merge_base_commit.sha).toBe(await git.must("rev-parse", "fork-point"));
    expect(data.commits.map(({ commit }) => commit.message)).toEqual(["move", "add naïve name.txt", "add crlf.txt"]);
    const files = data.files?.map(({ filename, status, previous_filename }) => [filename, status, previous_filename]);
    expect(files).toEqual([
      ["crlf.txt", "added", undefined],
      ["moved.txt", "renamed", "kept.txt"],
      ["naïve name.txt", "added", undefined],
    ]);
    expect(data.files?.[2]?.patch).toContain("\\ No newline at end of file");
    expect(data.files?.[0]?.patch).toContain("+a\r\n+b\r");
  });

  test("says ahead, behind and identical", async () => {
    expect((await ask("fork-point...feature/side")).data).toMatchObject({ status: "ahead", behind_by: 0 });
    const behind = (await ask("feature/side...fork-point")).data;
    expect(behind).toMatchObject({ status: "behind", ahead_by: 0, behind_by: 3, commits: [], files: [] });
    expect((await ask("main...main")).data).toMatchObject({ status: "identical", total_commits: 0 });
    expect((await ask(`${owner.handle}:main...${owner.handle}:main`)).data).toMatchObject({ status: "identical" });
  });

  test("has pages, the oldest commits first, and files on the first", async () => {
    const first = await ask("main...feature/side", { per_page: 2 });
    expect(first.data.commits.map(({ commit }) => commit.message)).toEqual(["move", "add naïve name.txt"]);
    expect(first.data.files).toHaveLength(3);
    const second = await ask("main...feature/side", { per_page: 2, page: 2 });
    expect(second.data.commits.map(({ commit }) => commit.message)).toEqual(["add crlf.txt"]);
    expect(second.data.files).toBeUndefined();
    expect((await ask("main...feature/side", { per_page: 2, page: 3 })).data.commits).toEqual([]);
  });

  test("of what has no common ancestor, or is not there, is not found", async () => {
    for (const range of ["main...alone", "main...gone", "main...--all", "main...x:main", "main...../etc"])
      await expect(ask(range)).rejects.toMatchObject({ status: 404 });
  });

  test("is given as text that git applies", async () => {
    const [from, to] = [await git.must("rev-parse", "fork-point"), await git.must("rev-parse", "feature/side")];
    const expected = await git.run("diff", "--full-index", "--binary", "-M", from, to);
    const path = `/${owner.handle}/${repo}/compare/main...feature/side`;
    expect(await (await text(`${path}.diff`)).text()).toBe(expected.stdout);
    const patch = await text(`/api/v3/repos${path}`, "application/vnd.github.patch");
    expect(patch.headers.get("content-type")).toContain("application/vnd.github.v3.patch");
    expect((await patch.text()).match(/^Subject: \[PATCH \d\/3\]/gm)).toHaveLength(3);
    expect((await text(`${path}.patch`)).headers.get("content-type")).toBe("text/plain; charset=utf-8");
  });
});

describe("a history", () => {
  const list = (query: object) =>
    owner.client.call("GET /api/v3/repos/{owner}/{repo}/commits", { path: { owner: owner.handle, repo }, query });

  test("is filtered by author, path and time", async () => {
    expect(await list({ author: "ada@EXAMPLE.org" })).toHaveLength(3);
    for (const author of ["nobody", "--all", ".*"]) expect(await list({ author })).toEqual([]);
    expect(await list({ path: "kept.txt" })).toHaveLength(1);
    const [newest] = await list({});
    const date = newest!.commit.committer.date;
    expect((await list({ since: date })).map(({ sha }) => sha)).toEqual([newest!.sha]);
    expect(await list({ until: date })).toHaveLength(3);
    await expect(list({ since: "yesterday-ish" })).rejects.toMatchObject({ status: 422 });
  });
});
