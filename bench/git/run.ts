/**
 * Guts against `git http-backend` behind nginx: `node bench/git/run.ts [--rounds N] [--commits N] [--only CASE]`. Over SSH: ssh.ts.
 *
 * Both serve the same repository; cases run interleaved, round by round, and medians are compared. CPU is that of the whole
 * tree of server processes, the housekeeping after a push included, and is the number to trust on a busy machine. Needs nginx-light, fcgiwrap, wrk and root (for control groups).
 */
import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { largeRepository } from "@guts/testing";
import { startDevnet } from "../../e2e/harness/devnet.ts";
import { createGitRunner, type GitRunner } from "../../e2e/harness/git.ts";
import { createTemporaryFolder } from "../../e2e/harness/temporary-folder.ts";
import { Comparison, type Case } from "./comparison.ts";
import { startPeer } from "./peer.ts";
import { ProcessGroup, residentBytesOf } from "./process-cost.ts";
import { copyTended, createAtGuts, makeSource, processesBelow } from "./source.ts";

/** One server under measurement. */
interface Side {
  readonly name: "guts" | "http-backend";
  /** The repository's URL, with credentials where they are needed. */
  readonly url: string;
  /** The same without. */
  readonly publicUrl: string;
  /** Makes another, empty repository and resolves to its URL with credentials. */
  readonly createRepository: (name: string) => Promise<string>;
  readonly group: ProcessGroup;
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    commits: { type: "string", default: String(largeRepository.commitCount) },
    only: { type: "string" },
    seconds: { type: "string", default: "3" },
  },
});

/** wrk asks more often than a node lets one address ask. */
const unlimited = { GUTS_LIMITS_GIT_REQUESTS_PER_MINUTE: "1000000000" };
const rounds = Number(flags.rounds);
using folder = createTemporaryFolder("bench-git");
const git = createGitRunner(folder.path);
if (!existsSync("/usr/bin/wrk")) throw new Error("the benchmark needs wrk: apt-get install wrk");

const source = await makeSource(git, Number(flags.commits));
await using devnet = await startDevnet({ env: unlimited });
await using peer = await startPeer(join(folder.path, "peer"), devnet.basePort + 9);
using gutsGroup = new ProcessGroup("guts");
using peerGroup = new ProcessGroup("peer");
for (const pid of processesBelow(devnet.node.pid)) gutsGroup.add(pid);
for (const pid of peer.pids.flatMap(processesBelow)) peerGroup.add(pid);
const sides = await publish();
const cases = [fullClone(), cloneAfterPush(), cloneOfNew(), ...adverts(), noOpFetch(), ...pushes()].filter(
  ({ name }) => flags.only === undefined || name.includes(flags.only),
);

console.log(`repository: ${flags.commits} commits, ${await refCount()} refs; ${rounds} rounds, interleaved\n`);
console.log(Comparison.header);
const comparison = new Comparison(sides, rounds);
for (const measured of cases) console.log(await comparison.measure(measured));
await measureMemory();

function fullClone(): Case<Side> {
  return {
    name: "full clone",
    async run({ name, publicUrl }, round) {
      const target = join(folder.path, `clone-${name}-${round}`);
      await git.run(["clone", "-q", "--bare", publicUrl, target]);
      rmSync(target, { recursive: true });
      return 1;
    },
  };
}

/** Whoever clones first after a push finds no answer that was made for somebody else. */
function cloneAfterPush(): Case<Side> {
  const cases = { push: pushOf("change", 0), clone: fullClone() };
  return {
    name: "clone after push",
    prepare: async (side, round) => void (await cases.push.run(side, round)),
    run: cases.clone.run,
  };
}

/** The first clone of a repository that was pushed a moment ago. */
function cloneOfNew(): Case<Side> {
  const urls = new Map<Side, string>();
  return {
    name: "clone of a new one",
    async prepare(side, round) {
      urls.set(side, await side.createRepository(`new-${round}`));
      await git.run(["-C", source, "push", "-q", "--mirror", urls.get(side)!]);
    },
    run: (side, round) => fullClone().run({ ...side, publicUrl: urls.get(side)! }, round),
  };
}

function adverts(): readonly Case<Side>[] {
  const lsRefs = Buffer.from(
    "0014command=ls-refs\n0016object-format=sha100010009peel\n000csymrefs\n001bref-prefix refs/heads/\n001aref-prefix refs/tags/\n0000",
    "latin1",
  );
  const script = join(folder.path, "ls-refs.lua");
  writeFileSync(
    script,
    `wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/x-git-upload-pack-request"\nwrk.headers["Git-Protocol"] = "version=2"\nwrk.body = ${JSON.stringify(lsRefs.toString("latin1"))}\n`,
  );
  return [1, 16, 64].flatMap((concurrency) => [
    {
      name: `info/refs c=${concurrency}`,
      run: ({ publicUrl }: Side) =>
        wrk(`${publicUrl}/info/refs?service=git-upload-pack`, concurrency, ["-H", "Git-Protocol: version=2"]),
    },
    {
      name: `ls-refs c=${concurrency}`,
      run: ({ publicUrl }: Side) => wrk(`${publicUrl}/git-upload-pack`, concurrency, ["-s", script]),
    },
  ]);
}

/** Requests that wrk got answered with success. Time for each is the run's time divided by them. */
async function wrk(url: string, concurrency: number, extra: readonly string[]): Promise<number> {
  const asGit = ["-H", "Accept-Encoding: deflate, gzip"];
  const duration = ["-d", `${flags.seconds}s`, "--timeout", "60s"];
  const args = ["-t", "1", "-c", String(concurrency), ...duration, ...asGit, ...extra, url];
  const text = execFileSync("wrk", args, { encoding: "utf8" });
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`the load was not answered:\n${text}`);
  return Number(/(\d+) requests in/.exec(text)![1]);
}

function noOpFetch(): Case<Side> {
  return {
    name: "no-op fetch",
    async run({ name, publicUrl }) {
      const target = join(folder.path, `fetch-${name}`);
      if (!existsSync(target)) await git.run(["clone", "-q", "--bare", publicUrl, target]);
      for (let count = 0; count < 10; count++)
        await git.run(["-C", target, "fetch", "-q", publicUrl, "+refs/heads/main:refs/heads/main"]);
      return 10;
    },
  };
}

function pushes(): readonly Case<Side>[] {
  return [pushOf("push one commit", 0, 10), pushOf("push 1 MB", 1024 * 1024), pushOf("push 100 MB", 100 * 1024 * 1024)];
}

/** `count` pushes, one after the other, of one commit with a file of so many random bytes. */
function pushOf(name: string, bytes: number, count = 1): Case<Side> {
  return {
    name,
    hasAftermath: true,
    async run(side, round) {
      const work = join(folder.path, `push-${side.name}-${bytes}`);
      if (!existsSync(work)) await git.run(["clone", "-q", "--depth", "1", side.publicUrl, work]);
      for (let push = 0; push < count; push++) {
        writeFileSync(join(work, "pushed"), randomBytes(Math.max(bytes, 16)));
        await git.run(["-C", work, "add", "pushed"]);
        await git.run(["-C", work, "commit", "-q", "-m", `${name} ${round}`]);
        await git.run(["-C", work, "push", "-q", side.url, `HEAD:refs/heads/pushed-${bytes}`]);
      }
      return count;
    },
  };
}

/** How far the node's memory rises above idle while it serves one clone. */
async function measureMemory(): Promise<void> {
  const [guts] = sides;
  const root = devnet.node.pid;
  const idle = residentBytesOf(root);
  let peak = idle;
  const timer = setInterval(() => (peak = Math.max(peak, residentBytesOf(root))), 20);
  await git.run(["clone", "-q", "--bare", guts!.publicUrl, join(folder.path, "clone-memory")]);
  clearInterval(timer);
  console.log(`\nnode memory: ${mebibytes(idle)} MiB idle, ${mebibytes(peak - idle)} MiB more at the peak of a clone`);
}

/** Gives both servers the same repository: Guts by a push, the reference by a copy that is repacked as an administrator would. */
async function publish(): Promise<readonly [Side, Side]> {
  const url = await createAtGuts(devnet, "bench");
  await git.run(["-C", source, "push", "-q", "--mirror", url]);
  const peerUrl = await createAtPeer("bench");
  const copy = join(peer.repositories, "bench.git");
  await copyTended(git, source, copy);
  const guts = { name: "guts", url, publicUrl: url.replace(/\/\/.*@/, "//"), group: gutsGroup } as const;
  const reference = { name: "http-backend", url: peerUrl, publicUrl: peerUrl, group: peerGroup } as const;
  return [
    { ...guts, createRepository: (name) => createAtGuts(devnet, name) },
    { ...reference, createRepository: createAtPeer },
  ];
}

async function createAtPeer(name: string): Promise<string> {
  const path = join(peer.repositories, `${name}.git`);
  await git.run(["init", "-q", "--bare", path]);
  await git.run(["-C", path, "config", "http.receivepack", "true"]);
  await git.run(["-C", path, "config", "receive.fsckObjects", "true"]);
  return `${peer.url}/${name}.git`;
}

async function refCount(): Promise<number> {
  return (await (git satisfies GitRunner).run(["-C", source, "for-each-ref", "--format=x"])).split("\n").length;
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
