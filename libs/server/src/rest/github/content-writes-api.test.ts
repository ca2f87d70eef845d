import type { FilesCommitRequest } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const put = "PUT /api/v3/repos/{owner}/{repo}/contents/{+path}" as const;
const remove = "DELETE /api/v3/repos/{owner}/{repo}/contents/{+path}" as const;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
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

/** A repository without commits. */
async function createEmpty() {
  const repo = `written-${++names}`;
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  const path = { owner: owner.handle, repo };
  return {
    path,
    url: `http://x:${owner.token}@${new URL(node.url).host}/${owner.handle}/${repo}.git`,
    write: (at: string, text: string, more: object = {}, client = owner.client) =>
      client.answer(put, {
        path: { ...path, path: at },
        body: { message: `write ${at}`, content: base64(text), ...more },
      }),
    commit: (body: Partial<FilesCommitRequest> & Pick<FilesCommitRequest, "head" | "files">) =>
      owner.client.call("POST /api/guts/repos/{owner}/{repo}/commits", {
        path,
        body: { branch: "main", message: "several", ...body },
      }),
  };
}

describe("a file written through the API", () => {
  test("is the first commit of a repository, then a change of it, and what git clones", async () => {
    const { path, url, write } = await createEmpty();
    const first = await write("docs/naïve.txt", "one\r\n", {
      author: { name: "Ada <x>", email: "ada@example.org" },
    }).catch((error: { status: number }) => error.status);
    expect(first).toBe(422);
    const author = { name: "Ada", email: "ada@example.org", date: "2026-01-02T03:04:05+02:00" };
    const made = await write("docs/naïve.txt", "one\r\n", { author });
    expect(made).toMatchObject({ status: 201, data: { content: { path: "docs/naïve.txt", size: 5 } } });
    expect(made.data.commit).toMatchObject({ author: { ...author, date: "2026-01-02T01:04:05Z" }, parents: [] });
    expect(made.data.commit.committer.email).toMatch(/^\d+\+owner.*@[0-9a-f]{16}\.guts\.invalid$/);
    const changed = await write("docs/naïve.txt", "two", { sha: made.data.content!.sha, branch: "main" });
    expect(changed).toMatchObject({ status: 200, data: { commit: { parents: [{ sha: made.data.commit.sha }] } } });
    expect(changed.height).toBe(node.ledger.height());
    const git = new GitClient(node.directory);
    await git.must("clone", "-q", url, "copy");
    expect(await git.must("-C", "copy", "show", "HEAD:docs/naïve.txt")).toBe("two");
    expect(await git.must("-C", "copy", "rev-parse", "HEAD")).toBe(changed.data.commit.sha);
    const body = { message: "gone", sha: changed.data.content!.sha };
    const gone = await owner.client.call(remove, { path: { ...path, path: "docs/naïve.txt" }, body });
    expect(gone).toMatchObject({ content: null, commit: { message: "gone" } });
    await expect(owner.client.call(remove, { path: { ...path, path: "docs/naïve.txt" }, body })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("is written over by nobody who did not see it", async () => {
    const { write } = await createEmpty();
    const { data } = await write("a", "one");
    await expect(write("a", "two")).rejects.toMatchObject({ status: 422, message: /"sha" wasn't supplied/ });
    await expect(write("a", "two", { sha: "1".repeat(40) })).rejects.toMatchObject({
      status: 409,
      message: `a does not match ${"1".repeat(40)}`,
    });
    const { sha } = data.content!;
    const rivals = await Promise.allSettled([1, 2, 3].map((n) => write("a", `rival ${n}`, { sha })));
    expect(rivals.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const rival of rivals) if (rival.status === "rejected") expect(rival.reason).toMatchObject({ status: 409 });
  });

  test.each(["/etc/passwd", "../up", "a/../b", ".git/config", "a//b", "a/.GIT/hooks/x", "a\0b"])(
    "has no path like %j",
    async (at) => {
      const { path } = await createEmpty();
      const url = `${node.url}/api/v3/repos/${path.owner}/${path.repo}/contents/${encodeURIComponent(at)}`;
      const headers = { authorization: `token ${owner.token}` };
      const body = JSON.stringify({ message: "m", content: "YQ==" });
      expect([400, 404, 422]).toContain((await fetch(url, { method: "PUT", headers, body })).status);
    },
  );

  test("is refused as no base64, on no branch, for who may not push, and in words where a rule keeps the branch", async () => {
    const { path, write } = await createEmpty();
    await write("a", "one");
    await expect(write("b", "", { content: "%%%" })).rejects.toMatchObject({ status: 422 });
    await expect(write("b", "x", { branch: "gone" })).rejects.toMatchObject({
      status: 404,
      message: "Branch gone not found",
    });
    await expect(write("b", "x", {}, guest.client)).rejects.toMatchObject({ status: 403 });
    await owner.client.call("PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", {
      path: { ...path, branch: "main" },
      body: {
        required_status_checks: null,
        enforce_admins: true,
        required_pull_request_reviews: {},
        restrictions: null,
      },
    });
    await expect(write("b", "x")).rejects.toMatchObject({
      status: 409,
      message: /refs\/heads\/main is .*pull request/,
    });
  });
});

describe("objects made one by one", () => {
  test("are a commit once a ref is moved to it, and nothing before", async () => {
    const { path, url, write } = await createEmpty();
    const head = (await write("kept", "k")).data.commit.sha;
    const git = <Name extends "blobs" | "trees" | "commits" | "tags">(name: Name) =>
      `POST /api/v3/repos/{owner}/{repo}/git/${name}` as const;
    const { client } = owner;
    const blob = await client.call(git("blobs"), { path, body: { content: base64("b\0in"), encoding: "base64" } });
    const tree = await client.call(git("trees"), {
      path,
      body: {
        base_tree: head,
        tree: [
          { path: "bin/b", mode: "100755", type: "blob", sha: blob.sha },
          { path: "text", mode: "100644", type: "blob", content: "t\n" },
        ],
      },
    });
    expect(tree.tree.map(({ path: name, type }) => [name, type])).toEqual([
      ["bin", "tree"],
      ["kept", "blob"],
      ["text", "blob"],
    ]);
    const body = { message: "by parts", tree: tree.sha, parents: [head] };
    const commit = await client.call(git("commits"), { path, body });
    const tagged = await client.call(git("tags"), {
      path,
      body: { tag: "v1", message: "one", object: commit.sha, type: "commit" },
    });
    const show = "GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}" as const;
    await expect(client.call(show, { path: { ...path, commit_sha: commit.sha } })).rejects.toMatchObject({
      status: 404,
    });
    await client.call("PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
      path: { ...path, ref: "heads/main" },
      body: { sha: commit.sha },
    });
    await client.call("POST /api/v3/repos/{owner}/{repo}/git/refs", {
      path,
      body: { ref: "refs/tags/v1", sha: tagged.sha },
    });
    const clone = new GitClient(node.directory);
    await clone.must("clone", "-q", url, "copy");
    expect(await clone.must("-C", "copy", "ls-tree", "-r", "--name-only", "v1")).toBe("bin/b\nkept\ntext");
    expect(await clone.must("-C", "copy", "fsck", "--strict")).toBe("");
    const bad = { tree: [{ path: "x", mode: "100644", sha: "3".repeat(40) }] } as const;
    await expect(
      client.call(git("trees"), { path, body: { tree: bad.tree.map((entry) => ({ ...entry })) } }),
    ).rejects.toMatchObject({ status: 422, reason: "object-missing" });
  });
});

describe("several files committed by a page", () => {
  test("go on top of what others committed elsewhere, but not over what they changed", async () => {
    const { write, commit } = await createEmpty();
    const head = (await write("a", "one")).data.commit.sha;
    const other = (await write("b", "two")).data;
    const text = "edited\n";
    const made = await commit({ head, files: [{ action: "write", path: "a", text }] });
    expect(made).toMatchObject({ branch: "main" });
    const late = { head, files: [{ action: "delete" as const, path: "a" }] };
    await expect(commit(late)).rejects.toMatchObject({ status: 409, reason: "file-changed" });
    const beside = await commit({ ...late, head: made.commit, newBranch: "topic/delete" });
    expect(beside.branch).toBe("topic/delete");
    await expect(commit({ ...late, head: made.commit, newBranch: "main" })).rejects.toMatchObject({ status: 409 });
    const renamed = await commit({
      head: made.commit,
      files: [
        { action: "delete", path: "b" },
        { action: "write", path: "dir/b", blob: other.content!.sha },
      ],
    });
    expect(renamed.commit).not.toBe(made.commit);
    await expect(commit({ head: null, files: [{ action: "write", path: "a", text }] })).rejects.toMatchObject({
      status: 409,
    });
  });
});
