import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { tokenScopes } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createCheckedClient } from "../harness/checked-client.ts";
import { type Devnet, repositoryRoot, spawnDevnet, startDevnet } from "../harness/devnet.ts";
import { runProgram } from "../harness/git.ts";
import { findBasePort, isPortFree } from "../harness/ports.ts";
import { descendantsOf, isAlive } from "../harness/processes.ts";
import { createTemporaryFolder } from "../harness/temporary-folder.ts";

/** Within this, everything of a stopped devnet is gone. */
const stopMs = 5_000;
/** Within this, the children of a killed node are gone. */
const orphanMs = 1_000;

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
});

async function untilServes(url: string): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${url}/readyz`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 30_000 },
    )
    .toBe(200);
}

describe("the ready file", () => {
  let devnet: Devnet;
  beforeAll(async () => {
    devnet = await startDevnet();
  });
  afterAll(() => devnet[Symbol.asyncDispose]());

  test("names the network, its node and the demo accounts", async () => {
    const { network, nodes, accounts } = devnet.ready;
    expect(network).toMatch(/^[0-9a-f]{64}$/);
    expect(nodes).toHaveLength(1);
    expect(nodes[0]).toMatchObject({
      name: "node0",
      httpUrl: `http://127.0.0.1:${devnet.basePort}`,
      dataDir: join(devnet.dataDirectory, "node0"),
    });
    expect(accounts.map(({ login }) => login)).toEqual(["maintainer", "contributor"]);
    const { networkId } = await createCheckedClient({ baseUrl: nodes[0]!.httpUrl }).call("GET /api/guts/network", {});
    expect(networkId).toBe(network);
  });

  test("holds a pid that is the node's, and a log file that the node writes", () => {
    const { pid, logFile } = devnet.node;
    expect(descendantsOf(devnet.pid)).toContain(pid);
    const first = JSON.parse(readFileSync(logFile, "utf8").split("\n")[0]!) as Record<string, unknown>;
    expect(first).toMatchObject({ node: "node0", level: expect.any(Number), time: expect.any(String) });
  });

  test("holds tokens that sign the accounts in with all scopes, and keys that are theirs alone to read", async () => {
    for (const { login, token, privateKeyFile } of devnet.ready.accounts) {
      const client = createCheckedClient({ baseUrl: devnet.node.httpUrl, token });
      expect((await client.call("GET /api/v3/user", {})).login).toBe(login);
      expect((await client.call("GET /api/guts/session", {})).scopes.toSorted()).toEqual([...tokenScopes].toSorted());
      expect(statSync(privateKeyFile).mode & 0o777).toBe(0o600);
      expect(readFileSync(privateKeyFile, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
      expect(statSync(join(devnet.dataDirectory, "accounts", `${login}.token`)).mode & 0o777).toBe(0o600);
    }
  });

  test("never lets a secret into the logs", () => {
    const log = readFileSync(devnet.node.logFile, "utf8");
    for (const { token } of devnet.ready.accounts) expect(log).not.toContain(token);
  });
});

describe("stopping and starting again", () => {
  test("SIGTERM stops everything in time, frees the port and takes the ready file back", async () => {
    await using devnet = await startDevnet();
    const processes = [devnet.pid, ...descendantsOf(devnet.pid)];
    const begun = performance.now();
    expect(await devnet.stop()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(stopMs);
    expect(processes.filter(isAlive)).toEqual([]);
    expect(await isPortFree(devnet.basePort)).toBe(true);
    expect(existsSync(join(devnet.dataDirectory, "..", "ready.json"))).toBe(false);
  });

  test("a restart keeps the network, the accounts and their tokens, the repositories and the refs", async () => {
    await using devnet = await startDevnet();
    using folder = createTemporaryFolder("restart");
    const before = devnet.ready;
    const { token } = devnet.account("maintainer");
    const client = createCheckedClient({ baseUrl: devnet.node.httpUrl, token });
    await client.call("POST /api/v3/user/repos", { body: { name: "kept", description: "stays" } });
    const url = devnet.node.httpUrl.replace("//", `//x:${token}@`) + "/maintainer/kept.git";
    const git = (...args: string[]) =>
      runProgram("git", args, {
        cwd: folder.path,
        env: { ...process.env, HOME: folder.path, GIT_TERMINAL_PROMPT: "0" },
      });
    await git("init", "-q", "-b", "main", "work");
    await git("-C", "work", "-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "one");
    expect((await git("-C", "work", "push", "-q", url, "main")).exitCode).toBe(0);
    const refs = (await git("ls-remote", url)).stdout;
    expect(refs).not.toBe("");

    await devnet.stop();
    await devnet.start();

    expect(devnet.ready.network).toBe(before.network);
    expect(devnet.ready.accounts).toEqual(before.accounts);
    expect((await git("ls-remote", url)).stdout).toBe(refs);
    const kept = await client.call("GET /api/v3/repos/{owner}/{repo}", { path: { owner: "maintainer", repo: "kept" } });
    expect(kept).toMatchObject({ description: "stays", default_branch: "main" });
    expect((await client.call("GET /api/v3/user/repos", {})).map(({ name }) => name)).toEqual(["kept"]);
  });
});

describe("a node that is killed", () => {
  test("leaves no child and frees its port within a second; devnet says so and does not revive it", async () => {
    await using devnet = await startDevnet();
    const { pid } = devnet.node;
    const children = descendantsOf(pid);
    expect(children.length).toBeGreaterThan(0);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => children.filter(isAlive), { timeout: orphanMs, interval: 20 }).toEqual([]);
    expect(await isPortFree(devnet.basePort)).toBe(true);
    await expect.poll(() => devnet.output(), { timeout: 2_000 }).toMatch(/node0 .*died.*SIGKILL/);
    expect(isAlive(devnet.pid)).toBe(true);
    expect(descendantsOf(devnet.pid)).toEqual([]);
  });

  test("is started alone by its start command, keeps its data, and stops with its devnet", async () => {
    await using devnet = await startDevnet();
    const { pid, startCommand, httpUrl } = devnet.node;
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 2_000 }).toBe(false);
    const [file, ...args] = startCommand;
    const again = spawn(file!, args, { cwd: "/", stdio: "ignore" });
    started.push(again);
    await untilServes(httpUrl);
    const { token } = devnet.account("contributor");
    const user = await createCheckedClient({ baseUrl: httpUrl, token }).call("GET /api/v3/user", {});
    expect(user.login).toBe("contributor");
    const exited = once(again, "exit");
    await devnet.stop();
    await exited;
    expect(await isPortFree(devnet.basePort)).toBe(true);
  });

  test("a devnet that is killed takes its nodes with it", async () => {
    await using devnet = await startDevnet();
    const all = descendantsOf(devnet.pid);
    process.kill(devnet.pid, "SIGKILL");
    await expect.poll(() => all.filter(isAlive), { timeout: stopMs }).toEqual([]);
  });
});

describe("what devnet refuses", () => {
  async function refusalOf(...argv: string[]): Promise<string> {
    const { child, output } = spawnDevnet(argv);
    started.push(child);
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(1);
    return output();
  }

  test("a busy port, naming its owner and the flag to change it", async () => {
    using folder = createTemporaryFolder("busy");
    const port = await findBasePort();
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    const message = await refusalOf("--nodes", "1", "--data", join(folder.path, "data"), "--base-port", String(port));
    server.close();
    expect(message).toContain(`Port ${port}`);
    expect(message).toContain(`process ${process.pid}`);
    expect(message).toContain("--base-port");
    expect(existsSync(join(folder.path, "data"))).toBe(false);
  });

  test("more nodes than there may be, in a sentence", async () => {
    using folder = createTemporaryFolder("many");
    expect(await refusalOf("--nodes", "17", "--data", folder.path)).toMatch(/at most 16 nodes/);
  });

  test("a directory that holds something else, also with --fresh", async () => {
    using folder = createTemporaryFolder("foreign");
    const photos = join(folder.path, "photos");
    mkdirSync(photos);
    writeFileSync(join(photos, "cat.jpg"), "");
    const port = String(await findBasePort());
    for (const more of [[], ["--fresh"]])
      await refusalOf("--nodes", "1", "--data", photos, "--base-port", port, ...more);
    expect(readdirSync(photos)).toEqual(["cat.jpg"]);
  });

  test("--fresh while the devnet runs, and also while only its node does; it begins anew when none does", async () => {
    await using devnet = await startDevnet();
    const { network, nodes } = devnet.ready;
    const port = String(await findBasePort());
    const attempt = () => refusalOf("--fresh", "--nodes", "1", "--data", devnet.dataDirectory, "--base-port", port);
    expect(await attempt()).toMatch(/in use/);
    process.kill(devnet.pid, "SIGKILL");
    await expect.poll(() => isAlive(nodes[0]!.pid), { timeout: stopMs }).toBe(false);
    const [file, ...args] = nodes[0]!.startCommand;
    const alone = spawn(file!, args, { stdio: "ignore" });
    started.push(alone);
    await untilServes(nodes[0]!.httpUrl);
    expect(await attempt()).toMatch(/in use by process/);
    alone.kill("SIGTERM");
    await once(alone, "exit");
    const readyFile = join(devnet.dataDirectory, "..", "fresh.json");
    const fresh = spawnDevnet([
      "--fresh",
      "--nodes",
      "1",
      "--data",
      devnet.dataDirectory,
      "--base-port",
      port,
      "--ready-file",
      readyFile,
    ]);
    started.push(fresh.child);
    await expect.poll(() => existsSync(readyFile), { timeout: 60_000 }).toBe(true);
    expect((JSON.parse(readFileSync(readyFile, "utf8")) as { network: string }).network).not.toBe(network);
    fresh.child.kill("SIGTERM");
    await once(fresh.child, "exit");
  });
});

test("the launcher works from any directory, through a symbolic link, and is the process it starts", async () => {
  using folder = createTemporaryFolder("launcher");
  const link = join(folder.path, "guts");
  const { exitCode } = await runProgram("ln", ["-s", join(repositoryRoot, "guts"), link], {
    cwd: "/",
    env: process.env,
  });
  expect(exitCode).toBe(0);
  const { stdout } = await runProgram(link, ["node", "settings"], { cwd: folder.path, env: process.env });
  expect(stdout).toContain("GUTS_HTTP_PORT");
  const readyFile = join(folder.path, "ready.json");
  const port = String(await findBasePort());
  const argv = [
    "devnet",
    "--nodes",
    "1",
    "--data",
    join(folder.path, "data"),
    "--base-port",
    port,
    "--ready-file",
    readyFile,
  ];
  const child = spawn(link, argv, { cwd: folder.path, stdio: "ignore" });
  started.push(child);
  await expect.poll(() => existsSync(readyFile), { timeout: 60_000 }).toBe(true);
  expect(readFileSync(`/proc/${child.pid}/cmdline`, "latin1")).toContain("main.ts\0devnet");
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
});
