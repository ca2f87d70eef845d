/** Writes through everything: REST, early decision, consensus, ledger, state on disk, read model at every node. */
import { startDevnet } from "../../e2e/harness/devnet.ts";
import { createTemporaryFolder } from "../../e2e/harness/temporary-folder.ts";
import { mergeProfiles, readProfiles, topFunctions, topPackages } from "../cpu-profile.ts";
import { quantile, row } from "../statistics.ts";
import type { Flags } from "./flags.ts";
import { raiseBudgets, writeFor, type WriteNumbers } from "./write-load.ts";

const concurrencies = [1, 8, 32] as const;
const widths = [6, 8, 9, 9, 9, 8, 13, 14, 13] as const;
const warmUpSeconds = 2;
/** The load under which a profile is taken, and how much of it is printed. */
const profileConcurrency = 8;
const profileLines = 20;

/** Measures networks of each size that was asked for. */
export async function measureEndToEnd(flags: Flags): Promise<void> {
  console.log(
    "\nEnd to end: guts devnet, edits of a description by REST at all nodes in turn; an edit counts when it is answered.",
  );
  console.log("CPU is that of all node processes until every node's lists show the last edit.\n");
  const names = [
    "nodes",
    "clients",
    "writes/s",
    "p50 ms",
    "p99 ms",
    "writes",
    "writes/block",
    "CPU ms/write",
    "of that/node",
  ];
  console.log(row(widths, names));
  for (const nodeCount of flags.validators) {
    await using devnet = await startDevnet({ nodeCount, env: unlimited });
    await raiseBudgets(devnet);
    await writeFor(devnet, profileConcurrency, warmUpSeconds);
    for (const concurrency of concurrencies)
      print(nodeCount, concurrency, await writeFor(devnet, concurrency, flags.seconds));
  }
}

/** A few accounts write as fast as the network can, which is more often than a node lets one account write. */
const unlimited = {
  GUTS_LIMITS_WRITES_PER_MINUTE: "1000000000",
  GUTS_LIMITS_ACCOUNT_REQUESTS_PER_HOUR: "1000000000",
  GUTS_LIMITS_WEB_REQUESTS_PER_MINUTE: "1000000000",
};

/** Where the CPU of a node goes while it writes, by thread. */
export async function profileEndToEnd(flags: Flags): Promise<void> {
  const nodeCount = Math.max(...flags.validators.filter((count) => count <= 4));
  using folder = createTemporaryFolder("bench-profile");
  const env = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder.path}` };
  const numbers = await writeUnderProfile(nodeCount, env, flags.seconds);
  const profiles = readProfiles(folder.path, numbers);
  for (const [thread, source] of Object.entries(threads)) {
    const merged = mergeProfiles(profiles.filter((profile) => profile.ran(source)));
    const share = `${((100 * merged.busyMs) / (numbers.toMs - numbers.fromMs) / nodeCount).toFixed(0)} % of the time busy`;
    console.log(
      `\n${thread} of ${nodeCount} nodes, ${profileConcurrency} clients, ${share}; own time by package, then by function:\n`,
    );
    for (const line of [...topPackages(merged, profileLines), "", ...topFunctions(merged, profileLines)])
      console.log(line);
  }
}

/** A source file that only this thread runs. */
const threads = {
  "main thread": "apps/node/src/ledger/chain-host.ts",
  "chain thread": "apps/node/src/chain-thread/thread.ts",
} as const;

/** Profiles are written when the network has stopped. */
async function writeUnderProfile(
  nodeCount: number,
  env: Readonly<Record<string, string>>,
  seconds: number,
): Promise<WriteNumbers> {
  await using devnet = await startDevnet({ nodeCount, env: { ...unlimited, ...env } });
  await raiseBudgets(devnet);
  await writeFor(devnet, profileConcurrency, warmUpSeconds);
  return await writeFor(devnet, profileConcurrency, seconds);
}

function print(nodeCount: number, concurrency: number, numbers: WriteNumbers): void {
  const { latenciesMs, seconds, cpuMs, blockCount } = numbers;
  const count = latenciesMs.length;
  console.log(
    row(widths, [
      ...[String(nodeCount), String(concurrency), count / seconds],
      ...[quantile(latenciesMs, 0.5), quantile(latenciesMs, 0.99), String(count)],
      ...[count / blockCount, cpuMs / count, cpuMs / count / nodeCount],
    ]),
  );
}
