import { symlinkSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const repo = "contents";
const contents = "GET /api/v3/repos/{owner}/{repo}/contents/{+path}" as const;
let node: TestNode;
let owner: TestAccount;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  const git = new GitClient(node.directory);
  await git.init(`http://x:${owner.token}@${new URL(node.url).host}/${owner.handle}/${repo}.git`);
  await git.commit("docs/README.md", "# Docs\n");
  await git.commit("big.bin", "0".repeat(1024 * 1024 + 1));
  await git.commit(".gitmodules", '[submodule "a"]\n\tpath = libs/a\n\turl = "https://example.org/a.git"\n');
  for (const [name, target] of [
    ["link", "docs/README.md"],
    ["docs/up", "../link"],
    ["loop", "loop"],
    ["outside", "../../etc/passwd"],
    ["directory", "docs"],
  ] as const)
    symlinkSync(target, join(git.directory, name));
  await git.must("add", "-A");
  const head = await git.must("rev-parse", "HEAD");
  await git.must("update-index", "--add", "--cacheinfo", `160000,${head},libs/a`);
  await git.must("commit", "-q", "-m", "links");
  await git.must("push", "-q", "origin", "main");
});
afterAll(() => node[Symbol.asyncDispose]());

const at = (path: string) => owner.client.call(contents, { path: { owner: owner.handle, repo, path } });
const as = (path: string, media: string) =>
  fetch(`${node.url}/api/v3/repos/${owner.handle}/${repo}/${path}`, {
    headers: { accept: `application/vnd.github.${media}` },
  });

describe("contents", () => {
  test("a link to a file is that file, any other link is its text", async () => {
    const content = Buffer.from("# Docs\n").toString("base64");
    expect(await at("link")).toMatchObject({ type: "file", path: "link", content: `${content}\n`, size: 7 });
    expect(await at("docs/up")).toMatchObject({ type: "file", path: "docs/up", size: 7 });
    for (const [path, target] of [
      ["loop", "loop"],
      ["outside", "../../etc/passwd"],
      ["directory", "docs"],
    ] as const)
      expect(await at(path)).toMatchObject({ type: "symlink", target });
  });

  test("a submodule says where it comes from", async () => {
    expect(await at("libs/a")).toMatchObject({ type: "submodule", submodule_git_url: "https://example.org/a.git" });
  });

  test("a file above a megabyte has no content but in its raw form", async () => {
    expect(await at("big.bin")).toMatchObject({ encoding: "none", content: "", size: 1024 * 1024 + 1 });
    expect(await (await as("contents/big.bin", "raw")).text()).toHaveLength(1024 * 1024 + 1);
  });

  test("a directory is a list, or one object for who asks so", async () => {
    expect(await at("docs")).toHaveLength(2);
    const tree = (await (await as("contents/docs", "object")).json()) as { entries: unknown[] };
    expect(tree).toMatchObject({ type: "dir", path: "docs", name: "docs" });
    expect(tree.entries).toHaveLength(2);
    const root = await (await as("contents", "object+json")).json();
    expect(root).toMatchObject({ type: "dir", path: "" });
  });

  test("a document is rendered for who asks so", async () => {
    const page = await as("readme/docs", "html");
    expect(page.headers.get("content-type")).toContain("application/vnd.github.v3.html");
    expect(await page.text()).toContain("Docs</h1>");
    expect((await as("contents/big.bin", "html")).status).toBe(415);
  });

  test("the README of a directory", async () => {
    const path = { owner: owner.handle, repo, dir: "docs" };
    const readme = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/readme/{+dir}", { path });
    expect(readme).toMatchObject({ name: "README.md", path: "docs/README.md" });
  });

  test.each(["../x", "docs/../docs/README.md", "none", "docs/README.md/more", ":(top)README.md", "%00"])(
    "%s is nothing",
    async (path) => {
      expect((await as(`contents/${encodeURIComponent(path)}`, "json")).status).toBeGreaterThanOrEqual(400);
    },
  );
});
