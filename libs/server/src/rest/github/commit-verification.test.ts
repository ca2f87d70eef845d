import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { commitAddressOf } from "@guts/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let ada: TestAccount;
let eve: TestAccount;
let git: GitClient;
let repo: { readonly owner: string; readonly repo: string };

beforeAll(async () => {
  node = await TestNode.start();
  [ada, eve] = [await node.signUp("ada"), await node.signUp("eve")];
  repo = { owner: ada.handle, repo: "engine" };
  await ada.client.call("POST /api/v3/user/repos", { body: { name: "engine" } });
  git = new GitClient(node.directory);
  const { host } = new URL(node.url);
  await git.init(`http://x-access-token:${ada.token}@${host}/${ada.handle}/engine.git`);
  await git.must("config", "gpg.format", "ssh");
  await push();
});
afterAll(() => node[Symbol.asyncDispose]());

const push = () => git.must("push", "-q", "origin", "HEAD:main", "--tags");

async function commitAs(email: string, key: string | undefined): Promise<string> {
  git.environment["GIT_COMMITTER_EMAIL"] = email;
  const signed = key === undefined ? [] : ["-c", `user.signingKey=${key}.pub`, "-c", "commit.gpgSign=true"];
  await git.must(...signed, "commit", "-q", "--allow-empty", "-m", "work");
  await push();
  return git.must("rev-parse", "HEAD");
}

/** A key of OpenSSH; with `owner`, one that signs their commits. */
async function newKey(type: string, owner?: TestAccount): Promise<string> {
  const file = join(git.directory, `${type}-${owner?.handle ?? "nobody"}`);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file]);
  if (owner === undefined) return file;
  const [, base64] = readFileSync(`${file}.pub`, "utf8").split(" ");
  const payload = { blob: Uint8Array.from(Buffer.from(base64!, "base64")), title: "t" };
  const envelope = node.sign({ kind: "ssh-signing-key.add", payload }, owner.id, owner.seed);
  expect((await owner.client.call("POST /api/guts/transactions", { body: { envelope } })).outcome).toBe("applied");
  return file;
}

const addressOf = (account: TestAccount) => commitAddressOf(node.ledger.networkId, account);

async function verificationOf(sha: string) {
  const { commit } = await eve.client.call("GET /api/v3/repos/{owner}/{repo}/commits/{+ref}", {
    path: { ...repo, ref: sha },
  });
  return commit.verification;
}

describe.each(["ed25519", "ecdsa", "rsa"])("a commit that an SSH key of type %s signed", (type) => {
  test("is verified where its committer's address is the account's, and git agrees", async () => {
    const key = await newKey(type, ada);
    const sha = await commitAs(addressOf(ada), key);
    const { verified, reason, signature, payload } = await verificationOf(sha);
    expect([verified, reason]).toEqual([true, "valid"]);
    expect(signature).toContain("-----BEGIN SSH SIGNATURE-----");
    const [signers, signed] = [join(git.directory, "signers"), join(git.directory, "sig")];
    const line = readFileSync(`${key}.pub`, "utf8");
    writeFileSync(signers, `${addressOf(ada)} ${line}`);
    await git.must("-c", `gpg.ssh.allowedSignersFile=${signers}`, "verify-commit", sha);
    // What is told is enough to check it without a node.
    writeFileSync(signed, signature!);
    const verify = ["-Y", "verify", "-n", "git", "-f", signers, "-I", addressOf(ada), "-s", signed];
    expect(execFileSync("ssh-keygen", verify, { input: payload! }).toString()).toContain('Good "git" signature');
    const told = await eve.client.call("GET /api/v3/repos/{owner}/{repo}/commits/{+ref}", {
      path: { ...repo, ref: sha },
    });
    expect(told.committer?.login).toBe(ada.handle);
    const view = await eve.client.call("GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}", {
      path: { ...repo, sha },
    });
    expect(view.commit).toMatchObject({
      signature: { reason: "valid", format: "ssh", signer: ada.handle },
      committer: { handle: ada.handle },
    });
  });
});

describe("a commit is not verified", () => {
  test("that is not signed, or by a key that is nobody's, under a strange address, or with another's", async () => {
    const [own, theirs, nobodys] = [
      join(git.directory, `ed25519-${ada.handle}`),
      await newKey("ed25519", eve),
      await newKey("rsa"),
    ];
    const reasons = [
      await verificationOf(await commitAs(addressOf(ada), undefined)),
      await verificationOf(await commitAs(addressOf(ada), nobodys)),
      await verificationOf(await commitAs(addressOf(ada), theirs)),
      await verificationOf(await commitAs("ada@example.org", own)),
    ];
    expect(reasons.map(({ reason }) => reason)).toEqual(["unsigned", "unknown_key", "unknown_key", "no_user"]);
    expect(reasons.map(({ verified }) => verified)).not.toContain(true);
  });

  test("once its key was removed", async () => {
    const key = await newKey("ecdsa", eve);
    const sha = await commitAs(addressOf(eve), key);
    expect((await verificationOf(sha)).reason).toBe("valid");
    for (const { number } of [...node.ledger.state().signingKeys(eve.id, "ssh")]) {
      const envelope = node.sign({ kind: "ssh-signing-key.remove", payload: { number } }, eve.id, eve.seed);
      await eve.client.call("POST /api/guts/transactions", { body: { envelope } });
    }
    expect((await verificationOf(sha)).reason).toBe("unknown_key");
  });
});

test("a key that the account signed for itself tells whose a commit is by itself", async () => {
  const file = await newKey("ed25519");
  const [, base64] = readFileSync(`${file}.pub`, "utf8").split(" ");
  const blob = Uint8Array.from(Buffer.from(base64!, "base64"));
  const payload = { blob, title: "", audience: [node.ledger.nodeId], expiresTime: undefined };
  const envelope = node.sign({ kind: "ssh-key.add", payload }, eve.id, eve.seed);
  expect((await eve.client.call("POST /api/guts/transactions", { body: { envelope } })).outcome).toBe("applied");
  const told = async (email: string) => {
    const path = { ...repo, sha: await commitAs(email, file) };
    const { commit } = await eve.client.call("GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}", { path });
    return commit.signature;
  };
  expect(await told(addressOf(eve))).toMatchObject({ reason: "valid", signer: eve.handle });
  expect(await told(addressOf(ada))).toMatchObject({ reason: "bad_email", signer: eve.handle });
  expect(await told("somebody@example.org")).toMatchObject({ reason: "no_user", signer: eve.handle });
});

test("a signed tag is verified by its tagger's address", async () => {
  git.environment["GIT_COMMITTER_EMAIL"] = addressOf(ada);
  const key = join(git.directory, `ed25519-${ada.handle}`);
  await git.must("-c", `user.signingKey=${key}.pub`, "tag", "-s", "-m", "release", "v1");
  await git.must("tag", "-a", "-m", "plain", "v2");
  await push();
  const tagOf = async (name: string) => {
    const path = { ...repo, tag_sha: await git.must("rev-parse", name) };
    return eve.client.call("GET /api/v3/repos/{owner}/{repo}/git/tags/{tag_sha}", { path });
  };
  expect(await tagOf("v1")).toMatchObject({ verification: { verified: true, reason: "valid" } });
  expect(await tagOf("v2")).toMatchObject({ verification: { verified: false, reason: "unsigned" } });
});
