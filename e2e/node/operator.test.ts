import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createCheckedClient } from "../harness/checked-client.ts";
import { repositoryRoot } from "../harness/devnet.ts";
import { signUp } from "../harness/forge.ts";
import { type GitResult, runProgram } from "../harness/git.ts";
import { findBasePort } from "../harness/ports.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";

let folder: TemporaryFolder;
let port: number;
let data: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = createTemporaryFolder("operator");
  data = join(folder.path, "data");
  port = await findBasePort();
});
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  folder[Symbol.dispose]();
});

/** Runs an operator's command in the test's folder, as the README writes it. */
function guts(...args: readonly string[]): Promise<GitResult> {
  return runProgram(join(repositoryRoot, "guts"), args, { cwd: folder.path, env: process.env });
}

async function startNode(): Promise<ChildProcess> {
  const child = spawn(join(repositoryRoot, "guts"), ["node", "start", "--data", data], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(answers, { timeout: 60_000, interval: 100 }).toBe(200);
  return child;
}

describe("the README's way to a node", () => {
  let validator: string;

  test("init makes keys and a configuration, and says what the network needs to know", async () => {
    const { stdout, exitCode } = await guts("node", "init", "--data", data, "--name", "first", "--port", String(port));
    expect(exitCode).toBe(0);
    validator = /^validator +(first=[0-9a-f]{64}:[0-9a-f]{64})$/m.exec(stdout)![1]!;
    expect(stdout).toContain("none yet");
    expect(JSON.parse(readFileSync(join(data, "config.json"), "utf8"))).toMatchObject({
      name: "first",
      http: { port },
    });
  });

  test("a node of no network does not start, and says how to join one", async () => {
    const { stderr, exitCode } = await guts("node", "start", "--data", data);
    expect({ exitCode, says: stderr.includes("--genesis") }).toEqual({ exitCode: 1, says: true });
  });

  test("a network is created, joined and run", async () => {
    const created = await guts(
      "network",
      "create",
      "--name",
      "ours",
      "--registration",
      "closed",
      "--validator",
      validator,
    );
    const networkId = /^network +([0-9a-f]{64})$/m.exec(created.stdout)?.[1];
    expect(networkId).toBeDefined();
    const joined = await guts("node", "init", "--data", data, "--genesis", "genesis.guts");
    expect(joined.stdout).toContain(networkId);

    expect((await guts("node", "status", "--data", data)).exitCode).toBe(1);
    const node = await startNode();
    const status = await guts("node", "status", "--data", data);
    expect({ exitCode: status.exitCode, isNamed: status.stdout.includes(`http://127.0.0.1:${port}`) }).toEqual({
      exitCode: 0,
      isNamed: true,
    });
    const network = await createCheckedClient({ baseUrl: `http://127.0.0.1:${port}` }).call(
      "GET /api/guts/network",
      {},
    );
    expect(network).toMatchObject({ networkId, name: "ours", registration: "closed" });
    await expect(signUp(`http://127.0.0.1:${port}`, "nobody")).rejects.toMatchObject({ code: "refused" });

    const second = await guts("node", "start", "--data", data);
    expect({ exitCode: second.exitCode, says: /in use by process \d+/.test(second.stderr) }).toEqual({
      exitCode: 1,
      says: true,
    });
    const rebuild = await guts("node", "rebuild", "--data", data);
    expect({ exitCode: rebuild.exitCode, says: rebuild.stderr.includes("in use") }).toEqual({
      exitCode: 1,
      says: true,
    });

    node.kill("SIGTERM");
    const [code] = (await once(node, "exit")) as [number];
    expect(code).toBe(0);
    const rebuilt = await guts("node", "rebuild", "--data", data);
    expect(rebuilt).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^root +[0-9a-f]{64}$/m) });
  });

  test("a configuration with several mistakes is refused with all of them", async () => {
    const file = join(data, "config.json");
    const good = readFileSync(file, "utf8");
    writeFileSync(file, JSON.stringify({ name: "a b", http: { port: 0, prot: 1 } }));
    const { stderr, exitCode } = await guts("node", "start", "--data", data);
    writeFileSync(file, good);
    expect(exitCode).toBe(1);
    for (const key of ["name", "http.port", "http.prot"]) expect(stderr).toContain(`  ${key} (`);
  });
});

test("network create names every mistake at once", async () => {
  const wrong = await guts("network", "create", "--name", "x", "--administrator", "abc");
  expect(wrong.exitCode).toBe(1);
  expect(wrong.stderr.split("\n").length).toBeGreaterThan(2);
});
