import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { openPullAt } from "../../testing/opened-pull.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const merge = "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge" as const;
const isMerged = "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge" as const;
const box = "GET /api/guts/repos/{owner}/{repo}/pulls/{pull_number}/merge-box" as const;
const one = "/api/v3/repos/{owner}/{repo}/pulls/{pull_number}" as const;
let node: TestNode;
let owner: TestAccount;
let guest: TestAccount;
let names = 0;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  guest = await node.signUp("guest");
});
afterAll(() => node[Symbol.asyncDispose]());

/** A repository with `main` and `topic`, each of which wrote its files since they parted, and a pull request of topic. */
async function createPull(main: Readonly<Record<string, string>>, topic: Readonly<Record<string, string>>) {
  const repo = `pulled-${++names}`;
  const { id } = await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  const git = new GitClient(node.directory);
  await git.init(`http://x:${owner.token}@${new URL(node.url).host}/${owner.handle}/${repo}.git`);
  await git.commit("shared.txt", "shared\n");
  await git.must("checkout", "-q", "-b", "topic");
  for (const [path, content] of Object.entries(topic)) await git.commit(path, content);
  await git.must("checkout", "-q", "main");
  for (const [path, content] of Object.entries(main)) await git.commit(path, content);
  await git.must("push", "-q", "origin", "main", "topic");
  const number = await openPullAt(node, { by: owner, repository: id, head: "topic", base: "main", title: "A topic" });
  return { id, number, git, path: { owner: owner.handle, repo, pull_number: String(number) } };
}

describe("a pull request", () => {
  test("brings commits and files, and can be fetched by its own ref", async () => {
    const { git, path, number } = await createPull({ "main.txt": "m\n" }, { "a.txt": "a\n", "b.txt": "b\n" });
    const commits = await guest.client.call(`GET ${one}/commits`, { path, query: { per_page: 1, page: 2 } });
    expect(commits.map(({ sha }) => sha)).toEqual([await git.must("rev-parse", "topic")]);
    const files = await guest.client.call(`GET ${one}/files`, { path, query: {} });
    expect(files.map(({ filename, status }) => [filename, status])).toEqual([
      ["a.txt", "added"],
      ["b.txt", "added"],
    ]);
    const advertised = await git.must("ls-remote", "origin", `refs/pull/${number}/head`);
    expect(advertised).toContain(await git.must("rev-parse", "topic"));
    await git.must("fetch", "-q", "origin", `refs/pull/${number}/head`);
    await git.commit("c.txt", "c\n");
    await git.must("push", "-q", "origin", "HEAD:topic", "--force");
    expect(await git.must("ls-remote", "origin", `refs/pull/${number}/head`)).toContain(
      await git.must("rev-parse", "HEAD"),
    );
  });

  test.each(["merge", "squash", "rebase"] as const)("is merged by %s, once, and stays merged", async (method) => {
    const { git, path } = await createPull({ "main.txt": "m\n" }, { "a.txt": "a\n" });
    expect((await guest.client.answer(isMerged, { path }).catch((error: unknown) => error)) as object).toMatchObject({
      status: 404,
    });
    const answer = await owner.client.answer(merge, { path, body: { merge_method: method } });
    expect(answer).toMatchObject({ status: 200, data: { merged: true } });
    expect(answer.height).toBe(node.ledger.height());
    await git.must("fetch", "-q", "origin", "main");
    expect(await git.must("rev-parse", "FETCH_HEAD")).toBe(answer.data.sha);
    expect(await git.must("ls-tree", "--name-only", "FETCH_HEAD")).toBe("README.md\na.txt\nmain.txt\nshared.txt");
    const subjects = {
      merge: /^Merge pull request #1 from owner\d+\/topic$/,
      squash: /^A topic \(#1\)$/,
      rebase: /a\.txt/,
    };
    expect(await git.must("log", "-1", "--format=%s", "FETCH_HEAD")).toMatch(subjects[method]);
    await guest.client.call(isMerged, { path });
    await expect(owner.client.call(merge, { path, body: {} })).rejects.toMatchObject({ status: 405 });
  });

  test("with conflicts is not merged; the box names the files, and updating the branch is refused too", async () => {
    const { path } = await createPull({ "shared.txt": "ours\n" }, { "shared.txt": "theirs\n" });
    const told = await guest.client.call(box, { path });
    expect(told).toMatchObject({ isMergeable: false, mayMerge: false, conflictCount: 1 });
    expect(told.conflicts).toEqual([{ path: "shared.txt", reasons: ["contents"] }]);
    expect(told.unmet.map(({ code }) => code)).toEqual(["push"]);
    const refused = { status: 405, message: expect.stringContaining("shared.txt") as string };
    await expect(owner.client.call(merge, { path, body: {} })).rejects.toMatchObject(refused);
    await expect(owner.client.call(`PUT ${one}/update-branch`, { path, body: {} })).rejects.toMatchObject(refused);
  });

  test("is merged only at the head that was seen, and by who may push", async () => {
    const { path } = await createPull({}, { "a.txt": "a\n" });
    const sha = "1".repeat(40);
    await expect(owner.client.call(merge, { path, body: { sha } })).rejects.toMatchObject({ status: 409 });
    await expect(guest.client.call(merge, { path, body: {} })).rejects.toMatchObject({ status: 403 });
  });

  test("is brought up to date by a merge of the base into its branch", async () => {
    const { git, path } = await createPull({ "main.txt": "m\n" }, { "a.txt": "a\n" });
    const answer = await owner.client.answer(`PUT ${one}/update-branch`, { path, body: {} });
    expect(answer.status).toBe(202);
    await git.must("fetch", "-q", "origin", "topic");
    expect(await git.must("merge-base", "--is-ancestor", "main", "FETCH_HEAD")).toBe("");
    await expect(owner.client.call(`PUT ${one}/update-branch`, { path, body: {} })).rejects.toMatchObject({
      status: 422,
    });
    const fast = await owner.client.call(merge, { path, body: { merge_method: "fast-forward" } });
    expect(fast.sha).toBe(await git.must("rev-parse", "FETCH_HEAD"));
  });

  test("says every rule that a merge does not meet, with who can help", async () => {
    const { path } = await createPull({}, { "a.txt": "a\n" });
    const strict = {
      required_status_checks: { strict: true, contexts: ["build"] },
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 2 },
      restrictions: null,
    };
    await owner.client.call("PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", {
      path: { owner: path.owner, repo: path.repo, branch: "main" },
      body: strict,
    });
    const told = await owner.client.call(box, { path });
    expect(told.isMergeable).toBe(true);
    expect(told.mayMerge).toBe(false);
    expect(told.unmet.map(({ code }) => code)).toEqual(["approvals", "checks"]);
    expect(told.unmet[0]).toMatchObject({ what: "2 approvals needed, 0 given", who: "people who may write" });
    const words = /main is protected: 2 approvals needed, 0 given \(people who may write\); check build must succeed/;
    await expect(owner.client.call(merge, { path, body: {} })).rejects.toMatchObject({
      status: 405,
      message: expect.stringMatching(words) as string,
    });
  });
});
