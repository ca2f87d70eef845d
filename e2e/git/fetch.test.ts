import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { encodeFlush, encodePktLine, joinBytes } from "@guts/git";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Forge, type Person, startForge, type TestRepository, uniqueName } from "../harness/forge.ts";
import { sshRemote, sshUserOf, type SshUser } from "../harness/ssh.ts";

let forge: Forge;
let ada: Person;

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
});
afterAll(() => forge[Symbol.asyncDispose]());

/** A repository with `count` commits on main, each adding a file of its number. */
async function createHistory(count: number) {
  const repository = await forge.createFilledRepository(ada);
  for (let number = 2; number <= count; number++)
    await forge.git.commit(repository.workTree, `${number}.txt`, `${number}\n`, `Commit ${number}`);
  await forge.git.run(["-C", repository.workTree, "push", "-q"]);
  return repository;
}

describe.each([0, 1, 2])("protocol version %i", (version) => {
  const withVersion = ["-c", `protocol.version=${version}`];

  test("clones, with the files, the branch and the same ids", async () => {
    const { git } = forge;
    const { url, workTree } = await createHistory(3);
    const clone = forge.newFolder();
    await git.run([...withVersion, "clone", "-q", url, clone]);
    expect(readFileSync(join(clone, "3.txt"), "utf8")).toBe("3\n");
    expect(await git.run(["-C", clone, "rev-parse", "HEAD"])).toBe(
      await git.run(["-C", workTree, "rev-parse", "HEAD"]),
    );
    expect(await git.run(["-C", clone, "symbolic-ref", "HEAD"])).toBe("refs/heads/main");
    await git.run(["-C", clone, "fsck", "--strict"]);
  });

  test("is the version that the server answers in", async () => {
    const { url } = await forge.createFilledRepository(ada);
    const { stderr } = await forge.git.try([...withVersion, "ls-remote", url], { env: { GIT_TRACE_PACKET: "1" } });
    expect(/< version (\d)/.exec(stderr)?.[1]).toBe(version === 0 ? undefined : String(version));
  });

  test("fetches what is new, and then nothing", async () => {
    const { git } = forge;
    const { url, workTree } = await createHistory(2);
    const clone = forge.newFolder();
    await git.run([...withVersion, "clone", "-q", url, clone]);
    const newest = await git.commit(workTree, "new.txt", "new\n");
    await git.run(["-C", workTree, "push", "-q"]);
    await git.run([...withVersion, "-C", clone, "fetch", "-q"]);
    expect(await git.run(["-C", clone, "rev-parse", "origin/main"])).toBe(newest);
    const again = await git.try([...withVersion, "-C", clone, "fetch"]);
    expect(again).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test("clones an empty repository", async () => {
    const { git } = forge;
    const { url } = await forge.createRepository(ada);
    const clone = forge.newFolder();
    const { exitCode, stderr } = await git.try([...withVersion, "clone", url, clone]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("empty repository") });
    expect(await git.run(["-C", clone, "for-each-ref"])).toBe("");
  });

  test("clones shallow, deepens, and unshallows", async () => {
    const { git } = forge;
    const { url } = await createHistory(6);
    const clone = forge.newFolder();
    const count = async () => Number(await git.run(["-C", clone, "rev-list", "--count", "HEAD"]));
    await git.run([...withVersion, "clone", "-q", "--depth", "2", url, clone]);
    expect(await count()).toBe(2);
    await git.run([...withVersion, "-C", clone, "fetch", "-q", "--deepen", "2"]);
    expect(await count()).toBe(4);
    await git.run([...withVersion, "-C", clone, "fetch", "-q", "--unshallow"]);
    expect(await count()).toBe(6);
    expect(existsSync(join(clone, ".git", "shallow"))).toBe(false);
  });

  test("leaves out the history behind a tag and before a date", async () => {
    const { git } = forge;
    const { workTree, url } = await createHistory(3);
    await git.run(["-C", workTree, "tag", "old", "HEAD~1"]);
    await git.run(["-C", workTree, "push", "-q", "origin", "old"]);
    const behindTag = forge.newFolder();
    await git.run([...withVersion, "clone", "-q", "--shallow-exclude=old", url, behindTag]);
    expect(await git.run(["-C", behindTag, "rev-list", "--count", "HEAD"])).toBe("1");
    const recent = forge.newFolder();
    await git.run([...withVersion, "clone", "-q", "--shallow-since=2000-01-01", url, recent]);
    expect(await git.run(["-C", recent, "rev-list", "--count", "HEAD"])).toBe("3");
  });

  test("brings an annotated tag with the commit that it points to", async () => {
    const { git } = forge;
    const { workTree, url } = await createHistory(2);
    const clone = forge.newFolder();
    await git.run([...withVersion, "clone", "-q", url, clone]);
    await git.commit(workTree, "released.txt", "1\n");
    await git.run(["-C", workTree, "tag", "-a", "v1", "-m", "One"]);
    await git.run(["-C", workTree, "push", "-q", "--follow-tags"]);
    await git.run([...withVersion, "-C", clone, "fetch", "-q"]);
    expect(await git.run(["-C", clone, "cat-file", "-t", "v1"])).toBe("tag");
  });
});

describe("a partial clone", () => {
  test("leaves blobs out and fetches one when it is needed", async () => {
    const { git } = forge;
    const { url } = await createHistory(3);
    const clone = forge.newFolder();
    await git.run(["clone", "-q", "--filter=blob:none", "--no-checkout", url, clone]);
    const missing = async () =>
      (await git.run(["-C", clone, "rev-list", "--objects", "--all", "--missing=print"])).match(/^\?/gm);
    expect(await missing()).toHaveLength(3);
    expect(await git.run(["-C", clone, "show", "HEAD:3.txt"])).toBe("3");
    expect(await missing()).toHaveLength(2);
  });

  test.each(["tree:0", "blob:limit=1"])("takes the filter %s", async (filter) => {
    const { url } = await createHistory(2);
    const clone = forge.newFolder();
    await forge.git.run(["clone", "-q", `--filter=${filter}`, url, clone]);
    expect(readFileSync(join(clone, "2.txt"), "utf8")).toBe("2\n");
  });
});

describe("the advertisement", () => {
  test("shows peeled tags, and a prefix selects its refs only", async () => {
    const { git } = forge;
    const { workTree, url } = await createHistory(1);
    await git.run(["-C", workTree, "tag", "-a", "v1", "-m", "One"]);
    await git.run(["-C", workTree, "push", "-q", "origin", "v1", "HEAD:refs/heads/other"]);
    expect(await git.run(["ls-remote", "--tags", url])).toMatch(/refs\/tags\/v1\n.*refs\/tags\/v1\^\{\}$/);
    expect((await git.run(["ls-remote", url, "refs/heads/o*"])).split("\t")[1]).toBe("refs/heads/other");
  });

  test("names the unborn default branch of an empty repository, so that a clone starts on it", async () => {
    const { git } = forge;
    const name = "trunk-based";
    await ada.client.call("POST /api/v3/user/repos", { body: { name, default_branch: "trunk" } });
    const clone = forge.newFolder();
    await git.run(["clone", "-q", `${forge.baseUrl}/${ada.login}/${name}.git`, clone]);
    expect(await git.run(["-C", clone, "symbolic-ref", "HEAD"])).toBe("refs/heads/trunk");
  });
});

test("a sha256 repository is pushed to, cloned and fetched like any other", async () => {
  const { git } = forge;
  const { workTree, url } = await forge.createFilledRepository(ada, { objectFormat: "sha256" });
  const clone = forge.newFolder();
  await git.run(["clone", "-q", url, clone]);
  const newest = await git.commit(workTree, "a.txt", "a\n");
  await git.run(["-C", workTree, "push", "-q"]);
  await git.run(["-C", clone, "pull", "-q"]);
  expect(newest).toHaveLength(64);
  expect(await git.run(["-C", clone, "rev-parse", "HEAD"])).toBe(newest);
});

test("an object that no ref reaches any more cannot be fetched by its id", async () => {
  const { git } = forge;
  const { workTree, url } = await forge.createFilledRepository(ada);
  const clone = forge.newFolder();
  await git.run(["clone", "-q", url, clone]);
  const secret = await git.commit(workTree, "secret.txt", "secret\n");
  await git.run(["-C", workTree, "push", "-q", "origin", "HEAD:refs/heads/leak"]);
  await git.run(["-C", workTree, "push", "-q", "origin", ":refs/heads/leak"]);
  const { exitCode, stderr } = await git.try(["-C", clone, "fetch", "origin", secret]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("not our ref");
});

test("an id that a branch reaches can be fetched though no branch points at it", async () => {
  const { git } = forge;
  const { workTree, url } = await createHistory(3);
  const middle = await git.run(["-C", workTree, "rev-parse", "HEAD~1"]);
  const clone = forge.newFolder();
  await git.run(["init", "-q", clone]);
  await git.run(["-C", clone, "fetch", "-q", url, middle]);
  expect(await git.run(["-C", clone, "rev-parse", "FETCH_HEAD"])).toBe(middle);
});

test("a request that git compresses is understood", async () => {
  const { git } = forge;
  const { workTree, url } = await createHistory(1);
  for (let index = 0; index < 30; index++) {
    await git.commit(workTree, "counter", `${index}`);
    await git.run(["-C", workTree, "branch", `topic-${index}`]);
  }
  await git.run(["-C", workTree, "push", "-q", "--all"]);
  const mirror = forge.newFolder();
  const { exitCode, stderr } = await git.try(["clone", "-q", "--mirror", url, mirror], {
    env: { GIT_CURL_VERBOSE: "1" },
  });
  expect({ exitCode, isCompressed: /content-encoding: gzip/i.test(stderr) }).toEqual({
    exitCode: 0,
    isCompressed: true,
  });
  expect((await git.run(["-C", mirror, "for-each-ref"])).split("\n")).toHaveLength(31);
});

test("a mirror clone has every ref", async () => {
  const { git } = forge;
  const { workTree, url } = await createHistory(1);
  const names = Array.from({ length: 50 }, (_, index) => `HEAD:refs/heads/topic/${index}`);
  await git.run(["-C", workTree, "push", "-q", "origin", ...names]);
  const mirror = forge.newFolder();
  await git.run(["clone", "-q", "--mirror", url, mirror]);
  expect((await git.run(["-C", mirror, "for-each-ref"])).split("\n")).toHaveLength(51);
  expect(readdirSync(mirror)).toContain("packed-refs");
});

describe("a fetch that is under way", () => {
  /** More than the sockets, windows and pipes between both ends hold. */
  const packBytesMin = 40 * 1024 * 1024;
  let repository: TestRepository & { readonly workTree: string };

  beforeAll(async () => {
    repository = await forge.createFilledRepository(ada, { isPrivate: true });
    writeFileSync(join(repository.workTree, "big"), randomBytes(packBytesMin));
    await forge.git.run(["-C", repository.workTree, "add", "big"]);
    await forge.git.run(["-C", repository.workTree, "commit", "-q", "-m", "big"]);
    await forge.git.run(["-C", repository.workTree, "push", "-q"]);
  }, 120_000);

  /** `ssh` whose output stops after some of it, until it is told to go on. */
  function haltingSsh(user: SshUser) {
    const [script, halted, resumed] = ["ssh.sh", "halted", "resumed"].map((name) =>
      join(forge.git.folder, uniqueName(name)),
    ) as [string, string, string];
    const wait = `touch ${halted}; while [ ! -e ${resumed} ]; do sleep 0.05; done`;
    const command = user.environment["GIT_SSH_COMMAND"]!;
    writeFileSync(script, `#!/bin/sh\n${command} "$@" | { dd bs=1 count=20000 2>/dev/null; ${wait}; cat; }\n`, {
      mode: 0o755,
    });
    const environment = { GIT_SSH: script, GIT_SSH_VARIANT: "ssh" };
    return { environment, halted, resume: () => writeFileSync(resumed, "") };
  }

  async function cloneOverSsh(meanwhile: (user: SshUser) => Promise<void>) {
    const user = await sshUserOf(forge, ada);
    const halting = haltingSsh(user);
    const args = ["clone", "-q", sshRemote(forge, repository), forge.newFolder()];
    const clone = forge.git.try(args, { env: halting.environment });
    await expect.poll(() => existsSync(halting.halted), { timeout: 30_000, interval: 50 }).toBe(true);
    await meanwhile(user);
    halting.resume();
    return clone;
  }

  test("a clone over SSH is cut when its key is removed, and another that stalled as long is not", async () => {
    const cut = await cloneOverSsh(async ({ key: { publicLine } }) => {
      const keys = await ada.client.call("GET /api/v3/user/keys", {});
      const { id } = keys.find(({ key }) => publicLine.startsWith(key))!;
      await ada.client.call("DELETE /api/v3/user/keys/{key_id}", { path: { key_id: String(id) } });
    });
    expect([cut.exitCode === 0, cut.stderr]).toEqual([false, expect.stringMatching(/early EOF|hung up|access/)]);
    expect((await cloneOverSsh(async () => {})).exitCode).toBe(0);
  }, 120_000);

  /** Fetches everything over HTTP, reading no further than the first bytes before `meanwhile`; how much came, and whether all did. */
  async function fetchOverHttp(token: string, meanwhile: () => Promise<void>) {
    const tip = await forge.git.run(["-C", repository.workTree, "rev-parse", "HEAD"]);
    const text = (line: string) => encodePktLine(Buffer.from(`${line}\n`));
    const body = joinBytes([text(`want ${tip} ofs-delta`), encodeFlush(), text("done")]);
    const url = `${forge.baseUrl}/${ada.login}/${repository.name}.git/git-upload-pack`;
    const headers = { authorization: `token ${token}`, "content-type": "application/x-git-upload-pack-request" };
    const response = await fetch(url, { method: "POST", headers, body: Buffer.from(body) });
    expect(response.status).toBe(200);
    const reader = response.body!.getReader();
    let length = (await reader.read()).value?.length ?? 0;
    await meanwhile();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) length += part.value.length;
      return { length, isWhole: true };
    } catch {
      return { length, isWhole: false };
    }
  }

  test("a fetch over HTTP is cut when its token is revoked, and another is not", async () => {
    const body = { label: "fetch", scopes: ["repo"] as ["repo"] };
    const { token, id } = await ada.client.call("POST /api/guts/tokens", { body });
    const cut = await fetchOverHttp(token, async () => {
      await ada.client.call("DELETE /api/guts/tokens/{id}", { path: { id } });
    });
    expect(cut.isWhole).toBe(false);
    expect(cut.length).toBeLessThan(packBytesMin);
    const whole = await fetchOverHttp(await ada.createToken(["repo"]), async () => {});
    expect(whole.isWhole).toBe(true);
    expect(whole.length).toBeGreaterThan(packBytesMin);
  }, 120_000);
});
