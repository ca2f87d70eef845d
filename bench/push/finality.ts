/** One-commit pushes to a network of one node and to one of four, in turns: the difference is agreement and replication. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startDevnet, type Devnet } from "../../e2e/harness/devnet.ts";
import { createGitRunner, type GitRunner } from "../../e2e/harness/git.ts";
import { createTemporaryFolder } from "../../e2e/harness/temporary-folder.ts";
import { treeCpuMs } from "../process-tree.ts";
import { quantile, row } from "../statistics.ts";

/** How much to measure. */
export interface FinalityOptions {
  readonly rounds: number;
  /** Pushes to one network before it is the other's turn. */
  readonly pushesPerRound: number;
}

/** One network under measurement. */
interface Side {
  readonly nodeCount: number;
  readonly devnet: Devnet;
  readonly workTree: string;
  /** The repository's URL at each node, with credentials. */
  readonly urls: readonly string[];
  readonly pushesMs: number[];
  cpuMs: number;
}

const widths = [24, 10, 10, 10, 14] as const;
/** Rows, housekeeping and what peers do after the answer. */
const aftermathMs = 500;

/** Prints a line for each network, and the ratio. */
export async function measureFinality({ rounds, pushesPerRound }: FinalityOptions): Promise<void> {
  using folder = createTemporaryFolder("bench-push");
  const git = createGitRunner(folder.path);
  await using one = await startDevnet({ nodeCount: 1 });
  await using four = await startDevnet({ nodeCount: 4 });
  const sides = [await openSide(one, git), await openSide(four, git)];
  for (let round = 0; round < rounds; round++)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) await pushAll(side, git, pushesPerRound);
  console.log(
    "\nOne commit pushed by git over HTTP, wall time of `git push`; CPU of all nodes until 0.5 s after the answers.\n",
  );
  console.log(row(widths, ["network", "p50 ms", "p99 ms", "pushes", "CPU ms/push"]));
  const numbers = sides.map(({ pushesMs, cpuMs }) => [
    quantile(pushesMs, 0.5),
    quantile(pushesMs, 0.99),
    pushesMs.length,
    cpuMs / pushesMs.length,
  ]);
  for (const [index, { nodeCount }] of sides.entries())
    console.log(row(widths, [nodeCount === 1 ? "1 node" : `${nodeCount} nodes`, ...numbers[index]!]));
  console.log(row(widths, ["4 nodes / 1 node", ...numbers[1]!.map((value, at) => value / numbers[0]![at]!)]));
}

async function openSide(devnet: Devnet, git: GitRunner): Promise<Side> {
  const { login, token } = devnet.account("maintainer");
  const { nodes } = devnet.ready;
  const created = await fetch(`${devnet.node.httpUrl}/api/v3/user/repos`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "pushed" }),
  });
  if (created.status !== 201) throw new Error(`creating the repository gave ${created.status}`);
  const workTree = join(git.folder, `work-${nodes.length}`);
  await git.run(["init", "-q", workTree]);
  const urls = nodes.map(({ httpUrl }) => `${httpUrl.replace("://", `://x:${token}@`)}/${login}/pushed.git`);
  const side: Side = { nodeCount: nodes.length, devnet, workTree, urls, pushesMs: [], cpuMs: 0 };
  for (const url of urls) await push(side, git, url); // The first one at each node loads what it needs.
  side.pushesMs.length = 0;
  return side;
}

/** Pushes to each node in turn. */
async function pushAll(side: Side, git: GitRunner, count: number): Promise<void> {
  const pids = side.devnet.ready.nodes.map(({ pid }) => pid);
  const cpuBefore = treeCpuMs(pids);
  for (let index = 0; index < count; index++) await push(side, git, side.urls[index % side.urls.length]!);
  await delay(aftermathMs);
  side.cpuMs += treeCpuMs(pids) - cpuBefore;
}

async function push({ workTree, pushesMs }: Side, git: GitRunner, url: string): Promise<void> {
  writeFileSync(join(workTree, "file"), randomBytes(16).toString("hex"));
  await git.run(["-C", workTree, "add", "file"]);
  await git.run(["-C", workTree, "commit", "-q", "-m", "one more"]);
  const started = performance.now();
  await git.run(["-C", workTree, "push", "-q", url, "HEAD:refs/heads/main"]);
  pushesMs.push(performance.now() - started);
}
