import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";

const repo = "viewed";
let node: TestNode;
let owner: TestAccount;
let git: GitClient;
let format: string;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  git = new GitClient(node.directory);
  await git.init(`http://x:${owner.token}@${new URL(node.url).host}/${owner.handle}/${repo}.git`);
  await git.commit("ä file.ts", "one\ntwo\nthree\nfour\n");
  format = await git.commit("ä file.ts", "one \ntwo \nthree \nfour \n", "format");
  await git.must("mv", "ä file.ts", "moved.ts");
  await git.must("commit", "-q", "-m", "move");
  await git.commit("moved.ts", "one \ntwo \n3 \nfour \n", "say it in digits");
  await git.commit(".git-blame-ignore-revs", `# formatting\n${format}\n${"9".repeat(40)}\n`);
  await git.commit(".gitattributes", "secret export-ignore\nversion export-subst\n");
  await git.commit("secret", "s");
  await git.commit("version", "$Format:%H$\n");
  await git.must("tag", "v1.0");
  await git.must("push", "-q", "origin", "main", "v1.0");
});
afterAll(() => node[Symbol.asyncDispose]());

const at = (ref_path: string) => ({ owner: owner.handle, repo, ref_path });
const get = (path: string, init?: RequestInit) => fetch(`${node.url}/${path}`, init);

describe("blame", () => {
  const blame = async (ref_path: string, query: { ignore?: "off" } = {}) => {
    const path = at(ref_path);
    const view = await owner.client.call("GET /api/guts/view/repos/{owner}/{repo}/blame/{+ref_path}", { path, query });
    const titles = new Map(view.commits.map(({ id, title }) => [id, title]));
    return { view, told: view.ranges.map((range) => [range.firstLine, range.lineCount, titles.get(range.commit)]) };
  };

  test("passes over the commits that the repository lists, through renames, unless asked not to", async () => {
    const { view, told } = await blame("main/moved.ts");
    expect(told).toEqual([
      [1, 2, "add ä file.ts"],
      [3, 1, "say it in digits"],
      [4, 1, "add ä file.ts"],
    ]);
    expect(view).toMatchObject({ ignoring: "over", path: "moved.ts" });
    expect(view.ranges[1]?.previous).toMatchObject({ path: "moved.ts" });
    const all = await blame("main/moved.ts", { ignore: "off" });
    expect(all.told.map(([, , title]) => title)).toEqual(["format", "say it in digits", "format"]);
    expect(all.view.ranges[0]?.previous).toMatchObject({ path: "ä file.ts" });
    expect(all.view.ignoring).toBe("off");
    expect((await blame(`${format}/ä file.ts`)).view.ignoring).toBe("none");
  });

  test("of what is no file is not found", async () => {
    for (const path of ["main/gone", "main", "main/--help"])
      await expect(blame(path)).rejects.toMatchObject({ status: 404 });
  });
});

describe("pages of history", () => {
  test("a file's history says where the file was before", async () => {
    const read = (ref_path: string) =>
      owner.client.call("GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}", { path: at(ref_path) });
    const view = await read("main/moved.ts");
    expect(view.commits.map(({ title }) => title)).toEqual(["say it in digits", "move"]);
    expect(view.renamedFrom).toEqual({ commit: format, path: "ä file.ts" });
    const earlier = await read(`${format}/ä file.ts`);
    expect(earlier).toMatchObject({ renamedFrom: null });
    expect(earlier.commits).toHaveLength(2);
  });

  test("a comparison shows commits and files", async () => {
    const read = (range: string) =>
      owner.client.call("GET /api/guts/view/repos/{owner}/{repo}/compare/{+range}", {
        path: { owner: owner.handle, repo, range },
      });
    const view = await read(`${format}...main`);
    expect(view).toMatchObject({ aheadBy: 6, behindBy: 0, isDirect: false, head: { kind: "branch", name: "main" } });
    expect(view.files[0]).toMatchObject({ path: ".git-blame-ignore-revs", status: "added" });
    expect(await read(`main..${format}`)).toMatchObject({ isDirect: true, aheadBy: 0, behindBy: 6 });
  });
});

describe("archives", () => {
  test("hold the files below a directory, without what is not for export", async () => {
    const answer = await get(`${owner.handle}/${repo}/archive/refs/tags/v1.0.tar.gz`);
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="viewed-1.0.tar.gz"');
    const tar = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString("latin1");
    expect(tar).toContain("viewed-1.0/moved.ts");
    expect(tar).not.toContain("viewed-1.0/secret");
    expect(tar).toContain(await git.must("rev-parse", "v1.0"));
    const again = await get(`${owner.handle}/${repo}/archive/v1.0.tar.gz`, {
      headers: { "if-none-match": answer.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
    const zip = await get(`${owner.handle}/${repo}/archive/main.zip`);
    expect(zip.headers.get("content-type")).toBe("application/zip");
    expect(
      Buffer.from(await zip.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
  });

  test("of the API lead there, and are called after the commit", async () => {
    const sent = await get(`api/v3/repos/${owner.handle}/${repo}/zipball/v1.0`, { redirect: "manual" });
    expect([sent.status, sent.headers.get("location")]).toEqual([
      302,
      `${node.url}/${owner.handle}/${repo}/legacy.zip/v1.0`,
    ]);
    const head = (await git.must("rev-parse", "main")).slice(0, 7);
    const followed = await get(`api/v3/repos/${owner.handle}/${repo}/tarball`);
    expect(followed.headers.get("content-disposition")).toContain(`${owner.handle}-${repo}-${head}.tar.gz`);
    await followed.arrayBuffer();
  });

  test.each([
    "archive/gone.zip",
    "archive/main.rar",
    "archive/--remote=x.zip",
    "archive/..%2f..%2fx.zip",
    "legacy.zip/gone",
  ])("%s is not there", async (path) => expect((await get(`${owner.handle}/${repo}/${path}`)).status).toBe(404));
});
