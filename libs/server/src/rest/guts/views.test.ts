import { createClient } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let git: GitClient;
let head: string;
const repo = "sample";
const path = () => ({ owner: owner.handle, repo });
const at = (ref_path: string) => ({ ...path(), ref_path });
const visitor = () => createClient({ baseUrl: node.url });

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("viewer");
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo, description: "for looking at" } });
  git = new GitClient(node.directory);
  await git.init(`${node.url.replace("//", `//x:${owner.token}@`)}/${owner.handle}/${repo}.git`);
  await git.commit("src/code.ts", "export const answer = 42;\n", "add code\n\nwith a body");
  await git.commit("src/deep/file.txt", "one\ntwo\n");
  await git.commit("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
  await git.commit("docs/README.md", "# Docs\n\n[up](../src/code.ts) ![pic](pic.png)\n\n<script>alert(1)</script>\n");
  await git.commit("page.html", "<script>alert(1)</script>");
  await git.must("tag", "-a", "v1.0", "-m", "one");
  await git.must("branch", "feature/deep/name");
  head = await git.must("rev-parse", "HEAD");
  await git.must("push", "-q", "origin", "main", "feature/deep/name", "v1.0");
});
afterAll(() => node[Symbol.asyncDispose]());

describe("pages", () => {
  test("the repository's frame says what its viewer may do", async () => {
    const own = await owner.client.call("GET /api/guts/view/repos/{owner}/{repo}", { path: path() });
    expect(own).toMatchObject({
      branchCount: 2,
      tagCount: 1,
      viewer: { role: "admin", canPush: true, canAdminister: true },
    });
    expect(own.repository).toMatchObject({ name: repo, isEmpty: false, defaultBranch: "main" });
    const seen = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}", { path: path() });
    const nothing = { canPush: false, canAdminister: false, mayDescribe: false, isStarred: false, subscription: null };
    expect(seen.viewer).toEqual({ role: "read", ...nothing });
  });

  test("a directory lists directories first, with its README and newest commit", async () => {
    const root = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", { path: at("main") });
    expect(root.entries.map(({ name }) => name)).toEqual(["docs", "src", "README.md", "logo.svg", "page.html"]);
    expect(root.ref).toEqual({ kind: "branch", name: "main", commit: head });
    expect(root.latestCommit?.id).toBe(head);
    expect(root.readme).toMatchObject({ path: "README.md" });
    expect(root.readme?.html).toContain('<h1 id="user-content-hello">Hello</h1>');
    const docs = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", {
      path: at("main/docs"),
    });
    expect(docs.readme?.html).toContain(`href="/${owner.handle}/${repo}/blob/main/src/code.ts"`);
    expect(docs.readme?.html).toContain(`src="/${owner.handle}/${repo}/raw/main/docs/pic.png"`);
    expect(docs.readme?.html).not.toContain("<script");
  });

  test("names of refs may hold slashes, and tags and ids work as refs", async () => {
    const read = (ref_path: string) =>
      visitor().call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", { path: at(ref_path) });
    await expect(read("feature/deep/name/src/deep")).resolves.toMatchObject({
      ref: { kind: "branch", name: "feature/deep/name" },
      path: "src/deep",
    });
    await expect(read("v1.0/src")).resolves.toMatchObject({ ref: { kind: "tag", commit: head }, path: "src" });
    await expect(read(`${head}/src`)).resolves.toMatchObject({ ref: { kind: "commit", name: head }, path: "src" });
    await expect(read("HEAD")).resolves.toMatchObject({ ref: { name: "main" }, path: "" });
    await expect(read(`${head.slice(0, 7)}/src`)).resolves.toMatchObject({ ref: { kind: "commit", name: head } });
    await expect(read(head.slice(0, 12).toUpperCase())).resolves.toMatchObject({ ref: { commit: head }, path: "" });
    await expect(read(head.slice(0, 3))).rejects.toMatchObject({ status: 404 });
    await expect(read("no-such-branch")).rejects.toMatchObject({ status: 404 });
    await expect(read("main/nowhere")).rejects.toMatchObject({ status: 404 });
    await expect(read("0".repeat(40))).rejects.toMatchObject({ status: 404 });
  });

  test("each entry has the commit that changed it last", async () => {
    const { commitByName } = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}", {
      path: at("main"),
    });
    expect(commitByName["docs"]?.title).toBe("add docs/README.md");
    expect(commitByName["src"]?.title).toBe("add src/deep/file.txt");
  });

  test("a file is highlighted line by line", async () => {
    const blob = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}", {
      path: at("main/src/code.ts"),
    });
    expect(blob).toMatchObject({ kind: "text", language: "ts", path: "src/code.ts" });
    expect(blob.lines?.[0]).toContain('<span class="pl-k">export</span>');
    expect(blob.latestCommit).toMatchObject({ title: "add code", body: "with a body", author: { name: "Ada" } });
  });

  test("images, HTML and directories are what they are", async () => {
    const read = (ref_path: string) =>
      visitor().call("GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}", { path: at(ref_path) });
    await expect(read("main/logo.svg")).resolves.toMatchObject({ kind: "image", lines: null });
    const html = await read("main/page.html");
    expect(html.lines?.join("")).not.toContain("<script");
    await expect(read("main/docs/README.md")).resolves.toMatchObject({ kind: "markdown" });
    await expect(read("main/src")).rejects.toMatchObject({ status: 404 });
  });

  test("history is paged, whole and of a path", async () => {
    const all = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}", {
      path: at("main"),
    });
    expect(all.commits).toHaveLength(6);
    expect(all.hasMore).toBe(false);
    const some = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}", {
      path: at("main/src"),
    });
    expect(some.commits.map(({ title }) => title)).toEqual(["add src/deep/file.txt", "add code"]);
  });

  test("a commit shows its hunks with numbers and highlighting", async () => {
    const id = await git.must("rev-parse", "HEAD~4");
    const view = await visitor().call("GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}", {
      path: { ...path(), sha: id },
    });
    expect(view).toMatchObject({ additions: 1, deletions: 0, commit: { title: "add code" } });
    const [line] = view.files[0]?.hunks[0]?.lines ?? [];
    expect(line).toMatchObject({ kind: "addition", oldNumber: null, newNumber: 1 });
    expect(line?.html).toContain('<span class="pl-k">export</span>');
  });

  test("branches come with the default first and can be searched", async () => {
    const list = (query: { kind: "heads" | "tags"; query?: string; detail?: "names" }) =>
      visitor().call("GET /api/guts/view/repos/{owner}/{repo}/refs", { path: path(), query });
    const heads = await list({ kind: "heads" });
    expect(heads.refs.map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ["main", true],
      ["feature/deep/name", false],
    ]);
    expect(heads.refs[0]?.commit?.id).toBe(head);
    await expect(list({ kind: "heads", query: "DEEP", detail: "names" })).resolves.toMatchObject({ total: 1 });
    await expect(list({ kind: "tags" })).resolves.toMatchObject({ refs: [{ name: "v1.0", commit: { id: head } }] });
  });

  test("the start page and an account's page list repositories", async () => {
    const home = await owner.client.call("GET /api/guts/view/home", {});
    expect(home.repositories.map(({ name }) => name)).toContain(repo);
    const page = await visitor().call("GET /api/guts/view/accounts/{handle}", { path: { handle: owner.handle } });
    expect(page).toMatchObject({ isViewer: false, repositories: [{ name: repo, description: "for looking at" }] });
  });
});

describe("GitHub's git API", () => {
  test("branches, tags, refs and commits", async () => {
    const client = visitor();
    const branches = await client.call("GET /api/v3/repos/{owner}/{repo}/branches", { path: path() });
    expect(branches.map(({ name }) => name)).toEqual(["feature/deep/name", "main"]);
    const branch = await client.call("GET /api/v3/repos/{owner}/{repo}/branches/{+branch}", {
      path: { ...path(), branch: "feature/deep/name" },
    });
    expect(branch.commit.sha).toBe(head);
    const [tag] = await client.call("GET /api/v3/repos/{owner}/{repo}/tags", { path: path() });
    expect(tag).toMatchObject({ name: "v1.0", commit: { sha: head } });
    const ref = await client.call("GET /api/v3/repos/{owner}/{repo}/git/ref/{+ref}", {
      path: { ...path(), ref: "tags/v1.0" },
    });
    expect(ref.object.type).toBe("tag");
    const object = await client.call("GET /api/v3/repos/{owner}/{repo}/git/tags/{tag_sha}", {
      path: { ...path(), tag_sha: ref.object.sha },
    });
    expect(object).toMatchObject({ tag: "v1.0", message: "one", object: { type: "commit", sha: head } });
    const matching = await client.call("GET /api/v3/repos/{owner}/{repo}/git/matching-refs/{+ref}", {
      path: { ...path(), ref: "heads/fea" },
    });
    expect(matching).toHaveLength(1);
    const commits = await client.call("GET /api/v3/repos/{owner}/{repo}/commits", {
      path: path(),
      query: { per_page: 2, path: "src" },
    });
    expect(commits).toHaveLength(2);
    const commit = await client.call("GET /api/v3/repos/{owner}/{repo}/commits/{+ref}", {
      path: { ...path(), ref: "main" },
    });
    expect(commit).toMatchObject({ sha: head, files: [{ filename: "page.html", status: "added", additions: 1 }] });
  });

  test("an encoded slash in a branch's name is read as one", async () => {
    const response = await fetch(`${node.url}/api/v3/repos/${owner.handle}/${repo}/branches/feature%2Fdeep%2Fname`);
    await expect(response.json()).resolves.toMatchObject({ name: "feature/deep/name" });
  });

  test("a commit as diff and as patch", async () => {
    const get = async (accept: string) =>
      (await fetch(`${node.url}/api/v3/repos/${owner.handle}/${repo}/commits/${head}`, { headers: { accept } })).text();
    expect(await get("application/vnd.github.v3.diff")).toContain(
      "diff --git a/page.html b/page.html\nnew file mode 100644\n--- /dev/null\n+++ b/page.html",
    );
    expect(await get("application/vnd.github.v3.patch")).toContain("Subject: [PATCH] add page.html");
  });

  test("contents of files and directories, raw on request", async () => {
    const client = visitor();
    const root = await client.call("GET /api/v3/repos/{owner}/{repo}/contents", { path: path() });
    expect(Array.isArray(root) && root.map(({ type }) => type)).toContain("dir");
    const file = await client.call("GET /api/v3/repos/{owner}/{repo}/contents/{+path}", {
      path: { ...path(), path: "src/code.ts" },
    });
    expect(file).toMatchObject({ type: "file", encoding: "base64", content: "ZXhwb3J0IGNvbnN0IGFuc3dlciA9IDQyOwo=\n" });
    const raw = await fetch(`${node.url}/api/v3/repos/${owner.handle}/${repo}/contents/src%2Fcode.ts?ref=v1.0`, {
      headers: { accept: "application/vnd.github.v3.raw" },
    });
    expect(await raw.text()).toBe("export const answer = 42;\n");
    await expect(client.call("GET /api/v3/repos/{owner}/{repo}/readme", { path: path() })).resolves.toMatchObject({
      name: "README.md",
    });
  });

  test("objects by id only while a ref reaches them", async () => {
    const client = visitor();
    const blob = await git.must("rev-parse", "HEAD:src/code.ts");
    const found = await client.call("GET /api/v3/repos/{owner}/{repo}/git/blobs/{file_sha}", {
      path: { ...path(), file_sha: blob },
    });
    expect(found.size).toBe(26);
    const tree = await client.call("GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}", {
      path: { ...path(), tree_sha: head },
      query: { recursive: "1" },
    });
    expect(tree.tree.map((entry) => entry.path)).toContain("src/deep/file.txt");
    const byTree = await client.call("GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}", {
      path: { ...path(), tree_sha: tree.sha },
    });
    expect(byTree.sha).toBe(tree.sha);
    await git.must("checkout", "-q", "-b", "gone");
    const secret = await git.commit("gone.txt", "gone");
    await git.must("push", "-q", "origin", "gone");
    await client.call("GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}", {
      path: { ...path(), commit_sha: secret },
    });
    await git.must("push", "-q", "origin", ":gone");
    const lost = client.call("GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}", {
      path: { ...path(), commit_sha: secret },
    });
    await expect(lost).rejects.toMatchObject({ status: 404 });
  });
});

describe("raw files", () => {
  const raw = (rest: string, init: RequestInit = {}) => fetch(`${node.url}/${owner.handle}/${repo}/raw/${rest}`, init);

  test("run nothing, whatever they are", async () => {
    const html = await raw("main/page.html");
    expect(html.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(html.headers.get("content-security-policy")).toContain("sandbox");
    expect(html.headers.get("x-content-type-options")).toBe("nosniff");
    const svg = await raw("main/logo.svg");
    expect(svg.headers.get("content-type")).toBe("image/svg+xml");
    expect(svg.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("are not sent again while unchanged, and kept for ever by id", async () => {
    const first = await raw("main/src/code.ts");
    expect(await first.text()).toBe("export const answer = 42;\n");
    const again = await raw("main/src/code.ts", { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
    expect((await raw(`${head}/src/code.ts`)).headers.get("cache-control")).toContain("immutable");
  });

  test("of a path that climbs are not found", async () => {
    expect((await raw("main/..%2f..%2fetc%2fpasswd")).status).toBe(404);
    expect((await raw("main/src")).status).toBe(404);
  });
});
