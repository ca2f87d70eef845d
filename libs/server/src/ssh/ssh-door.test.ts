import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { parsePrivateSeed, type PrivateSeed } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { sshLimits } from "../limits.ts";
import { GitClient } from "../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";
import { hostKeyOf } from "./host-key.ts";
import type { SshDoor } from "./ssh-door.ts";

const hostSeed = parsePrivateSeed(new Uint8Array(32).fill(9))!;
let node: TestNode;
let door: SshDoor;
let owner: TestAccount;
let names = 0;

beforeAll(async () => {
  node = await TestNode.start();
  const at = { host: "127.0.0.1", port: 0, address: { host: "127.0.0.1", port: 2222 } };
  door = await node.server.openSshDoor(at, hostSeed);
  owner = await node.signUp("owner");
});
afterAll(async () => {
  await door[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

/** git with a private key in OpenSSH's form; the host's key is known. */
async function clientWith(
  privateText?: string,
): Promise<{ git: GitClient; ssh: readonly string[]; publicLine: string }> {
  const git = new GitClient(node.directory);
  const [key, hosts] = [join(git.directory, "key"), join(git.directory, "hosts")];
  const { writeFile, chmod } = await import("node:fs/promises");
  if (privateText === undefined) await git.runProgram("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  else {
    await writeFile(key, privateText, { mode: 0o600 });
    const { stdout } = await git.runProgram("ssh-keygen", ["-y", "-f", key]);
    await writeFile(`${key}.pub`, stdout);
  }
  await chmod(key, 0o600);
  await writeFile(hosts, `[127.0.0.1]:${door.port} ${hostKeyOf(hostSeed).publicLine}\n`);
  const options = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", `UserKnownHostsFile=${hosts}`];
  const ssh = ["-F", "none", "-i", key, ...options.flatMap((option) => ["-o", option]), "-p", String(door.port)];
  git.environment["GIT_SSH_COMMAND"] = `ssh ${ssh.join(" ")}`;
  return { git, ssh, publicLine: readFileSync(`${key}.pub`, "utf8").trim() };
}

async function registered(account: TestAccount) {
  const client = await clientWith();
  await account.client.call("POST /api/v3/user/keys", { body: { key: client.publicLine, title: "laptop" } });
  return client;
}

async function repository(options: { readonly private?: boolean } = {}) {
  const name = `r${++names}`;
  await owner.client.call("POST /api/v3/user/repos", { body: { name, ...options } });
  return { name, remote: `ssh://git@127.0.0.1:${door.port}/${owner.handle}/${name}.git` };
}

describe.each([0, 1, 2])("git over ssh in protocol version %i", (version) => {
  test("pushes, clones, fetches and fetches nothing", async () => {
    const { git } = await registered(owner);
    const { remote } = await repository({ private: true });
    await git.init(remote);
    await git.must("config", "protocol.version", String(version));
    await git.must("push", "-q", "origin", "main");
    const { git: other } = await registered(owner);
    await other.must("-c", `protocol.version=${version}`, "clone", "-q", remote, "clone");
    const id = await git.commit("x.txt", "x\n");
    await git.must("push", "-q", "origin", "main");
    await other.must("-C", "clone", "-c", `protocol.version=${version}`, "fetch", "-q");
    expect(await other.must("-C", "clone", "rev-parse", "origin/main")).toBe(id);
    expect((await other.run("-C", "clone", "-c", `protocol.version=${version}`, "fetch")).stderr).toBe("");
  });
});

describe("a key", () => {
  test("of the ledger says who somebody is, fetches, and pushes unsigned only once it is registered", async () => {
    const { git, publicLine, ssh } = await clientWith(hostKeyOf(owner.seed as PrivateSeed).privateText);
    const { remote } = await repository({ private: true });
    const { git: known } = await registered(owner);
    await known.init(remote);
    await known.must("push", "-q", "origin", "main");
    expect(await git.must("ls-remote", remote)).toContain("refs/heads/main");
    await git.init(remote);
    expect((await git.run("push", "origin", "main:topic")).stderr).toContain("sign the push with it");
    await owner.client.call("POST /api/v3/user/keys", { body: { key: publicLine } });
    await git.must("push", "-q", "origin", "main:topic");
    const greeting = await git.runProgram("ssh", [...ssh, "-T", "git@127.0.0.1"]);
    expect([greeting.code, greeting.stderr]).toEqual([1, expect.stringContaining(`Hi ${owner.handle}!`)]);
  });

  test("of nobody is refused", async () => {
    const { git } = await clientWith();
    const { remote } = await repository();
    expect((await git.run("ls-remote", remote)).stderr).toContain("Permission denied (publickey)");
  });
});

describe("the door", () => {
  const open = () =>
    new Promise<{ readonly closed: Promise<void>; readonly end: () => void }>((resolve) => {
      const socket = connect(door.port, "127.0.0.1");
      const closed = new Promise<void>((done) => socket.once("close", () => done()));
      socket.on("error", () => {});
      socket.resume();
      socket.once("connect", () => resolve({ closed, end: () => socket.destroy() }));
    });

  test("shows the fingerprint that ssh shows", async () => {
    const { git } = await clientWith(hostKeyOf(hostSeed).privateText);
    const { stdout } = await git.runProgram("ssh-keygen", ["-l", "-f", "key.pub"]);
    expect(stdout).toContain(hostKeyOf(hostSeed).fingerprint);
  });

  test("turns away what is no client, and more connections of one address than it may have", async () => {
    const garbage = connect(door.port, "127.0.0.1", () => garbage.write(randomBytes(64 * 1024)));
    garbage.on("error", () => {});
    garbage.resume();
    await new Promise((resolve) => garbage.once("close", resolve));
    const silent = await Promise.all(Array.from({ length: sshLimits.connectionCountPerAddressMax }, open));
    const oneMore = await open();
    await oneMore.closed;
    for (const { end } of silent) end();
    await Promise.all(silent.map(({ closed }) => closed));
  });
});
