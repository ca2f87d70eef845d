/** Finality and ordering: the real engine, journal and network, and payloads that mean nothing. */
import { createTemporaryFolder } from "../../e2e/harness/temporary-folder.ts";
import { row } from "../statistics.ts";
import { Cluster } from "./cluster.ts";
import type { Flags } from "./flags.ts";
import { analyzeRun, type RunNumbers } from "./run-analysis.ts";
import type { Load } from "./validator-messages.ts";

const widths = [11, 6, 18, 8, 8, 22, 9, 10, 10, 12, 14, 8] as const;
/** Blocks that wait to be made at any time in the back-to-back load. */
const backToBackInFlight = 4;
/** Payloads in flight over all validators when throughput is measured, and in one block. */
const orderingInFlight = 1_024;
const orderingBlockPayloads = 512;
/** A payload of somebody so often in the paced load, in milliseconds. */
const pacedIntervalMs = 50;
const warmUpSeconds = 2;

/** Measures every combination that was asked for and prints a line for each load. */
export async function measureOrdering(flags: Flags): Promise<void> {
  console.log(
    "\nFinality and ordering: each validator is a process with the engine, journal and block log (both synced) and libp2p",
  );
  console.log("over loopback. Payloads of 1 KB, signed with Ed25519 and verified once by each validator.\n");
  const names = ["validators", "delay", "load", "p50 ms", "p99 ms", "aim p50, p99 ms", "blocks/s", "payload/s"];
  const costs = ["pl./block", "CPU ms/block", "CPU s/1000 pl.", "skipped"];
  console.log(row(widths, [...names, ...costs]));
  for (const validatorCount of flags.validators)
    for (const delayMs of flags.delays)
      if (validatorCount > 1 || delayMs === 0) await measureCluster(flags, validatorCount, delayMs);
}

async function measureCluster(flags: Flags, validatorCount: number, delayMs: number): Promise<void> {
  using folder = createTemporaryFolder("bench-consensus");
  const { firstPort, seconds } = flags;
  await using cluster = await Cluster.start({ validatorCount, delayMs, firstPort, folder: folder.path });
  await cluster.run({ ...backToBack(validatorCount, warmUpSeconds), name: "warm-up" });
  for (const load of loadsOf(flags, { validatorCount, delayMs, seconds })) {
    const numbers = analyzeRun(await cluster.run(load));
    print(numbers, { validatorCount, delayMs, load });
  }
}

interface Shape {
  readonly validatorCount: number;
  readonly delayMs: number;
}

function loadsOf(
  flags: Flags,
  { validatorCount, delayMs, seconds }: Shape & { readonly seconds: number },
): readonly Load[] {
  const loads: Load[] = [];
  if (flags.sections.includes("finality"))
    loads.push(paced(validatorCount, seconds), backToBack(validatorCount, seconds));
  // Throughput is bounded by work, not by distance.
  if (flags.sections.includes("ordering") && delayMs === Math.min(...flags.delays))
    loads.push(saturating(validatorCount, seconds));
  return loads;
}

/** One small block now and then: what somebody waits for in a network that has nothing else to do. */
function paced(validatorCount: number, seconds: number): Load {
  const intervalMs = pacedIntervalMs * validatorCount;
  const payloadCount = Math.ceil((seconds * 1_000) / intervalMs);
  return {
    name: `one each ${pacedIntervalMs} ms`,
    payloadCount,
    inFlightMax: 64,
    intervalMs,
    blockPayloadsMax: 64,
    seconds,
  };
}

/** Small blocks without a pause. */
function backToBack(validatorCount: number, seconds: number): Load {
  const inFlightMax = Math.max(2, Math.ceil((4 * backToBackInFlight) / validatorCount));
  return {
    name: "back to back",
    payloadCount: 1_000 * seconds,
    inFlightMax,
    intervalMs: 0,
    blockPayloadsMax: 4,
    seconds,
  };
}

/** As much as goes. */
function saturating(validatorCount: number, seconds: number): Load {
  const inFlightMax = Math.ceil(orderingInFlight / validatorCount);
  const payloadCount = Math.ceil((6_000 * seconds) / validatorCount);
  return {
    name: "throughput",
    payloadCount,
    inFlightMax,
    intervalMs: 0,
    blockPayloadsMax: orderingBlockPayloads,
    seconds,
  };
}

function print(numbers: RunNumbers, { validatorCount, delayMs, load }: Shape & { readonly load: Load }): void {
  const isThroughput = load.name === "throughput";
  const aims = isThroughput
    ? "1000 payload/s at 4"
    : delayMs === 0
      ? "25, 150; noisy 250, 1500"
      : `${3 * delayMs + 30}`;
  console.log(
    row(widths, [
      ...[String(validatorCount), String(delayMs), load.name],
      ...[numbers.finalityP50Ms, numbers.finalityP99Ms, aims],
      ...[numbers.blocksPerSecond, numbers.payloadsPerSecond, numbers.payloadsPerBlock],
      ...[numbers.cpuMsPerBlock, numbers.cpuSecondsPerThousand, String(numbers.skippedViews)],
    ]),
  );
}
