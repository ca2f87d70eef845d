/**
 * A node whose early checks are off: it submits whatever it is asked. Nothing protected changes through any of its doors, because
 * the ledger asks again, and people are told the same as by a node that asks.
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { plainProtection, type ProtectionSettings } from "@guts/api";
import { parsePrivateSeed } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hostKeyOf } from "../../ssh/host-key.ts";
import type { SshDoor } from "../../ssh/ssh-door.ts";
import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

const hostSeed = parsePrivateSeed(new Uint8Array(32).fill(7))!;
let node: TestNode;
let door: SshDoor;
let owner: TestAccount;
let git: GitClient;
let path: { readonly owner: string; readonly repo: string };
/** Commits: `first`, `second` on it, and `merge` of a side branch into `second`. */
let commits: Readonly<Record<"first" | "second" | "merge", string>>;

beforeAll(async () => {
  node = await TestNode.start({ earlyRefPolicy: () => ({ refuse: () => undefined }) });
  const at = { host: "127.0.0.1", port: 0, address: { host: "127.0.0.1", port: 2222 } };
  door = await node.server.openSshDoor(at, hostSeed);
  owner = await node.signUp("ada");
  await owner.client.call("POST /api/v3/user/repos", { body: { name: "engine" } });
  path = { owner: owner.handle, repo: "engine" };
  git = new GitClient(node.directory);
  await git.init(`http://x:${owner.token}@${new URL(node.url).host}/${owner.handle}/engine.git`);
  const first = await git.must("rev-parse", "HEAD");
  await git.must("push", "-q", "origin", "main");
  await git.must("checkout", "-q", "-b", "side");
  await git.commit("side", "s");
  await git.must("checkout", "-q", "main");
  const second = await git.commit("a", "a");
  await git.must("merge", "-q", "--no-ff", "--no-edit", "side");
  commits = { first, second, merge: await git.must("rev-parse", "HEAD") };
  const refs = [`${commits.merge}:refs/heads/objects`, "dev", "lib/one"].map((ref) =>
    ref.includes(":") ? ref : `${first}:refs/heads/${ref}`,
  );
  await git.must("push", "-q", "origin", ...refs, `${first}:refs/tags/v1`);
  await useSsh();
});
afterAll(async () => {
  await door[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

/** A second remote, over SSH with a key of the owner. */
async function useSsh(): Promise<void> {
  const [key, hosts] = [join(git.directory, "key"), join(git.directory, "hosts")];
  await git.runProgram("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  await writeFile(hosts, `[127.0.0.1]:${door.port} ${hostKeyOf(hostSeed).publicLine}\n`);
  const options = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", `UserKnownHostsFile=${hosts}`];
  const ssh = ["-F", "none", "-i", key, ...options.flatMap((option) => ["-o", option]), "-p", String(door.port)];
  git.environment["GIT_SSH_COMMAND"] = `ssh ${ssh.join(" ")}`;
  const line = readFileSync(`${key}.pub`, "utf8").trim();
  await owner.client.call("POST /api/v3/user/keys", { body: { key: line, title: "laptop" } });
  await git.must("remote", "add", "ssh", `ssh://git@127.0.0.1/${path.owner}/${path.repo}.git`);
}

async function protect(pattern: string, settings: Partial<ProtectionSettings>): Promise<void> {
  const target = pattern.startsWith("v") ? ("tag" as const) : ("branch" as const);
  const asked = { ...plainProtection, includesAdministrators: true, ...settings };
  await owner.client.call("PUT /api/guts/repos/{owner}/{repo}/protection", {
    path,
    body: { target, pattern, settings: asked },
  });
}

const move = (ref: string, sha: string) =>
  owner.client.call("PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
    path: { ...path, ref },
    body: { sha, force: true },
  });
const create = (ref: string, sha: string) =>
  owner.client.call("POST /api/v3/repos/{owner}/{repo}/git/refs", { path, body: { ref: `refs/${ref}`, sha } });
const remove = (ref: string) =>
  owner.client.call("DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", { path: { ...path, ref } });
const rename = (branch: string, new_name: string) =>
  owner.client.call("POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename", {
    path: { ...path, branch },
    body: { new_name },
  });

const refs = () => git.must("ls-remote", "origin");

/** Runs what must be refused, and shows that nothing has changed. */
async function expectRefused(deed: () => Promise<unknown>): Promise<void> {
  const before = await refs();
  await expect(deed()).rejects.toMatchObject({ reason: "ref-protected" });
  expect(await refs()).toBe(before);
}

const reviews = {
  approvals: 1,
  dismissesStale: true,
  codeOwners: true,
  lastPushApproval: true,
  resolvedConversations: true,
};

describe("a node that asks nothing early cannot get round", () => {
  test.each<readonly [string, Partial<ProtectionSettings>, () => Promise<unknown>]>([
    ["a lock", { isLocked: true }, () => move("heads/dev", commits.second)],
    ["a pull request", { pullRequest: reviews }, () => move("heads/dev", commits.second)],
    ["checks", { checks: { isStrict: true, names: ["build"] } }, () => move("heads/dev", commits.second)],
    ["pushers", { pushers: [] }, () => move("heads/dev", commits.second)],
    ["a signed push", { requiresSignedPush: true }, () => move("heads/dev", commits.second)],
    ["linear history", { requiresLinearHistory: true }, () => move("heads/dev", commits.merge)],
    ["no deletion", {}, () => remove("heads/dev")],
  ])("%s", async (_name, settings, deed) => {
    await protect("dev", settings);
    await expectRefused(deed);
  });

  test("no force-push, no creation, and tags that stay", async () => {
    await protect("dev", {});
    await move("heads/dev", commits.second);
    await expectRefused(() => move("heads/dev", commits.first));
    await protect("closed/*", { allowsCreation: false });
    await expectRefused(() => create("heads/closed/1", commits.first));
    await protect("v*", {});
    await expectRefused(() => move("tags/v1", commits.second));
    await expectRefused(() => remove("tags/v1"));
  });

  test("exemptions that are somebody else's", async () => {
    const other = await node.signUp("other");
    await protect("dev", { pullRequest: reviews, bypassers: [other.handle] });
    await expectRefused(() => move("heads/dev", commits.merge));
    await protect("dev", { pullRequest: reviews, bypassers: [owner.handle] });
    await move("heads/dev", commits.merge);
  });
});

describe("no door of it changes what is protected", () => {
  beforeAll(() => protect("lib/*", { isLocked: true }));

  test.each(["origin", "ssh"])("git by the remote %s", async (remote) => {
    const before = await refs();
    const pushes = [
      ["push", remote, `${commits.second}:refs/heads/lib/one`],
      ["push", "--force", remote, `${commits.merge}:refs/heads/lib/one`],
      ["push", remote, ":refs/heads/lib/one"],
      ["push", remote, `${commits.first}:refs/heads/lib/two`],
      ["push", "--atomic", remote, `${commits.first}:refs/heads/free`, `${commits.second}:refs/heads/lib/one`],
    ];
    for (const args of pushes) {
      const { code, stderr } = await git.run(...args);
      expect([args, code, stderr]).toEqual([args, 1, expect.stringContaining("locked")]);
    }
    expect(await refs()).toBe(before);
  });

  test("the API's refs and renames", async () => {
    await expectRefused(() => move("heads/lib/one", commits.second));
    await expectRefused(() => remove("heads/lib/one"));
    await expectRefused(() => create("heads/lib/two", commits.first));
    await expectRefused(() => rename("lib/one", "one"));
    await expectRefused(() => rename("objects", "lib/objects"));
  });
});
