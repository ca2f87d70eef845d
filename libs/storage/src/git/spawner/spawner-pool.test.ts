import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GitJob, GitProcess } from "./git-process.ts";
import { assertSuccess, collect } from "./output.ts";
import { SpawnerPool } from "./spawner-pool.ts";

const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", GREETING: "hello" };
let shell: SpawnerPool;

beforeAll(async () => {
  shell = await SpawnerPool.open({
    gitPath: "/bin/sh",
    environment,
    limits: { push: { concurrentMax: 1, queueMax: 1 } },
  });
});
afterAll(() => shell[Symbol.asyncDispose]());

function job(script: string, overrides: Partial<GitJob> = {}): GitJob {
  return { class: "read", args: ["-c", script], signal: new AbortController().signal, ...overrides };
}

function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
}

function soleSpawner(pool: SpawnerPool): number {
  expect(pool.spawnerPids).toHaveLength(1);
  return Math.max(...pool.spawnerPids);
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(pid) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  return !isAlive(pid);
}

async function firstOutput(process: GitProcess): Promise<string> {
  const [chunk] = (await once(process.stdout, "data")) as [Buffer];
  return chunk.toString();
}

describe("running processes through spawners", () => {
  test("carries input, output, error output and the exit code", async () => {
    const process = await shell.run(job("cat; echo oops >&2; exit 3", { stdin: true }));
    process.stdin.end("in");
    expect(await firstOutput(process)).toBe("in");
    expect(await process.exited).toEqual({ code: 3, signal: null });
    expect(process.stderr).toBe("oops\n");
  });

  test("moves 64 MiB in and out unchanged", async () => {
    const input = Buffer.alloc(64 << 20, "0123456789abcdef");
    const { output } = await collect(shell, job("cat"), { input, bytesMax: 65 << 20 });
    expect(output.equals(input)).toBe(true);
  });

  test("gives the process blocking pipes, so that a slow reader loses nothing", async () => {
    const process = await shell.run(job("dd if=/dev/zero bs=1M count=32 2>/dev/null"));
    await once(process.stdout, "readable");
    let bytes = 0;
    for await (const chunk of process.stdout) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(32 << 20);
    expect(await assertSuccess(process)).toMatchObject({ code: 0 });
  });

  test("passes only the given environment, and the directory of the repository", async () => {
    const { output } = await collect(shell, job("env; pwd", { repositoryPath: "/usr", environment: { EXTRA: "1" } }));
    const lines = output.toString().trim().split("\n");
    expect(lines.filter((line) => !/^(PWD|_|OLDPWD|SHLVL)=/.test(line)).sort()).toEqual(
      ["/usr", "EXTRA=1", "GIT_DIR=/usr", "GREETING=hello", `PATH=${environment.PATH}`].sort(),
    );
  });

  test("keeps what a process printed although it ended without reading its input", async () => {
    const process = await shell.run(job("echo early; exit 1", { stdin: true }));
    process.stdin.write(Buffer.alloc(1 << 20));
    expect(await firstOutput(process)).toBe("early\n");
    expect((await process.exited).code).toBe(1);
  });

  test("kills the whole process group when aborted", async () => {
    const controller = new AbortController();
    const process = await shell.run(job("sleep 600 & echo $!; wait", { signal: controller.signal }));
    const child = Number(await firstOutput(process));
    controller.abort(new Error("gone away"));
    expect(await process.exited).toMatchObject({ signal: "SIGKILL", killedFor: "abort" });
    expect(await gone(child, 2000)).toBe(true);
    await expect(assertSuccess(process)).rejects.toThrow("gone away");
  });

  test("ends what a process left behind in its group", async () => {
    const process = await shell.run(job("sleep 600 >/dev/null 2>&1 & echo $!"));
    const child = Number(await firstOutput(process));
    await process.exited;
    expect(await gone(child, 2000)).toBe(true);
  });

  test("refuses an aborted job", async () => {
    await expect(shell.run(job("true", { signal: AbortSignal.abort() }))).rejects.toMatchObject({ name: "AbortError" });
  });

  test("reports a program that cannot be started", async () => {
    await using broken = await SpawnerPool.open({ gitPath: "/nonexistent/git", environment, spawnerCount: 1 });
    await expect(collect(broken, job("true"))).rejects.toMatchObject({
      code: expect.stringMatching(/^git-(unusable|failed)$/) as string,
    });
  });
});

describe("limits", () => {
  test("ends a process at its deadline", async () => {
    await expect(collect(shell, job("sleep 600", { limits: { timeoutMs: 50 } }))).rejects.toMatchObject({
      code: "timeout",
    });
  });

  test("ends a process that says too much", async () => {
    await expect(collect(shell, job("yes"), { bytesMax: 1000 })).rejects.toMatchObject({ code: "output-too-large" });
  });

  test("keeps only the beginning of a long error output", async () => {
    const process = await shell.run(job("dd if=/dev/zero bs=1M count=4 2>/dev/null | tr '\\0' x >&2"));
    await process.exited;
    expect(process.stderr.length).toBe(64 << 10);
  });

  test("has the kernel bound the address space", async () => {
    const process = await shell.run(job("ulimit -v", { limits: { addressSpaceBytes: 1 << 30 } }));
    expect(await firstOutput(process)).toBe(`${1 << 20}\n`);
    await process.exited;
  });

  test("queues up to the bound of a class and refuses the next", async () => {
    const first = await shell.run(job("cat", { class: "push", stdin: true }));
    const second = shell.run(job("echo second", { class: "push" }));
    await expect(shell.run(job("true", { class: "push" }))).rejects.toMatchObject({ code: "busy" });
    first.stdin.end();
    expect(await firstOutput(await second)).toBe("second\n");
  });

  test("forgets a waiting job that is aborted", async () => {
    const first = await shell.run(job("cat", { class: "push", stdin: true }));
    const controller = new AbortController();
    const waiting = shell.run(job("true", { class: "push", signal: controller.signal }));
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    const next = shell.run(job("echo next", { class: "push" }));
    first.stdin.end();
    expect(await firstOutput(await next)).toBe("next\n");
  });
});

describe("when processes die", () => {
  test("fails the jobs of a spawner that dies, kills their processes and replaces it", async () => {
    await using pool = await SpawnerPool.open({ gitPath: "/bin/sh", environment, spawnerCount: 1 });
    const running = await pool.run(job("sleep 600 & echo $!; wait"));
    const child = Number(await firstOutput(running));
    process.kill(soleSpawner(pool), "SIGKILL");
    await expect(assertSuccess(running)).rejects.toMatchObject({ code: "spawner-lost" });
    expect(await gone(child, 2000)).toBe(true);
    await expect.poll(() => pool.spawnerPids.length, { timeout: 5000 }).toBe(1);
    expect((await collect(pool, job("echo again"))).output.toString()).toBe("again\n");
  });

  test("leaves nothing running a second after the node was killed", async () => {
    const fixture = fileURLToPath(new URL("./spawner-parent.fixture.ts", import.meta.url));
    const temporary = mkdtempSync(join(tmpdir(), "guts-git-test-"));
    const env = { ...process.env, TMPDIR: temporary };
    const parent = fork(fixture, [], { stdio: ["ignore", "pipe", "inherit", "ipc"], execArgv: [], env });
    const [line] = (await once(parent.stdout!, "data")) as [Buffer];
    const pids = JSON.parse(line.toString()) as Record<string, number>;
    expect(Object.values(pids).every(isAlive)).toBe(true);
    parent.kill("SIGKILL");
    for (const pid of Object.values(pids)) expect(await gone(pid, 1000)).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
    rmdirSync(temporary);
  });

  test("ends everything on dispose and starts nothing more", async () => {
    const pool = await SpawnerPool.open({ gitPath: "/bin/sh", environment, spawnerCount: 1 });
    const running = await pool.run(job("sleep 600"));
    const spawner = soleSpawner(pool);
    await pool[Symbol.asyncDispose]();
    expect(await running.exited).toMatchObject({ killedFor: "closed" });
    expect(await gone(spawner, 1000)).toBe(true);
    await expect(pool.run(job("true"))).rejects.toMatchObject({ code: "closed" });
  });
});
