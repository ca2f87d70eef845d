import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";

import { encodeFlush, encodePktLine } from "@guts/git";
import { concatBytes, type RepositoryId } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let guest: TestAccount;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  guest = await node.signUp("guest");
});
afterAll(() => node[Symbol.asyncDispose]());

let names = 0;
async function createRepository(options: { readonly private?: boolean; readonly object_format?: "sha256" } = {}) {
  const name = `repo-${++names}`;
  await owner.client.call("POST /api/v3/user/repos", { body: { name, ...options } });
  return { name, path: `/${owner.handle}/${name}`, url: urlFor(owner, `/${owner.handle}/${name}.git`) };
}

function urlFor(account: TestAccount | undefined, path: string): string {
  const { host } = new URL(node.url);
  return account === undefined ? `http://${host}${path}` : `http://x-access-token:${account.token}@${host}${path}`;
}

async function pushedRepository(options: Parameters<typeof createRepository>[0] = {}) {
  const repository = await createRepository(options);
  const git = new GitClient(node.directory);
  await git.init(
    repository.url,
    ...(options.object_format === undefined ? [] : [`--object-format=${options.object_format}`]),
  );
  await git.must("push", "-q", "origin", "main");
  return { ...repository, git };
}

describe("a repository whose objects this node is still fetching", () => {
  test("refuses pushes and serves what is whole while it is behind, and nothing while nothing is", async () => {
    const { git, url, path } = await pushedRepository();
    const described = await fetch(`${node.url}/api/v3/repos${path}`);
    const { id } = (await described.json()) as { readonly id: RepositoryId };
    node.ledger.incomplete.set(id, "behind");
    await git.must("commit", "-q", "--allow-empty", "-m", "next");
    const push = await git.run("push", "origin", "main");
    expect([push.code, push.stderr]).toEqual([1, expect.stringContaining("still fetching objects of this repository")]);
    expect((await git.run("ls-remote", url)).code).toBe(0);
    node.ledger.incomplete.set(id, "absent");
    const answer = await fetch(`${node.url}${path}.git/info/refs?service=git-upload-pack`);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await answer.text()).toContain("from other nodes, which have it");
    const api = await fetch(`${node.url}/api/v3/repos${path}`);
    expect([api.status, api.headers.get("retry-after")]).toEqual([503, "2"]);
    node.ledger.incomplete.delete(id);
    expect((await git.run("push", "origin", "main")).code).toBe(0);
  });
});

describe("push and clone", () => {
  test.each([0, 1, 2])("a pushed branch is cloned over protocol v%i", async (version) => {
    const { git, url } = await pushedRepository();
    const clone = new GitClient(node.directory);
    await clone.must("-c", `protocol.version=${version}`, "clone", "-q", url, "copy");
    expect(await clone.must("-C", "copy", "rev-parse", "HEAD")).toBe(await git.must("rev-parse", "HEAD"));
    expect(await clone.must("-C", "copy", "rev-parse", "--abbrev-ref", "HEAD")).toBe("main");
  });

  test("the ledger tells pushes by their branches and tags", async () => {
    const { git, path } = await pushedRepository();
    const name = path.slice(1);
    const lastDeed = async () => {
      const answer = await fetch(`${node.url}/api/guts/blocks?deeds=true&limit=1`);
      const [block] = (await answer.json()) as readonly { readonly deeds: readonly string[] }[];
      return block!.deeds[0]!.replace(/^\S+ /, "");
    };
    expect(await lastDeed()).toBe(`created branch main in ${name}`);
    for (const message of ["next", "another"]) await git.must("commit", "-q", "--allow-empty", "-m", message);
    await git.must("push", "-q", "origin", "HEAD~1:main");
    expect(await lastDeed()).toBe(`pushed 1 commit to main of ${name}`);
    await git.must("push", "-q", "--force", "origin", "HEAD~2:main");
    expect(await lastDeed()).toBe(`took commits back from main of ${name}`);
    await git.must("push", "-q", "origin", "main");
    expect(await lastDeed()).toBe(`pushed 2 commits to main of ${name}`);
    await git.must("commit", "-q", "--amend", "--allow-empty", "-m", "changed");
    await git.must("push", "-q", "--force", "origin", "main");
    expect(await lastDeed()).toBe(`force-pushed 1 commit to main of ${name}`);
    await git.must("push", "-q", "origin", "HEAD:refs/tags/v1", "HEAD:refs/heads/side");
    expect(await lastDeed()).toBe(`pushed 2 branches and tags to ${name}`);
    await git.must("push", "-q", "origin", ":refs/tags/v1");
    expect(await lastDeed()).toBe(`deleted tag v1 of ${name}`);
  });

  test("the person reads the height and where the new branch is", async () => {
    const repository = await createRepository();
    const git = new GitClient(node.directory);
    await git.init(repository.url);
    const { stderr, code } = await git.run("push", "--progress", "origin", "main");
    expect(code).toBe(0);
    expect(stderr).toContain(`remote: Final at height ${node.ledger.height()}.`);
    expect(stderr).toContain(`remote:   ${node.url}${repository.path}/tree/main`);
  });

  test("the default branch follows the first push", async () => {
    const { url } = await createRepository();
    const git = new GitClient(node.directory);
    await git.init(url);
    await git.must("branch", "-m", "trunk");
    await git.must("push", "-q", "origin", "trunk");
    expect(await git.must("ls-remote", "--symref", "origin", "HEAD")).toContain("ref: refs/heads/trunk\tHEAD");
  });

  test("an empty repository clones with its unborn branch", async () => {
    const { url } = await createRepository();
    const clone = new GitClient(node.directory);
    const { code, stderr } = await clone.run("clone", url, "empty");
    expect(code).toBe(0);
    expect(stderr).toContain("empty repository");
    expect(await clone.must("-C", "empty", "symbolic-ref", "HEAD")).toBe("refs/heads/main");
  });

  test("a sha256 repository is pushed and cloned", async () => {
    const { url, git } = await pushedRepository({ object_format: "sha256" });
    const clone = new GitClient(node.directory);
    await clone.must("clone", "-q", url, "copy");
    const head = await clone.must("-C", "copy", "rev-parse", "HEAD");
    expect(head).toHaveLength(64);
    expect(head).toBe(await git.must("rev-parse", "HEAD"));
  });

  test("tags, notes, deletion, force, options and thin packs", async () => {
    const { git } = await pushedRepository();
    await git.must("tag", "-a", "v1", "-m", "one");
    await git.must("notes", "add", "-m", "note");
    await git.commit("a.txt", "a\n".repeat(1000));
    await git.must("push", "-q", "-o", "ci.skip", "origin", "main", "v1", "refs/notes/commits", "main:side");
    expect(await git.must("ls-remote", "origin")).toContain("refs/tags/v1^{}");
    await git.must("push", "-q", "origin", ":side");
    await git.must("commit", "-q", "--amend", "-m", "amended");
    const plain = await git.run("push", "origin", "main");
    expect(plain.code).not.toBe(0);
    await git.must("push", "-q", "--force-with-lease", "origin", "main");
    expect(await git.must("ls-remote", "origin", "refs/heads/*")).toBe(
      `${await git.must("rev-parse", "HEAD")}\trefs/heads/main`,
    );
  });

  test("shallow and partial clones, deepening and unshallowing", async () => {
    const { git, url } = await pushedRepository();
    for (let count = 0; count < 4; count++) await git.commit(`f${count}.txt`, `${count}\n`);
    await git.must("push", "-q", "origin", "main");
    const clone = new GitClient(node.directory);
    await clone.must("clone", "-q", "--depth=1", url, "shallow");
    expect(await clone.must("-C", "shallow", "rev-list", "--count", "HEAD")).toBe("1");
    await clone.must("-C", "shallow", "fetch", "-q", "--deepen=2");
    expect(await clone.must("-C", "shallow", "rev-list", "--count", "HEAD")).toBe("3");
    await clone.must("-C", "shallow", "fetch", "-q", "--unshallow");
    expect(await clone.must("-C", "shallow", "rev-list", "--count", "HEAD")).toBe("5");
    await clone.must("clone", "-q", "--filter=blob:none", "--no-checkout", url, "partial");
    expect(await clone.must("-C", "partial", "rev-list", "--objects", "--missing=print", "HEAD")).toContain("?");
  });

  test("several refs move atomically or not at all", async () => {
    const { git } = await pushedRepository();
    await git.commit("b.txt", "b");
    const { code, stderr } = await git.run("push", "--atomic", "origin", "main", "main:refs/pull/1/head");
    expect(code).not.toBe(0);
    expect(stderr).toContain("atomic");
    expect(await git.must("ls-remote", "origin")).not.toContain(await git.must("rev-parse", "HEAD"));
    await git.must("push", "-q", "--atomic", "origin", "main", "main:other");
  });

  test("exactly one of concurrent pushes to one branch wins", async () => {
    const { url, git } = await pushedRepository();
    const clients = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        const client = new GitClient(node.directory);
        await client.must("clone", "-q", url, ".");
        await client.commit(`${index}.txt`, String(index));
        return client;
      }),
    );
    const runs = await Promise.all(clients.map((client) => client.run("push", "origin", "main")));
    expect(runs.filter(({ code }) => code === 0)).toHaveLength(1);
    await git.must("fetch", "-q");
    expect(await git.must("rev-list", "--count", "origin/main")).toBe("2");
  });

  test("more refs than one transaction holds are pushed in several", async () => {
    const { git } = await pushedRepository();
    const head = await git.must("rev-parse", "HEAD");
    const specs = Array.from({ length: 2100 }, (_, index) => `${head}:refs/heads/bulk/branch-${index}`);
    await git.must("push", "-q", "origin", ...specs);
    expect((await git.must("ls-remote", "origin", "refs/heads/bulk/*")).split("\n")).toHaveLength(2100);
  });
});

describe("what is refused", () => {
  test("hidden refs, and the deletion of the default branch, in words", async () => {
    const { git } = await pushedRepository();
    const hidden = await git.run("push", "origin", "main:refs/pull/7/head");
    expect(hidden.stderr).toContain("hidden ref");
    const deleted = await git.run("push", "origin", ":main");
    expect(deleted.stderr).toContain("default branch");
  });

  test("a branch that points to no commit", async () => {
    const { git } = await pushedRepository();
    const { stderr } = await git.run("push", "origin", `${await git.must("rev-parse", "HEAD^{tree}")}:refs/heads/tree`);
    expect(stderr).toContain("must point to a commit");
  });

  test("a push to a missing repository of one's own creates nothing and says how to create it", async () => {
    const git = new GitClient(node.directory);
    await git.init(urlFor(owner, `/${owner.handle}/not-yet.git`));
    const { code, stderr } = await git.run("push", "origin", "main");
    expect(code).not.toBe(0);
    expect(stderr).toContain("remote:   guts repo create not-yet");
    expect(stderr).toContain(`${node.url}/new?name=not-yet`);
  });

  test("a private repository looks absent to strangers, and asks visitors to sign in", async () => {
    const { path } = await pushedRepository({ private: true });
    const client = new GitClient(node.directory);
    const stranger = await client.run("ls-remote", urlFor(guest, `${path}.git`));
    expect(stranger.stderr).toContain("not found");
    const missing = await client.run("ls-remote", urlFor(guest, `/${owner.handle}/nowhere.git`));
    expect(stranger.stderr.replaceAll(path.slice(1), "X")).toBe(
      missing.stderr.replaceAll(`${owner.handle}/nowhere`, "X"),
    );
    const visitor = await fetch(`${node.url}${path}.git/info/refs?service=git-upload-pack`);
    expect(visitor.status).toBe(401);
    expect(visitor.headers.get("www-authenticate")).toContain('Basic realm="Guts"');
  });

  test("a reader may fetch but not push", async () => {
    const { path } = await pushedRepository();
    const client = new GitClient(node.directory);
    await client.must("clone", "-q", urlFor(guest, `${path}.git`), ".");
    await client.commit("x.txt", "x");
    const { stderr } = await client.run("push", "origin", "main");
    expect(stderr).toContain("403");
    expect(stderr).toContain("write access");
  });

  test("a token without write scope cannot push", async () => {
    const { git, path } = await pushedRepository();
    const { token } = await owner.client.call("POST /api/guts/tokens", {
      body: { label: "read", scopes: ["repo:read"] },
    });
    await git.commit("y.txt", "y");
    const { stderr } = await git.run("push", urlFor({ ...owner, token }, `${path}.git`), "main");
    expect(stderr).toContain("lacks the scope");
  });

  test("an archived repository is read-only", async () => {
    const { git, name } = await pushedRepository();
    const path = { owner: owner.handle, repo: name };
    await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { archived: true } });
    await git.commit("z.txt", "z");
    const { stderr } = await git.run("push", "origin", "main");
    expect(stderr).toContain("archived");
    await git.must("fetch", "-q", "origin");
  });

  test("a session cookie does not push", async () => {
    const { path } = await createRepository();
    const response = await fetch(`${node.url}${path}.git/info/refs?service=git-receive-pack`, {
      headers: { cookie: `guts_session_${node.ledger.nodeId.slice(0, 8)}=${owner.token}` },
    });
    expect(response.status).toBe(401);
  });

  test("an object that no ref reaches is not sent by its id", async () => {
    const { git, url } = await pushedRepository();
    await git.must("checkout", "-q", "-b", "secret");
    const secret = await git.commit("secret.txt", "secret");
    await git.must("push", "-q", "origin", "secret");
    await git.must("push", "-q", "origin", ":secret");
    const client = new GitClient(node.directory);
    await client.must("init", "-q");
    const { code, stderr } = await client.run("-c", "protocol.version=2", "fetch", url, secret);
    expect(code).not.toBe(0);
    expect(stderr).toContain("not our ref");
  });

  test("a body that is not the protocol", async () => {
    const { path } = await pushedRepository();
    const response = await fetch(`${node.url}${path}.git/git-upload-pack`, {
      method: "POST",
      headers: { "git-protocol": "version=2", "content-type": "application/x-git-upload-pack-request" },
      body: "zzzzhello",
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("ERR upload-pack: ");
  });

  test("a corrupt pack leaves the branch as it was", async () => {
    const { git, path } = await pushedRepository();
    const head = await git.must("rev-parse", "HEAD");
    const line = encodePktLine(`${head} ${"1".repeat(40)} refs/heads/main\0report-status\n`);
    const response = await fetch(`${node.url}${path}.git/git-receive-pack`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`x:${owner.token}`).toString("base64")}`,
        "content-type": "application/x-git-receive-pack-request",
      },
      body: concatBytes(line, encodeFlush(), Buffer.from("PACK garbage")) as Uint8Array<ArrayBuffer>,
    });
    const text = await response.text();
    expect(text).toContain("ng refs/heads/main");
    expect(await git.must("ls-remote", "origin", "main")).toContain(head);
  });
});

describe("the transport", () => {
  test("a renamed repository redirects git, query included, and keeps working", async () => {
    const { git, name } = await pushedRepository();
    const path = { owner: owner.handle, repo: name };
    await owner.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { name: `${name}-new` } });
    const response = await fetch(`${node.url}/${owner.handle}/${name}/info/refs?service=git-upload-pack`, {
      redirect: "manual",
    });
    expect(response.status).toBe(301);
    expect(response.headers.get("location")).toBe(
      `${node.url}/${owner.handle}/${name}-new.git/info/refs?service=git-upload-pack`,
    );
    await git.commit("later.txt", "later");
    await git.must("push", "-q", "origin", "main");
    await git.must("fetch", "-q", "origin");
  });

  test("the path without .git works too", async () => {
    const { path, git } = await pushedRepository();
    expect(await git.must("ls-remote", urlFor(undefined, path), "main")).toContain(await git.must("rev-parse", "HEAD"));
  });

  test("a compressed request is read", async () => {
    const { path } = await pushedRepository();
    const body = gzipSync(
      concatBytes(encodePktLine("command=ls-refs\n"), Buffer.from("0001"), encodePktLine("symrefs\n"), encodeFlush()),
    );
    const response = await fetch(`${node.url}${path}.git/git-upload-pack`, {
      method: "POST",
      headers: {
        "git-protocol": "version=2",
        "content-encoding": "gzip",
        "content-type": "application/x-git-upload-pack-request",
      },
      body,
    });
    expect(await response.text()).toContain("refs/heads/main");
  });

  test("a chunked push behind Expect: 100-continue is accepted", async () => {
    const { git } = await pushedRepository();
    await git.commit("large.bin", "x".repeat(100_000));
    await git.must(
      "-c",
      "http.postBuffer=1024",
      "-c",
      "http.extraHeader=Expect: 100-continue",
      "push",
      "-q",
      "origin",
      "main",
    );
  });

  test("a fetch ends when its client goes away", async () => {
    const { git, path } = await pushedRepository();
    const head = await git.must("rev-parse", "HEAD");
    const lines = ["command=fetch\n", undefined, "no-progress\n", `want ${head}\n`, "done\n"];
    const body = concatBytes(
      ...lines.map((line) => (line === undefined ? Buffer.from("0001") : encodePktLine(line))),
      encodeFlush(),
    );
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${node.url}${path}.git/git-upload-pack`, {
        method: "POST",
        headers: { "git-protocol": "version=2", "content-length": body.length },
      });
      request.on("response", (response) => response.destroy()).on("close", () => resolve());
      request.on("error", () => resolve());
      request.end(body);
    });
    const active = async () =>
      /guts_git_active\{service="upload-pack"\} (\d+)/.exec(await (await fetch(`${node.url}/metrics`)).text())?.[1];
    await expect.poll(active).toBe("0");
  });

  test("the dumb protocol is declined with words", async () => {
    const { path } = await createRepository();
    const response = await fetch(`${node.url}${path}.git/info/refs`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("smart HTTP");
  });
});
