/**
 * A local network: nodes as child processes of one foreground command, with demo accounts, for people and for test harnesses.
 *
 * It only composes what an operator would type (`guts node init`, `guts network create`, `guts node start`). A node that dies is
 * reported and stays dead; its `startCommand` starts it alone.
 */
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { findLockHolder } from "@guts/storage";

import { createDataDirectory, nodePathsOf } from "../data/data-directory.ts";
import { holdDirectory } from "../data/hold-directory.ts";
import { NodeError } from "../node-error.ts";
import { ensureDemoAccounts, type DemoAccount } from "./demo-accounts.ts";
import { deleteDevnet, hasDevnet } from "./fresh.ts";
import { startFaults } from "./faults/start-faults.ts";
import { assertNodeCount, foundedNodeCount, foundNetwork } from "./found-network.ts";
import {
  assertDevnetShape,
  assertOwnDatabases,
  nodeCountDefault,
  nodePlaceOf,
  portsOf,
  type NodePlace,
} from "./layout.ts";
import { untilQuorum } from "./quorum.ts";
import { describeExit, NodeProcess, startCommandOf } from "./node-process.ts";
import { findPortOwner, isPortFree } from "./port-owner.ts";
import { readyNodeOf, removeReadyFile, writeReadyFile, type ReadyFile } from "./ready-file.ts";

/** What the caller of `guts devnet` chose. */
export interface DevnetOptions {
  /** Undefined: as many as the network in the directory has, or the default for a new one. */
  readonly nodeCount: number | undefined;
  readonly dataDirectory: string;
  readonly basePort: number;
  readonly readyFile: string | undefined;
  readonly isFresh: boolean;
  /** Whether links between nodes pass proxies that `guts devnet fault` controls. */
  readonly hasFaults: boolean;
  /** Says one line to the person at the terminal. */
  readonly say: (line: string) => void;
}

/** A devnet whose nodes all serve. */
export interface RunningDevnet extends AsyncDisposable {
  readonly ready: ReadyFile;
  readonly places: readonly NodePlace[];
}

/** Within this, SIGTERM to devnet has stopped everything; what is left then is killed. */
const stopGraceMs = 4_000;
/** Longest start, for the network and for each node; a busy machine starts them slowly. */
const startTimeoutMs = 60_000;
const pollMs = 50;

/**
 * Starts a devnet: ports, lock, data, links, nodes, quorum, accounts, ready file, in this order, so that whatever is refused is
 * refused before anything was written, and the ready file appears when all of it is true.
 */
export async function startDevnet(options: DevnetOptions, signal: AbortSignal): Promise<RunningDevnet> {
  const { basePort, hasFaults } = options;
  const root = resolve(options.dataDirectory);
  const nodeCount = options.nodeCount ?? (options.isFresh ? undefined : foundedNodeCount(root)) ?? nodeCountDefault;
  assertDevnetShape(nodeCount, basePort);
  assertOwnDatabases(nodeCount, process.env);
  const places = Array.from({ length: nodeCount }, (_, index) => nodePlaceOf({ root, basePort, hasFaults }, index));
  if (options.readyFile !== undefined) removeReadyFile(options.readyFile);
  if (options.isFresh && hasDevnet(root)) deleteDevnet(root);
  assertNodeCount(root, nodeCount);
  await assertPortsFree(places);
  await using started = new AsyncDisposableStack();
  createDataDirectory(root, "devnet");
  started.use(holdDirectory(root)); // Two devnets on one directory would start the same nodes.
  const network = foundNetwork(root, places);
  if (hasFaults) started.use(await startFaults(root, places)); // Before the nodes: they dial as soon as they run.
  options.say(`Starting ${places.map(({ name }) => name).join(", ")} ...`);
  const nodes = startNodes(places, started, options.say);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(startTimeoutMs * (1 + nodeCount))]);
  await Promise.all(
    places.map((place, index) => nodes[index]!.untilReady(nodePathsOf(place.dataDirectory).log, deadline)),
  );
  await untilQuorum(places, deadline);
  const accounts = await makeAccounts(root, places, deadline);
  const ready: ReadyFile = {
    network,
    nodes: places.map((place, index) => readyNodeOf(place, nodes[index]!.pid)),
    accounts,
  };
  if (options.readyFile !== undefined) {
    const { readyFile } = options;
    writeReadyFile(readyFile, ready);
    started.defer(() => removeReadyFile(readyFile));
  }
  const owned = started.move();
  return { ready, places, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function assertPortsFree(places: readonly NodePlace[]): Promise<void> {
  for (const port of places.flatMap(portsOf)) {
    if (await isPortFree("127.0.0.1", port)) continue;
    const owner = findPortOwner(port);
    const by = owner === undefined ? "another program" : `process ${owner.pid} (${owner.command})`;
    throw new NodeError(
      "port-busy",
      `Port ${port} is in use, probably by ${by}. Stop it, or choose other ports with --base-port.`,
    );
  }
}

/** Starts the nodes. They stop at once and together: four one after the other would take four times as long. */
function startNodes(
  places: readonly NodePlace[],
  started: AsyncDisposableStack,
  say: (line: string) => void,
): readonly NodeProcess[] {
  const stops: (() => Promise<void>)[] = [];
  started.defer(async () => void (await Promise.all(stops.map((stop) => stop()))));
  return places.map((place) => {
    const { node, stop } = startNode(place, say);
    stops.push(stop);
    return node;
  });
}

/** Starts one node; when it ends unasked, says so and what starts it again. */
function startNode(
  place: NodePlace,
  say: (line: string) => void,
): { readonly node: NodeProcess; readonly stop: () => Promise<void> } {
  const node = new NodeProcess(place, join(place.dataDirectory, "output.log"));
  let isStopping = false;
  void node.exited.then((exit) => {
    if (isStopping) return;
    say(
      `${place.name} (process ${node.pid}) has died: ${describeExit(exit)}. Its log: ${nodePathsOf(place.dataDirectory).log}`,
    );
    say(`To start it alone: ${startCommandOf(place).join(" ")}`);
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    await node.stop(stopGraceMs);
    await stopSuccessor(place);
  };
  return { node, stop };
}

/** A node that somebody started again by its start command belongs to this devnet too, and stops with it. */
async function stopSuccessor(place: NodePlace): Promise<void> {
  const processId = findLockHolder(place.dataDirectory);
  if (typeof processId !== "number") return;
  process.kill(processId, "SIGTERM");
  for (let waitedMs = 0; waitedMs < stopGraceMs; waitedMs += pollMs) {
    if (findLockHolder(place.dataDirectory) !== processId) return;
    await delay(pollMs);
  }
  process.kill(processId, "SIGKILL");
}

async function makeAccounts(
  root: string,
  places: readonly NodePlace[],
  signal: AbortSignal,
): Promise<readonly DemoAccount[]> {
  try {
    return await ensureDemoAccounts(root, places, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const log = nodePathsOf(places[0]!.dataDirectory).log;
    throw new NodeError(
      "demo-accounts-failed",
      `The demo accounts could not be made: ${(cause as Error).message}. See ${log}`,
      {
        cause,
      },
    );
  }
}
