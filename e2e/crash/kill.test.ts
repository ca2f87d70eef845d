import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type Forge, type Person, startForge, type TestRepository } from "../harness/forge.ts";
import { runProgram } from "../harness/git.ts";
import { createRandom, seed } from "../harness/random.ts";
import { byTier } from "../harness/tier.ts";

const roundCount = byTier({ short: 4, long: 50 });
const pusherCount = 3;
/** A push takes some 100 ms: this covers every step of several in a row. */
const killAfterMsMax = 900;

let forge: Forge;
let ada: Person;
let node: { readonly pid: number; readonly child: ChildProcess | undefined };

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
  node = { pid: forge.devnet.node.pid, child: undefined };
});
afterAll(async () => {
  await forge[Symbol.asyncDispose]();
});

/** Pushes one commit after the other to its own branch, until a push fails; remembers what was acknowledged. */
class Pusher {
  readonly branch: string;
  acknowledged: string | undefined;
  /** Pushed, but the answer never came: the branch may be here. */
  attempted: string | undefined;
  readonly #workTree: string;
  readonly #url: string;
  #count = 0;

  constructor(workTree: string, url: string, branch: string) {
    this.#workTree = workTree;
    this.#url = url;
    this.branch = branch;
  }

  async run(): Promise<void> {
    for (;;) {
      this.#count += 1;
      this.attempted = await forge.git.commit(this.#workTree, `${this.branch}.txt`, `${this.#count}\n`.repeat(50));
      const push = ["-C", this.#workTree, "push", "-q", "--force", this.#url, `HEAD:refs/heads/${this.branch}`];
      const { exitCode } = await forge.git.try(push);
      if (exitCode !== 0) return;
      this.acknowledged = this.attempted;
    }
  }
}

async function restartAlone(): Promise<void> {
  const { startCommand, httpUrl } = forge.devnet.node;
  const [file, ...args] = startCommand;
  const child = spawn(file!, args, { stdio: "ignore" });
  node = { pid: child.pid!, child };
  const answers = () =>
    fetch(`${httpUrl}/readyz`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(answers, { timeout: 60_000, interval: 100 }).toBe(200);
}

/** `git fsck` of every repository on the node's disk. */
async function fsckAll(): Promise<void> {
  const folders = readdirSync(forge.devnet.node.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === "HEAD" && !entry.parentPath.includes("logs"))
    .map((entry) => entry.parentPath);
  expect(folders.length).toBeGreaterThan(0);
  for (const folder of folders) {
    const env = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1" };
    const { exitCode, stdout, stderr } = await runProgram(
      "git",
      ["-c", "safe.directory=*", "-C", folder, "fsck", "--full", "--strict", "--connectivity-only"],
      { cwd: dirname(folder), env },
    );
    expect({ folder, exitCode, output: stdout + stderr }).toMatchObject({ exitCode: 0 });
  }
}

test(
  `after SIGKILL at any point of a stream of pushes (${roundCount} times) every acknowledged ref is there and git fsck is clean`,
  { timeout: roundCount * 30_000 },
  async () => {
    const random = createRandom(seed);
    const repositories: (TestRepository & { readonly workTree: string })[] = [];
    for (let index = 0; index < pusherCount; index++) repositories.push(await forge.createFilledRepository(ada));
    const pushers = repositories.map(
      ({ workTree, urlFor }, index) => new Pusher(workTree, urlFor(ada), `stream-${index}`),
    );
    let acknowledgedCount = 0;
    for (let round = 0; round < roundCount; round++) {
      const where = `seed ${seed}, round ${round} (GUTS_SEED=${seed} npm test -- crash)`;
      const runs = Promise.all(pushers.map((pusher) => pusher.run()));
      await delay(random() * killAfterMsMax); // The moment of the crash is the input of this test.
      const gone = node.child === undefined ? undefined : once(node.child, "exit");
      process.kill(node.pid, "SIGKILL");
      await gone;
      await runs;
      await restartAlone();
      for (const [index, pusher] of pushers.entries()) {
        const line = await forge.git.run(["ls-remote", repositories[index]!.url, `refs/heads/${pusher.branch}`]);
        const found = line.split("\t")[0] === "" ? undefined : line.split("\t")[0];
        expect([pusher.acknowledged, pusher.attempted], where).toContain(found);
        if (pusher.acknowledged !== undefined) acknowledgedCount += 1;
        const clone = forge.newFolder("check");
        await forge.git.run(["clone", "-q", "--bare", repositories[index]!.url, clone]);
      }
      await fsckAll();
    }
    expect(acknowledgedCount).toBeGreaterThan(0);
    const log = readFileSync(join(forge.devnet.node.dataDir, "node.log"), "utf8");
    expect(log).not.toMatch(/"level":60/);
  },
);
