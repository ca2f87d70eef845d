import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { encodeFlush, encodePktLine } from "@guts/git";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createCheckedClient } from "../harness/checked-client.ts";
import { type Forge, type Person, startForge } from "../harness/forge.ts";
import { runProgram } from "../harness/git.ts";
import { createDeviceKey, createSigningKey, signingOptions, type SigningKey } from "../harness/signing.ts";
import { createKeyPair, sshRemote, sshUser } from "../harness/ssh.ts";

let forge: Forge;
let ada: Person;

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
});
afterAll(() => forge[Symbol.asyncDispose]());

/** Refs of a repository as the server advertises them. */
async function refsAt(url: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await forge.git.run(["ls-remote", url])).split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => line.split("\t").toReversed() as [string, string]));
}

describe("a push", () => {
  test("shows the server's progress and asks for report-status-v2", async () => {
    const { git } = forge;
    const { workTree } = await forge.createFilledRepository(ada);
    await git.commit(workTree, "a.txt", "a\n");
    const trace = { GIT_TRACE_PACKET: "1" };
    const { stderr, exitCode } = await git.try(["-C", workTree, "push", "--progress"], { env: trace });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^remote: /m);
    expect(stderr).toMatch(/git> .* report-status-v2 side-band-64k/);
    expect(stderr).toMatch(/sideband< \\1.*unpack ok/);
  });

  test("creates, updates and deletes branches in one go", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    await git.run(["-C", workTree, "push", "-q", "origin", "HEAD:refs/heads/old"]);
    const newest = await git.commit(workTree, "a.txt", "a\n");
    await git.run(["-C", workTree, "push", "-q", "origin", "main", "HEAD:refs/heads/new", ":refs/heads/old"]);
    expect(await refsAt(url)).toEqual({ HEAD: newest, "refs/heads/main": newest, "refs/heads/new": newest });
  });

  test("with --atomic moves no ref when one is refused", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    const before = await refsAt(url);
    await git.commit(workTree, "a.txt", "a\n");
    const attempt = ["-C", workTree, "push", "--atomic", "origin", "main", "HEAD:refs/guts/hidden"];
    const { exitCode, stderr } = await git.try(attempt);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("atomic");
    expect(await refsAt(url)).toEqual(before);
  });

  test("without --atomic moves the refs that are allowed", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    const newest = await git.commit(workTree, "a.txt", "a\n");
    const { exitCode, stderr } = await git.try(["-C", workTree, "push", "origin", "main", "HEAD:refs/guts/hidden"]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/! \[remote rejected\] HEAD -> refs\/guts\/hidden \(.+\)/);
    expect((await refsAt(url))["refs/heads/main"]).toBe(newest);
  });

  test("may carry push options", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    const newest = await git.commit(workTree, "a.txt", "a\n");
    await git.run(["-C", workTree, "push", "-q", "-o", "ci.skip", "-o", "reviewer=ada"]);
    expect((await refsAt(url))["refs/heads/main"]).toBe(newest);
  });

  test("of a thin pack is completed by the server", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
    await git.commit(workTree, "big.txt", lines.join("\n"));
    await git.run(["-C", workTree, "push", "-q"]);
    await git.commit(workTree, "big.txt", [...lines, "one more"].join("\n"));
    await git.run(["-C", workTree, "push", "-q", "--thin"]);
    const clone = forge.newFolder();
    await git.run(["clone", "-q", url, clone]);
    await git.run(["-C", clone, "fsck", "--strict"]);
  });

  test("from a shallow clone is accepted", async () => {
    const { git } = forge;
    const { workTree, url, urlFor } = await forge.createFilledRepository(ada);
    for (const name of ["b", "c"]) await git.commit(workTree, name, name);
    await git.run(["-C", workTree, "push", "-q"]);
    const shallow = forge.newFolder();
    await git.run(["clone", "-q", "--depth", "1", urlFor(ada), shallow]);
    const newest = await git.commit(shallow, "d", "d");
    await git.run(["-C", shallow, "push", "-q"]);
    expect((await refsAt(url))["refs/heads/main"]).toBe(newest);
    const clone = forge.newFolder();
    await git.run(["clone", "-q", url, clone]);
    expect(await git.run(["-C", clone, "rev-list", "--count", "HEAD"])).toBe("4");
  });

  test("of history whose beginning the server lacks is refused", async () => {
    const { git } = forge;
    const { workTree } = await forge.createFilledRepository(ada);
    await git.commit(workTree, "b", "b");
    await git.run(["-C", workTree, "push", "-q"]);
    const shallow = forge.newFolder();
    await git.run(["clone", "-q", "--depth", "1", `file://${workTree}`, shallow]);
    const empty = await forge.createRepository(ada);
    const { exitCode, stderr } = await git.try(["-C", shallow, "push", empty.urlFor(ada), "HEAD:refs/heads/main"]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/! \[remote rejected\] .*shallow/);
    expect(await refsAt(empty.url)).toEqual({});
  });

  test("larger than git's buffer is sent in chunks and arrives whole", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    const bytes = new Uint8Array(3 * 1024 * 1024);
    for (let offset = 0; offset < bytes.length; offset += 65_536)
      crypto.getRandomValues(bytes.subarray(offset, offset + 65_536));
    writeFileSync(join(workTree, "big.bin"), bytes);
    await git.run(["-C", workTree, "add", "big.bin"]);
    await git.run(["-C", workTree, "commit", "-q", "-m", "Add a large file"]);
    const { stderr, exitCode } = await git.try(["-C", workTree, "-c", "http.postBuffer=65536", "push"], {
      env: { GIT_CURL_VERBOSE: "1" },
    });
    expect({ exitCode, isChunked: /transfer-encoding: chunked/i.test(stderr) }).toEqual({
      exitCode: 0,
      isChunked: true,
    });
    const clone = forge.newFolder();
    await git.run(["clone", "-q", url, clone]);
    expect(await git.run(["-C", clone, "hash-object", "big.bin"])).toBe(
      await git.run(["-C", workTree, "hash-object", "big.bin"]),
    );
  });

  test("that changes nothing says that everything is up to date", async () => {
    const { workTree } = await forge.createFilledRepository(ada);
    const { stderr } = await forge.git.try(["-C", workTree, "push"]);
    expect(stderr).toBe("Everything up-to-date\n");
  });
});

describe("a push that rewrites history", () => {
  test("is refused by git itself without force, and works with it", async () => {
    const { git } = forge;
    const { workTree, url } = await forge.createFilledRepository(ada);
    await git.commit(workTree, "a.txt", "a\n");
    await git.run(["-C", workTree, "push", "-q"]);
    await git.run(["-C", workTree, "commit", "-q", "--amend", "-m", "Another message"]);
    expect((await git.try(["-C", workTree, "push"])).stderr).toContain("non-fast-forward");
    await git.run(["-C", workTree, "push", "-q", "--force"]);
    expect((await refsAt(url))["refs/heads/main"]).toBe(await git.run(["-C", workTree, "rev-parse", "HEAD"]));
  });

  test("with a stale lease is refused", async () => {
    const { git } = forge;
    const { workTree, urlFor } = await forge.createFilledRepository(ada);
    const other = forge.newFolder();
    await git.run(["clone", "-q", urlFor(ada), other]);
    await git.commit(other, "b", "b");
    await git.run(["-C", other, "push", "-q"]);
    await git.run(["-C", workTree, "commit", "-q", "--amend", "-m", "Another message"]);
    const { exitCode, stderr } = await git.try(["-C", workTree, "push", "--force-with-lease"]);
    expect({ exitCode, isStale: stderr.includes("stale info") }).toEqual({ exitCode: 1, isStale: true });
  });
});

test("of concurrent pushes to one branch exactly one wins, and the others are told why", async () => {
  const { git } = forge;
  const { url, urlFor } = await forge.createFilledRepository(ada);
  const clones = await Promise.all(
    Array.from({ length: 6 }, async (_, index) => {
      const clone = forge.newFolder();
      await git.run(["clone", "-q", urlFor(ada), clone]);
      return { clone, id: await git.commit(clone, `${index}.txt`, `${index}\n`) };
    }),
  );
  const outcomes = await Promise.all(clones.map(({ clone }) => git.try(["-C", clone, "push"])));
  const winners = outcomes.flatMap(({ exitCode }, index) => (exitCode === 0 ? [clones[index]!.id] : []));
  expect(winners).toEqual([(await refsAt(url))["refs/heads/main"]]);
  for (const { exitCode, stderr } of outcomes)
    if (exitCode !== 0) expect(stderr).toMatch(/! \[(remote )?rejected\] +main -> main \(.+\)/);
});

describe("the default branch", () => {
  test("follows the first push", async () => {
    const { git } = forge;
    const repository = await forge.createRepository(ada);
    const workTree = forge.newFolder();
    await git.run(["init", "-q", "-b", "develop", workTree]);
    await git.commit(workTree, "a", "a");
    await git.run(["-C", workTree, "push", "-q", repository.urlFor(ada), "develop"]);
    const path = { owner: ada.login, repo: repository.name };
    const { default_branch } = await ada.client.call("GET /api/v3/repos/{owner}/{repo}", { path });
    expect(default_branch).toBe("develop");
    expect(await git.run(["ls-remote", "--symref", repository.url, "HEAD"])).toMatch(
      /^ref: refs\/heads\/develop\tHEAD/,
    );
  });

  test("cannot be deleted by a push, and the reason is said in words", async () => {
    const { workTree } = await forge.createFilledRepository(ada);
    const { exitCode, stderr } = await forge.git.try(["-C", workTree, "push", "origin", ":main"]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/! \[remote rejected\] main \(.*default branch.*\)/);
  });
});

test.each(["refs/guts/x", "refs/pull/1/head", "refs/internal/a"])("the hidden ref %s is not writable", async (ref) => {
  const { git } = forge;
  const { workTree, url } = await forge.createFilledRepository(ada);
  const { exitCode, stderr } = await git.try(["-C", workTree, "push", "origin", `HEAD:${ref}`]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(`-> ${ref} (`);
  expect(Object.keys(await refsAt(url))).toEqual(["HEAD", "refs/heads/main"]);
});

test("many pushes leave a bounded number of packs", async () => {
  const { git } = forge;
  const { workTree, url } = await forge.createFilledRepository(ada);
  for (let index = 0; index < 60; index++) {
    await git.commit(workTree, "counter", `${index}`);
    await git.run(["-C", workTree, "push", "-q"]);
  }
  const clone = forge.newFolder();
  await git.run(["clone", "-q", url, clone]);
  expect(await git.run(["-C", clone, "rev-list", "--count", "HEAD"])).toBe("61");
  await expect.poll(() => packCountMax(forge.devnet.node.dataDir), { timeout: 30_000 }).toBeLessThanOrEqual(packsMax);
});

/** More than this a fetch would feel; the policy repacks before (docs of libs/storage). */
const packsMax = 55;

/** The most packs that any one repository under `folder` has. */
function packCountMax(folder: string): number {
  const countByFolder = new Map<string, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.name.endsWith(".pack"))
      countByFolder.set(entry.parentPath, (countByFolder.get(entry.parentPath) ?? 0) + 1);
  }
  return Math.max(0, ...countByFolder.values());
}

describe("a signed push", () => {
  /** A repository whose main takes pushes only with their pusher's own signature. */
  async function guarded() {
    const [key, filled] = await Promise.all([createSigningKey(forge, ada), forge.createFilledRepository(ada)]);
    const path = { owner: ada.login, repo: filled.name };
    const branch = { path: { ...path, branch: "main" } };
    const nothing = { required_status_checks: null, required_pull_request_reviews: null, restrictions: null };
    const body = { ...nothing, enforce_admins: true };
    await ada.client.call("PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", { ...branch, body });
    await ada.client.call("POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures", branch);
    const commit = (name: string) => forge.git.commit(filled.workTree, name, name);
    const push = (...args: readonly string[]) =>
      forge.git.try(["-C", filled.workTree, ...key.options, "push", ...args]);
    return { ...filled, key, commit, push };
  }

  test("is what a branch takes that asks for it, over HTTP and over SSH, and no other", async () => {
    const { commit, push, key, ...repository } = await guarded();
    await commit("a");
    const plain = await push("origin", "main");
    expect([plain.exitCode, plain.stderr]).toEqual([1, expect.stringContaining("push with git push --signed")]);
    const first = await push("--signed", "origin", "main");
    expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining("Final at height")]);
    const id = await commit("b");
    const { environment } = sshUser(forge.git.folder, key);
    const overSsh = ["-C", repository.workTree, ...key.options, "-c", "push.gpgSign=if-asked", "push"];
    await forge.git.run([...overSsh, "-q", sshRemote(forge, repository), "main"], { env: environment });
    expect(await forge.git.run(["ls-remote", repository.url, "main"])).toContain(id);
  });

  test("is all that a key of the account's own needs over SSH, where its unsigned pushes are refused", async () => {
    const { commit, ...repository } = await guarded();
    const device = await createDeviceKey(forge, ada);
    const { environment: env } = sshUser(forge.git.folder, device);
    await commit("a");
    const push = ["-C", repository.workTree, ...device.options, "push", sshRemote(forge, repository), "main"];
    const plain = await forge.git.try(push, { env });
    expect([plain.exitCode, plain.stderr]).toEqual([1, expect.stringContaining(`this key is ${ada.login}'s own`)]);
    await forge.git.run([...push, "--signed", "-q"], { env });
  });

  test("by a key that signs commits is made with the connection's token, and says who made it", async () => {
    const repository = await forge.createFilledRepository(ada);
    const key = await createKeyPair(forge.git.folder);
    const push = async (name: string) => {
      await forge.git.commit(repository.workTree, name, name);
      const git = ["-C", repository.workTree, ...signingOptions(key), "push"];
      return forge.git.try([...git, "--signed", "origin", "main"]);
    };
    expect((await push("a")).stderr).toContain("which signs for nobody");
    const token = await ada.createToken(["admin:ssh_signing_key"]);
    const keys = createCheckedClient({ baseUrl: forge.baseUrl, token });
    const added = await keys.call("POST /api/v3/user/ssh_signing_keys", { body: { key: key.publicLine } });
    const said = await push("b");
    expect([said.exitCode, said.stderr]).toEqual([0, expect.stringContaining("Final at height")]);
    const height = /Final at height (\d+)/.exec(said.stderr)![1]!;
    const { transactions } = await forge.anonymous.call("GET /api/guts/blocks/{height}", { path: { height } });
    const { id } = transactions.find(({ signedBy }) => signedBy !== null)!;
    const told = await forge.anonymous.call("GET /api/guts/transactions/{id}", { path: { id } });
    expect(told.authority).toBe("countersigned");
    expect(key.publicLine).toContain(told.pushCertificate!.publicKey);
    // Whoever may add such a key may not push by it.
    await forge.git.commit(repository.workTree, "c", "c");
    const lent = ["-C", repository.workTree, ...signingOptions(key), "push", "--signed", repository.urlFor(token)];
    expect((await forge.git.try([...lent, "main"])).exitCode).not.toBe(0);
    const path = { ssh_signing_key_id: String(added.id) };
    await keys.call("DELETE /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}", { path });
    expect((await push("d")).stderr).toContain("which signs for nobody");
  });

  test("is shown with its key in its block, and can be checked there without a node", async () => {
    const { commit, push, key } = await guarded();
    await commit("a");
    const said = await push("--signed", "--push-option=ci.skip", "origin", "main");
    const height = /Final at height (\d+)/.exec(said.stderr)![1]!;
    const block = await forge.anonymous.call("GET /api/guts/blocks/{height}", { path: { height } });
    const { id } = block.transactions.find(({ signedBy }) => signedBy !== null)!;
    const told = await forge.anonymous.call("GET /api/guts/transactions/{id}", { path: { id } });
    expect(told.summary).toContain("(signed push)");
    const { text, signature, publicKey } = told.pushCertificate!;
    expect(key.publicLine).toContain(publicKey);
    expect(text).toContain("push-option ci.skip");
    const folder = forge.newFolder("check");
    mkdirSync(folder);
    writeFileSync(join(folder, "signers"), `${ada.login} ${publicKey}\n`);
    writeFileSync(join(folder, "sig"), signature);
    const verify = ["-Y", "verify", "-n", "git", "-f", "signers", "-I", ada.login, "-s", "sig"];
    const checked = await runProgram("ssh-keygen", verify, { cwd: folder, env: process.env, input: text });
    expect(checked.stdout).toContain('Good "git" signature');
  });

  test("is refused when it is sent again, altered, or to another repository", async () => {
    const { key, name, url } = await guarded();
    const other = await forge.createFilledRepository(ada);
    const tip = (await refsAt(url))["refs/heads/main"]!;
    const signed = await craft({ name, key, commands: [`${"0".repeat(40)} ${tip} refs/heads/copy\n`] });
    const altered = Buffer.from(signed.toString("latin1").replace("heads/copy", "heads/cope"), "latin1");
    expect(await send(altered, name)).toContain("the signature of this push does not hold");
    expect(await send(signed, other.name)).toContain("signed for another place");
    expect(await send(signed, name)).toContain("ok refs/heads/copy");
    await ada.client.call("DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
      path: { owner: ada.login, repo: name, ref: "heads/copy" },
    });
    // The ref is where it was when this was signed, and still nobody can do it again.
    expect(await send(signed, name)).toContain("this signed push was handled before");
    expect((await refsAt(url))["refs/heads/copy"]).toBeUndefined();
  });

  test("is refused for a block that is not of this chain, and for a time that is not now", async () => {
    const { key, name, url } = await guarded();
    const tip = (await refsAt(url))["refs/heads/main"]!;
    const commands = [`${"0".repeat(40)} ${tip} refs/heads/copy\n`];
    const unknown = (nonce: string) => nonce.replace(/[0-9a-f]{8}$/, "00000000");
    expect(await send(await craft({ name, key, commands, nonce: unknown }), name)).toContain("a block that this node");
    const hour = 3_600;
    expect(await send(await craft({ name, key, commands, agoSeconds: hour + 60 }), name)).toContain("too long ago");
    expect(await send(await craft({ name, key, commands, agoSeconds: -hour }), name)).toContain("set your clock");
  });
});

/** The body of a push that git could have sent, of objects that are there. */
async function craft(push: {
  readonly name: string;
  readonly key: SigningKey;
  readonly commands: readonly string[];
  readonly nonce?: (given: string) => string;
  readonly agoSeconds?: number;
}): Promise<Buffer> {
  const url = `${forge.baseUrl}/${ada.login}/${push.name}.git/`;
  const refs = await fetch(`${url}info/refs?service=git-receive-pack`, { headers: { authorization: basic() } });
  const given = /push-cert=(\S+)/.exec(await refs.text())![1]!;
  const header = [
    "certificate version 0.1\n",
    `pusher test ${Math.floor(Date.now() / 1_000) - (push.agoSeconds ?? 0)} +0000\n`,
    `pushee ${url}\n`,
    `nonce ${push.nonce?.(given) ?? given}\n`,
    "\n",
  ];
  const text = [...header, ...push.commands].join("");
  const sign = ["-q", "-Y", "sign", "-n", "git", "-f", push.key.privateFile];
  const signature = await runProgram("ssh-keygen", sign, { cwd: forge.git.folder, env: process.env, input: text });
  const lines = [...header, ...push.commands, ...signature.stdout.split(/(?<=\n)/)];
  const empty = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  const checksum = createHash("sha1").update(empty).digest();
  const packets = ["push-cert\0report-status\n", ...lines, "push-cert-end\n"].map((line) => encodePktLine(line));
  return Buffer.concat([...packets, encodeFlush(), empty, checksum]);
}

async function send(body: Uint8Array, name: string): Promise<string> {
  const answer = await fetch(`${forge.baseUrl}/${ada.login}/${name}.git/git-receive-pack`, {
    method: "POST",
    headers: { authorization: basic(), "content-type": "application/x-git-receive-pack-request" },
    body: Buffer.from(body),
  });
  return answer.text();
}

function basic(): string {
  return `Basic ${Buffer.from(`${ada.login}:${ada.token}`).toString("base64")}`;
}
