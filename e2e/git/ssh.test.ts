import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Forge, type Person, startForge, type TestRepository, uniqueName } from "../harness/forge.ts";
import { runProgram } from "../harness/git.ts";
import { createKeyPair, sshRemote, sshUser, sshUserOf, type SshUser } from "../harness/ssh.ts";

let forge: Forge;
let ada: Person;
let laptop: SshUser;

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
  laptop = await sshUserOf(forge, ada);
});
afterAll(() => forge[Symbol.asyncDispose]());

const git = (user: SshUser, ...args: readonly string[]) => forge.git.run(args, { env: user.environment });
const tryGit = (user: SshUser, ...args: readonly string[]) => forge.git.try(args, { env: user.environment });

/** A repository whose work tree pushes over SSH. */
async function filled(user = laptop, options: { readonly isPrivate?: boolean } = {}) {
  const repository = await forge.createFilledRepository(ada, options);
  await forge.git.run(["-C", repository.workTree, "remote", "set-url", "origin", sshRemote(forge, repository)]);
  return { ...repository, remote: sshRemote(forge, repository), user };
}

const tipOf = async ({ url }: Pick<TestRepository, "url">, ref = "refs/heads/main") =>
  (await forge.git.run(["ls-remote", url, ref])).split("\t")[0];

/** What `ssh` needs to reach the door as another user or with a command of its own. */
function place(user = "git"): readonly string[] {
  const { hostname, port } = new URL(forge.sshUrl);
  return ["-p", port, `${user}@${hostname}`];
}

describe.each(["ed25519", "ecdsa", "rsa"] as const)("with a key of type %s", (type) => {
  test("a person clones, pushes and fetches", async () => {
    const user = await sshUserOf(forge, ada, type);
    const { remote, workTree, url } = await filled(user, { isPrivate: false });
    const clone = forge.newFolder();
    await git(user, "clone", "-q", remote, clone);
    const id = await forge.git.commit(clone, "new.txt", "new\n");
    await git(user, "-C", clone, "push", "-q");
    expect(await tipOf({ url })).toBe(id);
    await git(user, "-C", workTree, "fetch", "-q");
    expect(await forge.git.run(["-C", workTree, "rev-parse", "origin/main"])).toBe(id);
  });
});

describe.each([0, 1, 2])("in protocol version %i", (version) => {
  const at = ["-c", `protocol.version=${version}`];

  test("fetches go on from what both have", async () => {
    const { remote, workTree } = await filled();
    for (let number = 0; number < 40; number++)
      await forge.git.run(["-C", workTree, "commit", "-q", "--allow-empty", "-m", `${number}`]);
    await git(laptop, "-C", workTree, "push", "-q");
    const clone = forge.newFolder();
    await git(laptop, ...at, "clone", "-q", remote, clone);
    for (let number = 0; number < 40; number++)
      await forge.git.run(["-C", clone, "commit", "-q", "--allow-empty", "-m", `mine ${number}`]);
    const id = await forge.git.commit(workTree, "later.txt", "later\n");
    await git(laptop, "-C", workTree, "push", "-q");
    await git(laptop, ...at, "-C", clone, "fetch", "-q");
    expect(await forge.git.run(["-C", clone, "rev-parse", "origin/main"])).toBe(id);
    await forge.git.run(["-C", clone, "fsck", "--strict", "--no-dangling"]);
    expect((await tryGit(laptop, ...at, "-C", clone, "fetch")).stderr).toBe("");
  });

  test("shallow and partial clones deepen", async () => {
    const { remote, workTree } = await filled();
    for (const name of ["a", "b", "c"]) await forge.git.commit(workTree, name, name);
    await git(laptop, "-C", workTree, "push", "-q");
    const [shallow, partial] = [forge.newFolder(), forge.newFolder()];
    await git(laptop, ...at, "clone", "-q", "--depth=1", remote, shallow);
    expect(await forge.git.run(["-C", shallow, "rev-list", "--count", "HEAD"])).toBe("1");
    await git(laptop, ...at, "-C", shallow, "fetch", "-q", "--unshallow");
    expect(await forge.git.run(["-C", shallow, "rev-list", "--count", "HEAD"])).toBe("4");
    await git(laptop, ...at, "clone", "-q", "--filter=blob:none", "--no-checkout", remote, partial);
    expect(await forge.git.run(["-C", partial, "rev-list", "--objects", "--missing=print", "HEAD"])).toContain("?");
    // Single objects can be asked for in version 2 only, over HTTP too.
    await git(laptop, "-C", partial, "checkout", "-q", "main");
    expect(readFileSync(join(partial, "c"), "utf8")).toBe("c");
  });

  test("nobody fetches what no ref reaches", async () => {
    const { remote, workTree } = await filled();
    const hidden = await forge.git.commit(workTree, "gone.txt", "gone\n");
    await git(laptop, "-C", workTree, "push", "-q", "origin", "HEAD:refs/heads/gone");
    await git(laptop, "-C", workTree, "push", "-q", "origin", ":refs/heads/gone");
    const clone = forge.newFolder();
    await git(laptop, "clone", "-q", remote, clone);
    const { exitCode, stderr } = await tryGit(laptop, ...at, "-C", clone, "fetch", "origin", hidden);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/not our ref|Server does not allow request/);
  });
});

describe("a push", () => {
  test("shows progress, where it is final, and what a ref was refused for", async () => {
    const { workTree } = await filled();
    await forge.git.commit(workTree, "x", "x");
    const first = await tryGit(laptop, "-C", workTree, "push", "origin", "HEAD:refs/heads/topic");
    expect(first.stderr).toContain("remote: Final at height");
    const refused = await tryGit(laptop, "-C", workTree, "push", "origin", "HEAD:refs/pull/1/head");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain("deny updating a hidden ref");
    expect((await tryGit(laptop, "-C", workTree, "push", "origin", ":main")).stderr).toContain("default branch");
  });

  test("of many at once moves a branch once", async () => {
    const { remote, url } = await filled();
    const clones = await Promise.all(
      Array.from({ length: 5 }, async (_, number) => {
        const clone = forge.newFolder();
        await git(laptop, "clone", "-q", remote, clone);
        return { clone, id: await forge.git.commit(clone, `${number}.txt`, `${number}`) };
      }),
    );
    const pushes = await Promise.all(clones.map(({ clone }) => tryGit(laptop, "-C", clone, "push", "-q")));
    const winners = clones.filter((_, index) => pushes[index]!.exitCode === 0);
    expect(winners).toHaveLength(1);
    expect(await tipOf({ url })).toBe(winners[0]!.id);
  });

  test("of a pack larger than any window arrives whole", async () => {
    const { workTree, remote } = await filled();
    writeFileSync(join(workTree, "big"), randomBytes(24 * 1024 * 1024));
    await forge.git.run(["-C", workTree, "add", "big"]);
    await forge.git.run(["-C", workTree, "commit", "-q", "-m", "big"]);
    await git(laptop, "-C", workTree, "push", "-q");
    const clone = forge.newFolder();
    await git(laptop, "clone", "-q", remote, clone);
    expect(readFileSync(join(clone, "big")).equals(readFileSync(join(workTree, "big")))).toBe(true);
  });

  test("with a key that was removed is refused, also on a connection that was open", async () => {
    const user = await sshUserOf(forge, ada);
    const { workTree } = await filled(user);
    await forge.git.commit(workTree, "x", "x");
    const control = join(forge.git.folder, uniqueName("c"));
    const shared = ["ControlMaster=auto", `ControlPath=${control}`, "ControlPersist=20"];
    const open = sshUser(forge.git.folder, user.key, shared);
    expect((await open.run(["-T", ...place()])).stderr).toContain(`Hi ${ada.login}!`);
    await removeKey(user);
    const again = await tryGit(open, "-C", workTree, "push");
    expect(again.exitCode).not.toBe(0);
    expect(again.stderr).toContain("This key was removed or has expired");
    await open.run(["-O", "exit", ...place()]);
    expect((await tryGit(user, "-C", workTree, "push")).stderr).toContain("Permission denied (publickey)");
  });
});

describe("a push that is under way", () => {
  /** `ssh` that sends the first bytes, says so, and sends the others once it is told to. */
  function haltingSsh(user: SshUser) {
    const [script, halted, resumed] = ["ssh.sh", "halted", "resumed"].map((name) =>
      join(forge.git.folder, uniqueName(name)),
    ) as [string, string, string];
    const bytes = "dd bs=1 count=60 2>/dev/null";
    const wait = `touch ${halted}; while [ ! -e ${resumed} ]; do sleep 0.05; done`;
    const command = user.environment["GIT_SSH_COMMAND"]!;
    writeFileSync(script, `#!/bin/sh\n{ ${bytes}; ${wait}; cat; } | ${command} "$@"\n`, { mode: 0o755 });
    return {
      environment: { GIT_SSH: script, GIT_SSH_VARIANT: "ssh" },
      halted,
      resume: () => writeFileSync(resumed, ""),
    };
  }

  test("is refused, and says why, when its key is removed meanwhile", async () => {
    const user = await sshUserOf(forge, ada);
    const { workTree, url } = await filled(user);
    const before = await tipOf({ url });
    await forge.git.commit(workTree, "x", "x");
    const halting = haltingSsh(user);
    const push = forge.git.try(["-C", workTree, "push"], { env: halting.environment });
    await expect.poll(() => existsSync(halting.halted), { timeout: 30_000, interval: 50 }).toBe(true);
    await removeKey(user);
    halting.resume();
    const { exitCode, stderr } = await push;
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/remote rejected.*the token or key was removed/);
    expect(await tipOf({ url })).toBe(before);
  });
});

/** Removes the key from Ada's account. */
async function removeKey(user: SshUser): Promise<void> {
  const keys = await ada.client.call("GET /api/v3/user/keys", {});
  const { id } = keys.find(({ key }) => user.key.publicLine.startsWith(key))!;
  await ada.client.call("DELETE /api/v3/user/keys/{key_id}", { path: { key_id: String(id) } });
}

describe("many clients at once", () => {
  test("all clone and push, each its own branch", async () => {
    const { remote, url } = await filled();
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    const clones = await Promise.all(
      numbers.map(async (number) => {
        const clone = forge.newFolder();
        await git(laptop, "clone", "-q", remote, clone);
        return { number, clone, id: await forge.git.commit(clone, `${number}.txt`, `${number}`) };
      }),
    );
    await Promise.all(
      clones.map(({ number, clone }) => git(laptop, "-C", clone, "push", "-q", "origin", `HEAD:refs/heads/b${number}`)),
    );
    const lines = (await forge.git.run(["ls-remote", url, "refs/heads/b*"])).split("\n");
    const expected = clones.map(({ number, id }) => `${id}\trefs/heads/b${number}`);
    expect(lines.toSorted()).toEqual(expected.toSorted());
  }, 240_000);

  test("that prove nothing are turned away with a word, and nobody elsewhere notices", async () => {
    const { hostname, port } = new URL(forge.sshUrl);
    const localAddress = "127.0.0.9";
    const open = () =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port), localAddress });
        socket.once("connect", () => resolve(socket)).once("error", reject);
      });
    const silent = await Promise.all(Array.from({ length: 70 }, open));
    for (const socket of silent) socket.on("error", () => {});
    const turnedAway = await laptop.run(["-b", localAddress, "-T", ...place()]);
    expect(turnedAway.stderr).toContain("connections from your address");
    expect((await laptop.run(["-T", ...place()])).stderr).toContain(`Hi ${ada.login}!`);
    for (const socket of silent) socket.destroy();
  });
});

describe("who may what", () => {
  test("is greeted by handle, and gets no shell", async () => {
    const { exitCode, stderr, stdout } = await laptop.run(["-T", ...place()]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`Hi ${ada.login}! You've successfully authenticated`);
    const terminal = await laptop.run(["-tt", ...place(), "id"]);
    expect([terminal.exitCode === 0, terminal.stdout]).toEqual([false, ""]);
  });

  test("a key of nobody, and whoever guesses, are not let in", async () => {
    const stranger = sshUser(forge.git.folder, await createKeyPair(forge.git.folder));
    expect((await stranger.run(["-T", ...place()])).stderr).toContain("Permission denied (publickey)");
    for (const way of ["password", "keyboard-interactive", "hostbased"]) {
      const guessing = sshUser(forge.git.folder, laptop.key, [`PreferredAuthentications=${way}`, "BatchMode=no"]);
      expect((await guessing.run(["-T", ...place()])).stderr).toContain("Permission denied (publickey)");
    }
  });

  test("nothing is forwarded, and no variable is taken", async () => {
    const { port } = new URL(forge.baseUrl);
    const through = await laptop.run(["-W", `127.0.0.1:${port}`, ...place()]);
    expect([through.exitCode === 0, through.stdout]).toEqual([false, ""]);
    expect(through.stderr).toContain("stdio forwarding failed");
    const unix = await laptop.run([
      "-N",
      "-o",
      "ExitOnForwardFailure=yes",
      "-R",
      "/tmp/x.sock:127.0.0.1:1",
      ...place(),
    ]);
    expect(unix.stderr).toContain("remote port forwarding failed");
    const settings = ["-o", "SetEnv=GIT_TRACE=1 LD_PRELOAD=/tmp/x.so", "-o", "ForwardAgent=yes", "-X"];
    const { exitCode, stderr } = await laptop.run([...settings, "-T", ...place()]);
    expect([exitCode, stderr.includes(`Hi ${ada.login}!`)]).toEqual([1, true]);
    const subsystem = await laptop.run(["-s", ...place(), "sftp"]);
    expect(subsystem.stderr).toContain("subsystem request failed");
  });

  test("another user name is told which", async () => {
    const { exitCode, stderr } = await laptop.run([...place("root"), "git-upload-pack", `'${ada.login}/x.git'`]);
    expect(exitCode).toBe(128);
    expect(stderr).toContain('user name git, not "root"');
  });

  test("a private repository looks absent to others, and a stranger reads what is public", async () => {
    const eve = await forge.signUp(uniqueName("eve"));
    const hers = await sshUserOf(forge, eve);
    const secret = await forge.createFilledRepository(ada, { isPrivate: true });
    const [hidden, absent] = await Promise.all(
      [secret, { owner: ada, name: "no-such" }].map((repository) =>
        tryGit(hers, "ls-remote", sshRemote(forge, repository)),
      ),
    );
    expect(hidden!.stderr.replaceAll(secret.name, "NAME")).toBe(absent!.stderr.replaceAll("no-such", "NAME"));
    expect(hidden!.stderr).toContain("There is no repository");
    const open = await forge.createFilledRepository(ada);
    expect(await git(hers, "ls-remote", sshRemote(forge, open))).toContain("refs/heads/main");
    await forge.git.commit(open.workTree, "x", "x");
    const push = await tryGit(hers, "-C", open.workTree, "push", sshRemote(forge, open), "main");
    expect(push.stderr).toContain("You may read");
  });

  test("a deploy key reads and writes its repository only, and only as it says", async () => {
    const [one, other] = [await forge.createFilledRepository(ada, { isPrivate: true }), await filled()];
    const add = async (repository: TestRepository, isReadOnly: boolean) => {
      const key = await createKeyPair(forge.git.folder);
      const path = { owner: ada.login, repo: repository.name };
      const body = { key: key.publicLine, title: "ci", read_only: isReadOnly };
      await ada.client.call("POST /api/v3/repos/{owner}/{repo}/keys", { path, body });
      return sshUser(forge.git.folder, key);
    };
    const [reader, writer] = [await add(one, true), await add(one, false)];
    await forge.git.commit(one.workTree, "x", "x");
    await git(reader, "ls-remote", sshRemote(forge, one));
    const refused = await tryGit(reader, "-C", one.workTree, "push", sshRemote(forge, one), "main");
    expect(refused.stderr).toContain("This deploy key may not push");
    await git(writer, "-C", one.workTree, "push", "-q", sshRemote(forge, one), "main");
    expect((await tryGit(writer, "-C", other.workTree, "push")).stderr).toContain("This deploy key may not push");
    const hidden = await forge.createRepository(ada, { isPrivate: true });
    expect((await tryGit(writer, "ls-remote", sshRemote(forge, hidden))).stderr).toContain("There is no repository");
  });

  test("git archive, large files, other programs and paths that are none are refused in words", async () => {
    const { remote, name } = await filled();
    expect((await tryGit(laptop, "archive", `--remote=${remote}`, "HEAD")).stderr).toContain("git archive --remote");
    const refused = async (command: string) => (await laptop.run([...place(), command])).stderr;
    expect(await refused(`git-lfs-authenticate ${ada.login}/${name} download`)).toContain("Large file storage");
    expect(await refused("git-upload-pack '../../etc'")).toContain("OWNER/REPOSITORY.git");
    const marker = join(forge.git.folder, uniqueName("owned"));
    for (const command of [
      `git-upload-pack '${ada.login}/${name}.git'; touch ${marker}`,
      `git-upload-pack '$(touch ${marker})'`,
      `sh -c 'touch ${marker}'`,
    ])
      expect((await laptop.run([...place(), command])).exitCode).toBe(128);
    expect(existsSync(marker)).toBe(false);
    expect((await laptop.run(["-s", ...place(), "sftp"])).exitCode).not.toBe(0);
    const forwarding = await laptop.run(["-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:1", ...place()]);
    expect(forwarding.stderr).toContain("remote port forwarding failed");
  });

  test("a repository that was renamed is served, with its new place", async () => {
    const { remote, name } = await filled();
    const path = { owner: ada.login, repo: name };
    await ada.client.call("PATCH /api/v3/repos/{owner}/{repo}", { path, body: { name: `${name}-2` } });
    const { stdout, stderr } = await tryGit(laptop, "ls-remote", remote);
    expect(stdout).toContain("refs/heads/main");
    expect(stderr).toContain(`${name}-2.git`);
  });

  test("keys are refused that are weak, private, taken or none", async () => {
    const weak = await createKeyPair(forge.git.folder, "rsa", 1024);
    const add = (key: string) => ada.client.call("POST /api/v3/user/keys", { body: { key } });
    await expect(add(weak.publicLine)).rejects.toMatchObject({ status: 422 });
    await expect(add(readFileSync(weak.privateFile, "utf8"))).rejects.toThrow(/private key/);
    await expect(add(laptop.key.publicLine)).rejects.toThrow(/already in use/);
    await expect(add("hello")).rejects.toMatchObject({ status: 422 });
    const lines = await (await fetch(`${forge.baseUrl}/${ada.login}.keys`)).text();
    expect(lines).toContain(laptop.key.publicLine.split(" ").slice(0, 2).join(" "));
  });
});

describe("the host", () => {
  test("is told by its fingerprint, and one who is wary checks it", async () => {
    const key = join(forge.devnet.node.dataDir, "ssh-host-key.pem");
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const known = await knownHost();
    const wary = sshUser(forge.git.folder, laptop.key, ["StrictHostKeyChecking=yes"]);
    expect((await wary.run(["-T", ...place()])).stderr).toContain("Host key verification failed");
    writeFileSync(wary.knownHosts, known.line);
    expect((await wary.run(["-T", ...place()])).stderr).toContain(`Hi ${ada.login}!`);
    const other = (await createKeyPair(forge.git.folder)).publicLine.split(" ")[1]!;
    writeFileSync(wary.knownHosts, known.line.replace(/AAAA\S+/, other));
    expect((await wary.run(["-T", ...place()])).stderr).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");

    const { ssh } = await forge.anonymous.call("GET /api/guts/status", {});
    expect(ssh).toMatchObject({ fingerprint: known.fingerprint, url: forge.sshUrl });
    expect(known.line).toContain(ssh!.publicKey);
    const meta = await forge.anonymous.call("GET /api/v3/meta", {});
    expect(meta.ssh_key_fingerprints).toEqual({ SHA256_ED25519: known.fingerprint.replace("SHA256:", "") });
    expect(meta.ssh_keys).toEqual([ssh!.publicKey]);
    const { name } = await forge.createRepository(ada);
    const path = { owner: ada.login, repo: name };
    const { cloneUrls } = await forge.anonymous.call("GET /api/guts/view/repos/{owner}/{repo}", { path });
    expect(cloneUrls.sshFingerprint).toBe(known.fingerprint);
    expect(await guts("node", "status", "--data", forge.devnet.node.dataDir)).toContain(known.fingerprint);
  });

  test("gives up on whoever is no client, and serves on", async () => {
    const { hostname, port } = new URL(forge.sshUrl);
    const send = (bytes: Uint8Array) =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        socket.on("error", () => {});
        socket.once("close", () => resolve());
        socket.resume();
      });
    await send(randomBytes(100_000));
    await send(Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), Buffer.alloc(4, 0xff), randomBytes(50_000)]));
    await send(Buffer.from("GET / HTTP/1.1\r\n\r\n".padEnd(70_000, "x")));
    expect((await laptop.run(["-T", ...place()])).stderr).toContain(`Hi ${ada.login}!`);
  });

  test("is the same after a restart, and after its rows were made anew", async () => {
    const before = await knownHost();
    await forge.devnet.stop();
    await guts("node", "rebuild", "--data", forge.devnet.node.dataDir);
    await forge.devnet.start();
    expect(await knownHost()).toEqual(before);
    expect((await laptop.run(["-T", ...place()])).stderr).toContain(`Hi ${ada.login}!`);
  }, 240_000);
});

/** The host as a client meets it that knows nothing yet. */
async function knownHost(): Promise<{ readonly line: string; readonly fingerprint: string }> {
  const fresh = sshUser(forge.git.folder, laptop.key);
  await fresh.run(["-T", ...place()]);
  const { stdout } = await runProgram("ssh-keygen", ["-l", "-f", fresh.knownHosts], {
    cwd: forge.git.folder,
    env: process.env,
  });
  return { line: readFileSync(fresh.knownHosts, "utf8"), fingerprint: /SHA256:\S+/.exec(stdout)![0] };
}

/** What `guts` prints for an operator. */
async function guts(...args: readonly string[]): Promise<string> {
  const [node, main] = forge.devnet.node.startCommand as readonly [string, string];
  const { exitCode, stdout, stderr } = await runProgram(node, [main, ...args], {
    cwd: forge.git.folder,
    env: process.env,
  });
  expect(exitCode, stderr).toBe(0);
  return stdout;
}
