/**
 * Git over SSH, Guts against OpenSSH's server with git-shell:
 * `node bench/git/ssh.ts [--rounds N] [--commits N] [--only CASE] [--cipher NAME]`.
 *
 * The same client, key and repository for both; cases run interleaved, round by round, and medians are compared. CPU is that
 * of the whole tree of server processes. Each takes the cipher that the client likes best of what it offers, unless one is
 * named. Needs openssh-server and root (for control groups and a login whose shell is git-shell).
 */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { startDevnet } from "../../e2e/harness/devnet.ts";
import { createGitRunner } from "../../e2e/harness/git.ts";
import { createKeyPair, sshUser } from "../../e2e/harness/ssh.ts";
import { createTemporaryFolder } from "../../e2e/harness/temporary-folder.ts";
import { describeMachine } from "../machine.ts";
import { Comparison, type Case } from "./comparison.ts";
import { ProcessGroup, residentBytesOf } from "./process-cost.ts";
import { askGuts, copyTended, createAtGuts, makeSource, processesBelow } from "./source.ts";
import { startSshPeer } from "./ssh-peer.ts";

/** One server under measurement. */
interface Side {
  readonly name: "guts" | "openssh";
  readonly url: string;
  readonly group: ProcessGroup;
  readonly pid: number;
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    commits: { type: "string", default: "3000" },
    only: { type: "string", default: "" },
    cipher: { type: "string" },
  },
});
const operationsPerRun = 10;
const parallelClones = 8;

using folder = createTemporaryFolder("bench-ssh");
const git = createGitRunner(folder.path);
const key = await createKeyPair(folder.path);
const ciphers = flags.cipher === undefined ? [] : [`Ciphers=${flags.cipher}`];
const user = sshUser(folder.path, key, ciphers);
const talkative = sshUser(folder.path, key, ["LogLevel=DEBUG1", ...ciphers]);
const run = (...args: readonly string[]): Promise<string> => git.run(args, { env: user.environment });
const source = await makeSource(git, Number(flags.commits));
await using devnet = await startDevnet();
await using peer = await startSshPeer(join(folder.path, "peer"), devnet.basePort + 9, `${key.privateFile}.pub`);
using gutsGroup = new ProcessGroup("guts-ssh");
using peerGroup = new ProcessGroup("openssh");
for (const pid of processesBelow(devnet.node.pid)) gutsGroup.add(pid);
peerGroup.add(peer.pid);
const sides = await publish();
const comparison = new Comparison(sides, Number(flags.rounds));

console.log(`${describeMachine()}\n${flags.commits} commits, ${flags.rounds} rounds, interleaved`);
for (const { name, url } of sides) console.log(`${name}: ${await cipherOf(url)}`);
console.log(Comparison.header);
for (const measured of [connection(), noOpFetch(), clone(), clonesAtOnce(), push(), bigPush()])
  if (measured.name.includes(flags.only)) console.log(await comparison.measure(measured));
for (const side of sides) console.log(await memoryOf(side));

/** Key exchange, authentication, the advertisement, one ref. */
function connection(): Case<Side> {
  return {
    name: "ls-remote, one ref",
    async run({ url }) {
      for (let count = 0; count < operationsPerRun; count++) await run("ls-remote", url, "refs/heads/main");
      return operationsPerRun;
    },
  };
}

function noOpFetch(): Case<Side> {
  return {
    name: "no-op fetch",
    async run({ name, url }) {
      const target = join(folder.path, `fetch-${name}`);
      for (let count = 0; count < operationsPerRun; count++)
        await run("-C", target, "fetch", "-q", url, "+refs/heads/main:refs/heads/main");
      return operationsPerRun;
    },
    async prepare({ name, url }) {
      const target = join(folder.path, `fetch-${name}`);
      if (!existsSync(target)) await run("clone", "-q", "--bare", url, target);
    },
  };
}

function clone(): Case<Side> {
  return {
    name: "full clone",
    async run({ name, url }, round) {
      await cloneAway(url, `clone-${name}-${round}`);
      return 1;
    },
  };
}

function clonesAtOnce(): Case<Side> {
  return {
    name: `${parallelClones} clones at once`,
    async run({ name, url }, round) {
      const numbers = Array.from({ length: parallelClones }, (_, number) => number);
      await Promise.all(numbers.map((number) => cloneAway(url, `clones-${name}-${round}-${number}`)));
      return parallelClones;
    },
  };
}

async function cloneAway(url: string, name: string): Promise<void> {
  const target = join(folder.path, name);
  await run("clone", "-q", "--bare", url, target);
  rmSync(target, { recursive: true });
}

function push(): Case<Side> {
  return pushOf("push one commit", 16, operationsPerRun);
}

function bigPush(): Case<Side> {
  return pushOf("push 50 MB", 50 * 1024 * 1024, 1);
}

function pushOf(name: string, bytes: number, count: number): Case<Side> {
  return {
    name,
    hasAftermath: true,
    async run(side, round) {
      const work = join(folder.path, `push-${side.name}-${bytes}`);
      if (!existsSync(work)) await run("clone", "-q", "--depth", "1", side.url, work);
      for (let number = 0; number < count; number++) {
        writeFileSync(join(work, "pushed"), randomBytes(bytes));
        await git.run(["-C", work, "add", "pushed"]);
        await git.run(["-C", work, "commit", "-q", "-m", `${name} ${round}`]);
        await run("-C", work, "push", "-q", side.url, `HEAD:refs/heads/pushed-${bytes}`);
      }
      return count;
    },
  };
}

/** How far the memory of a side's processes rises above idle while it serves a clone; pages that they share count for each. */
async function memoryOf({ name, pid, url }: Side): Promise<string> {
  const resident = (): number => processesBelow(pid).reduce((sum, each) => sum + residentBytesOf(each), 0);
  const idle = resident();
  let peak = idle;
  const timer = setInterval(() => (peak = Math.max(peak, resident())), 10);
  await cloneAway(url, `clone-memory-${name}`);
  clearInterval(timer);
  const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
  return `${name} memory: ${mebibytes(idle)} MiB idle, ${mebibytes(peak - idle)} MiB more at the peak of a clone`;
}

/** What the client and the server agree on, as `ssh -v` tells it. */
async function cipherOf(url: string): Promise<string> {
  const { hostname, username, port } = new URL(url);
  const { stderr } = await talkative.run(["-v", "-p", port, `${username}@${hostname}`, "git-upload-archive 'none'"]);
  return /kex: server->client (cipher: \S+ MAC: \S+)/.exec(stderr)?.[1] ?? stderr;
}

/** Gives both servers the same repository: Guts by a push, the reference by a copy that is tended as an administrator would. */
async function publish(): Promise<readonly [Side, Side]> {
  await askGuts(devnet, "/api/v3/user/keys", { key: key.publicLine, title: "bench" });
  await git.run(["-C", source, "push", "-q", "--mirror", await createAtGuts(devnet, "bench")]);
  const copy = join(peer.repositories, "bench.git");
  await git.run(["init", "-q", "--bare", copy]);
  await git.run(["-C", copy, "config", "receive.fsckObjects", "true"]);
  await copyTended(git, source, copy);
  const { login } = devnet.account("maintainer");
  const guts = {
    name: "guts",
    url: `${devnet.node.sshUrl}/${login}/bench.git`,
    group: gutsGroup,
    pid: devnet.node.pid,
  } as const;
  const openssh = { name: "openssh", url: `${peer.url}${copy}`, group: peerGroup, pid: peer.pid } as const;
  return [guts, openssh];
}
