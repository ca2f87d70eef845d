import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { plainProtection } from "@guts/governance";
import { possessionBytes, possessionNamespace, sshKeyIdOf } from "@guts/ledger";
import { parsePublicKey, parseSshSignature, toHex } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";

let node: TestNode;
let ada: TestAccount;
let eve: TestAccount;
/** A key that Ada signed for with her root key. */
let key: OpenSshKey;
let count = 0;

beforeAll(async () => {
  node = await TestNode.start();
  // git signs with the host's clock.
  node.ledger.advance(Date.now() - node.ledger.time());
  [ada, eve] = [await node.signUp("ada"), await node.signUp("eve")];
  key = newKey();
  await addOwnKey(ada, key);
});
afterAll(() => node[Symbol.asyncDispose]());

interface OpenSshKey {
  readonly file: string;
  readonly line: string;
  readonly blob: Uint8Array;
}

function newKey(type = "ed25519"): OpenSshKey {
  const file = join(node.directory, `key-${++count}`);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file]);
  const line = readFileSync(`${file}.pub`, "utf8").trim();
  return { file, line, blob: new Uint8Array(Buffer.from(line.split(" ")[1]!, "base64")) };
}

function fingerprint({ file }: OpenSshKey): string {
  return execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`])
    .toString()
    .split(" ")[1]!;
}

/** Registers an SSH key by a transaction that the account's root key signs. */
async function addOwnKey(account: TestAccount, { blob }: OpenSshKey): Promise<void> {
  const payload = { blob, title: "laptop", audience: [node.ledger.nodeId], expiresTime: undefined };
  await submit(account, { kind: "ssh-key.add", payload });
}

async function submit(account: TestAccount, command: Parameters<TestNode["sign"]>[0]): Promise<void> {
  const body = { envelope: node.sign(command, account.id, account.seed) };
  expect((await account.client.call("POST /api/guts/transactions", { body })).outcome).toBe("applied");
}

/** A repository of Ada's with a first commit on main, whose rule then asks for signed pushes. */
async function guarded(options: { readonly object_format?: "sha256" } = {}) {
  const name = `guarded-${++count}`;
  const { id } = await ada.client.call("POST /api/v3/user/repos", { body: { name, ...options } });
  const git = new GitClient(node.directory);
  const { host } = new URL(node.url);
  const format = options.object_format === undefined ? [] : [`--object-format=${options.object_format}`];
  await git.init(`http://x-access-token:${ada.token}@${host}/${ada.handle}/${name}.git`, ...format);
  await git.must("config", "gpg.format", "ssh");
  await git.must("config", "user.signingKey", `${key.file}.pub`);
  await git.must("push", "-q", "origin", "main");
  const settings = { ...plainProtection, requiresSignedPush: true, includesAdministrators: true, allowsDeletion: true };
  const rule = { target: "branch", pattern: "main" } as const;
  await submit(ada, { kind: "protection.set", payload: { repository: id as never, rule, settings, reason: "" } });
  const commit = () => git.must("commit", "-q", "--allow-empty", "-m", `next ${++count}`);
  await commit();
  return { git, name, commit, tip: async () => (await git.must("ls-remote", "origin", "main")).slice(0, 40) };
}

describe("git push --signed", () => {
  test("moves a branch that takes no other push", async () => {
    const { git, tip, commit } = await guarded();
    const unsigned = await git.run("push", "origin", "main");
    expect(unsigned.code).toBe(1);
    expect(unsigned.stderr).toContain("signed by the pusher's own key (push with git push --signed");
    const signed = await git.run("push", "--signed", "origin", "main");
    expect([signed.code, signed.stderr]).toEqual([0, expect.stringContaining("main -> main")]);
    expect(await tip()).toBe(await git.must("rev-parse", "HEAD"));
    await commit();
    await git.must("-c", "push.gpgSign=if-asked", "push", "-q", "origin", "main");
    expect(await tip()).toBe(await git.must("rev-parse", "HEAD"));
  });

  test("is told with its key, and everybody who may read the repository can check it offline", async () => {
    const { git, name } = await guarded();
    await git.must("push", "-q", "--signed", "origin", "main");
    const [pushed] = node.ledger.transactions(node.ledger.height());
    const path = { id: toHex(pushed!.record.transactionId) };
    const told = await eve.client.call("GET /api/guts/transactions/{id}", { path });
    expect(told.summary).toBe(`${ada.handle} pushed 1 commit to main of ${ada.handle}/${name} (signed push)`);
    expect([told.authority, told.signedBy]).toEqual(["push-certificate", fingerprint(key)]);
    const { text, signature, publicKey } = told.pushCertificate!;
    expect(text).toContain(`${await git.must("rev-parse", "HEAD")} refs/heads/main`);
    const [signers, signed] = [join(git.directory, "signers"), join(git.directory, "push.sig")];
    writeFileSync(signers, `${ada.handle} ${publicKey}\n`);
    writeFileSync(signed, signature);
    const verify = ["-Y", "verify", "-n", "git", "-f", signers, "-I", ada.handle, "-s", signed];
    expect(execFileSync("ssh-keygen", verify, { input: text }).toString()).toContain('Good "git" signature');
    const repository = { owner: ada.handle, repo: name };
    await ada.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path: repository, body: { private: true } });
    const hidden = await eve.client.call("GET /api/guts/transactions/{id}", { path });
    expect([hidden.repository, hidden.pushCertificate]).toEqual([null, null]);
  });

  test("carries tags, deletions and options in one transaction, all or none", async () => {
    const { git } = await guarded();
    await git.must("push", "-q", "origin", "HEAD~1:refs/heads/old");
    const before = node.ledger.height();
    const refs = ["HEAD:main", "HEAD:refs/tags/v1", ":refs/heads/old"];
    await git.must("push", "-q", "--signed", "--push-option=ci.skip", "origin", ...refs);
    expect(node.ledger.height()).toBe(before + 1);
    const listed = await git.must("ls-remote", "origin");
    expect(listed).toContain("refs/tags/v1");
    expect(listed).not.toContain("refs/heads/old");
    await git.must("commit", "-q", "--allow-empty", "-m", "more");
    const half = await git.run("push", "--signed", "origin", "HEAD:main", "HEAD:refs/pull/1/head");
    expect(half.code).toBe(1);
    expect(half.stderr).toContain("hidden ref");
    expect(half.stderr).toContain("atomic push failure");
    expect(node.ledger.height()).toBe(before + 1);
  });

  test("works with SHA-256, and with names beyond ASCII", async () => {
    const { git, tip } = await guarded({ object_format: "sha256" });
    await git.must("push", "-q", "--signed", "origin", "main", "HEAD:refs/heads/ünïcode");
    expect(await git.must("rev-parse", "HEAD")).toHaveLength(64);
    expect((await git.must("ls-remote", "origin", "ünïcode")).split("\t")[0]).toBe(await git.must("rev-parse", "HEAD"));
    expect(await tip()).toBe((await git.must("rev-parse", "HEAD")).slice(0, 40));
  });

  test("also moves what takes any push, under a token or not", async () => {
    const { git } = await guarded();
    await git.must("push", "-q", "--signed", "origin", "HEAD:refs/heads/topic");
    await git.must("push", "-q", "origin", "HEAD:refs/heads/other");
  });

  test("is refused with words for a key that is nobody's, another account's, or of another type", async () => {
    const { git, name } = await guarded();
    const pushWith = async ({ file }: OpenSshKey, remote = "origin") =>
      (await git.run("-c", `user.signingKey=${file}.pub`, "push", "--signed", remote, "main")).stderr;
    expect(await pushWith(newKey())).toContain(`which signs for nobody or for another account than ${ada.handle}`);
    expect(await pushWith(newKey("ecdsa"))).toContain("signed with an Ed25519 key of OpenSSH here");
    const hers = newKey();
    await addOwnKey(eve, hers);
    expect(await pushWith(hers)).toContain("for another account than");
    // The connection lets in who may push; it does not lend its account to somebody else's signature.
    const { host } = new URL(node.url);
    const asEve = `http://x-access-token:${eve.token}@${host}/${ada.handle}/${name}.git`;
    expect(await pushWith(key, asEve)).toContain("403");
  });

  test("by an SSH key that only this node vouches for does not count as the pusher's own", async () => {
    const { git } = await guarded();
    const vouched = newKey();
    const token = await ada.client.call("POST /api/guts/tokens", {
      body: { label: "keys", scopes: ["write:public_key"] },
    });
    const added = await fetch(`${node.url}/api/v3/user/keys`, {
      method: "POST",
      headers: { authorization: `token ${token.token}`, "content-type": "application/json" },
      body: JSON.stringify({ key: vouched.line, title: "v" }),
    });
    expect(added.status).toBe(201);
    const push = await git.run("-c", `user.signingKey=${vouched.file}.pub`, "push", "--signed", "origin", "main");
    expect(push.stderr).toContain("by a key that only a node says is yours");
    const topic = ["push", "-q", "--signed", "origin", "HEAD:refs/heads/topic"];
    await git.must("-c", `user.signingKey=${vouched.file}.pub`, ...topic);
  });

  test("by a key that signs commits is made with the connection's token, and says who made it", async () => {
    const { git, tip } = await guarded();
    const signer = newKey();
    const payload = { blob: signer.blob, title: "commits" };
    await submit(ada, { kind: "ssh-signing-key.add", payload });
    const as = ["-c", `user.signingKey=${signer.file}.pub`, "push", "--signed", "origin"];
    await git.must(...as, "HEAD:refs/heads/topic");
    const [pushed] = node.ledger.transactions(node.ledger.height());
    const path = { id: toHex(pushed!.record.transactionId) };
    const told = await eve.client.call("GET /api/guts/transactions/{id}", { path });
    expect([told.authority, told.signedBy]).toEqual(["countersigned", fingerprint(signer)]);
    expect(told.pushCertificate!.text).toContain("refs/heads/topic");
    // It proves who pushed to whoever believes the node that the key is hers, and a rule does not.
    expect((await git.run(...as, "main")).stderr).toContain("by a key that only a node says is yours");
    expect(await tip()).not.toBe(await git.must("rev-parse", "HEAD"));
  });

  test("by a key that was removed is refused", async () => {
    const { git } = await guarded();
    const brief = newKey();
    await addOwnKey(ada, brief);
    await submit(ada, { kind: "ssh-key.remove", payload: { id: sshKeyIdOf(brief.blob) } });
    const push = await git.run("-c", `user.signingKey=${brief.file}.pub`, "push", "--signed", "origin", "main");
    expect(push.stderr).toContain("which signs for nobody");
  });

  test("works with a device key that is an OpenSSH key", async () => {
    const { git } = await guarded();
    const device = newKey();
    const publicKey = parsePublicKey(device.blob.subarray(-32))!;
    expect(node.ledger.state().keyOwner(publicKey)).toBeUndefined();
    const push = () => git.run("-c", `user.signingKey=${device.file}.pub`, "push", "--signed", "origin", "main");
    expect((await push()).code).toBe(1);
    await addDevice(device);
    expect((await push()).code).toBe(0);
  });

  test("through a proxy under another name is refused: the ledger does not know where nodes are", async () => {
    const { git, name } = await guarded();
    const { port } = new URL(node.url);
    const other = `http://x-access-token:${ada.token}@localhost:${port}/${ada.handle}/${name}.git`;
    await git.must("push", "-q", "--signed", other, "main");
    const header = "http.extraHeader=Host: forge.example";
    await git.must("commit", "-q", "--allow-empty", "-m", "more");
    const push = await git.run("-c", header, "push", "--signed", other, "main");
    expect(push.stderr).toContain("signed for another place");
  });

  test("follows a repository to its new name", async () => {
    const { git, name, tip } = await guarded();
    const path = { owner: ada.handle, repo: name };
    await ada.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { name: `${name}-moved` } });
    await git.must("push", "-q", "--signed", "origin", "main");
    expect(await tip()).toBe(await git.must("rev-parse", "HEAD"));
  });
});

async function addDevice({ file, blob }: OpenSshKey): Promise<void> {
  const statement = possessionBytes(node.ledger.networkId, { type: "account", account: ada.id });
  const args = ["-q", "-Y", "sign", "-n", possessionNamespace, "-f", file];
  const armoured = execFileSync("ssh-keygen", args, { input: statement, stdio: ["pipe", "pipe", "pipe"] }).toString();
  const signature = parseSshSignature(armoured);
  if (typeof signature === "string") throw new TypeError(signature);
  const possession = { type: "ssh", signature: signature.signature } as const;
  const publicKey = parsePublicKey(blob.slice(-32))!;
  await submit(ada, { kind: "key.add", payload: { key: publicKey, role: "device", label: "d", possession } });
}
