/**
 * The composition root: every part of a node by name, in the order in which they start, and in reverse when it stops.
 *
 * (1) the lock, (2) git's spawners while the process is small, (3) the chain, (4) the read model, (5) what a crash left undone in
 * git and in the rows, (6) the sequencer and the conductor of writes, (7) the doors. A part uses only parts that started before it,
 * so nothing is asked of a part that has stopped.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { appliedBlockOf, openReadModel, ProjectionFeed, type DatabaseLocation, type ReadModel } from "@guts/database";
import { nodeIdOf, publicKeyOf, type NodeId, type PrivateSeed } from "@guts/primitives";
import { createServer, type GitLimits, type Server } from "@guts/server";
import { makeDirectory, openGitEngine, PrivateStore, type GitEngine } from "@guts/storage";
import type { Genesis, LedgerEvent } from "@guts/ledger";
import type { Logger } from "pino";

import { readGenesis } from "./commands/node-init.ts";
import type { NodeConfig } from "./config/config.ts";
import { nodePathsOf, openDataDirectory, type NodePaths } from "./data/data-directory.ts";
import { holdDirectory } from "./data/hold-directory.ts";
import { readPrivateKeyFile } from "./keys/private-key-file.ts";
import { AppliedLedger } from "./ledger/applied-ledger.ts";
import { Chain, type AppliedBlock } from "./ledger/chain.ts";
import { FinalizedBlocks } from "./ledger/finalized-blocks.ts";
import { StoredChain } from "./ledger/stored-chain.ts";
import { SoloSequencer } from "./ledger/sequencer.ts";
import { LedgerTransactions } from "./ledger/submit-transaction.ts";
import { NodeError } from "./node-error.ts";
import { openLedgerSnapshot } from "./read-model/ledger-rows.ts";
import { version } from "./version.ts";

/** What a node is started with. */
export interface NodeOptions {
  readonly dataDirectory: string;
  readonly config: NodeConfig;
  readonly logger: Logger;
  /** Told when the node cannot go on, since it would answer from a state that it cannot keep. */
  readonly onFailure: (failure: unknown) => void;
}

/** Lists are waited for this long at a start; after that the node serves git and everything else while they catch up. */
const listsGraceMs = 15_000;

/** A node that serves. Disposing it stops every part in reverse order. */
export interface RunningNode extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
}

/** The parts below the doors: what `guts node rebuild` works with, too. */
export interface NodeStores extends AsyncDisposable {
  readonly paths: NodePaths;
  readonly git: GitEngine;
  readonly chain: Chain;
  readonly rows: ReadModel;
  readonly nodeSeed: PrivateSeed;
  readonly nodeId: NodeId;
}

/** Starts a node. Whatever started before a failure is stopped again. */
export async function startNode(options: NodeOptions, signal: AbortSignal): Promise<RunningNode> {
  const { config, logger, onFailure } = options;
  await using parts = new AsyncDisposableStack();
  const stores = parts.use(await openStores(options, signal)); // (1) to (4)
  const { chain, git, rows, paths, nodeId, nodeSeed } = stores;

  const ledger = new AppliedLedger(chain, nodeId);
  const listsLogger = logger.child({ component: "lists" });
  const feed = parts.use(
    new ProjectionFeed({
      readModel: rows,
      openSnapshot: () => openLedgerSnapshot(chain),
      onFailure: (error) => listsLogger.warn({ err: error }, "lists cannot be written; trying again"),
      onSnapshot: (how) => listsLogger.info({ how }, "lists are up to date"),
    }),
  );
  let follow: (events: readonly LedgerEvent[]) => void = () => {}; // The doors, once they are open.
  const finalized = new FinalizedBlocks({
    chain,
    git,
    forge: ledger.state(),
    onRows: (applied: AppliedBlock) => feed.offer(appliedBlockOf(applied.block)),
    onEvents: (_height, events) => {
      follow(events);
      ledger.announce();
    },
  });
  await git.sweep(); // (5)
  await finalized.recover();
  await Promise.race([feed.idle(), delay(listsGraceMs, undefined, { ref: false })]);

  const consensusSeed = readPrivateKeyFile(paths.consensusKey);
  parts.defer(() => finalized.settled()); // (6)
  const onApplied = (applied: AppliedBlock) => finalized.follow(applied);
  const sequencer = parts.use(new SoloSequencer({ chain, consensusSeed, now: Date.now, onApplied, onFailure }));
  const transactions = new LedgerTransactions({ chain, sequencer, nodeId, nodeSeed, consensusSeed, now: Date.now });

  const privateStore = new PrivateStore(paths.ledger); // (7)
  parts.defer(() => privateStore.close());
  const server = parts.use(
    await createServer({
      ledger,
      transactions,
      git,
      privateStore,
      chain: new StoredChain(chain),
      readModel: rows,
      clock: { nowMs: Date.now },
      random: (length) => new Uint8Array(randomBytes(length)),
      logger,
      version,
      publicUrl: config.http.publicUrl,
      gitLimits: gitLimitsOf(config),
      trustProxy: config.http.isBehindProxy,
      parts: [
        { name: "ledger", state: () => ({ state: "ready" }) },
        { name: "lists", state: () => stateOfLists(rows, chain) },
      ],
      ...webRoot(),
    }),
  );
  follow = (events) => server.follow(events);
  const url = await listen(server, config);
  logger.info({ url, height: chain.state.tip.height, git: git.gitVersion, version }, "the node serves");
  const running = parts.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Opens everything that keeps data: (1) to (4). */
export async function openStores(
  { dataDirectory, config, logger }: Omit<NodeOptions, "onFailure">,
  signal: AbortSignal,
): Promise<NodeStores> {
  openDataDirectory(dataDirectory, "node");
  const paths = nodePathsOf(dataDirectory);
  const genesis = requireGenesis(paths);
  const nodeSeed = readPrivateKeyFile(paths.nodeKey);
  for (const folder of [paths.ledger, paths.git, paths.database]) makeDirectory(folder);

  await using parts = new AsyncDisposableStack();
  parts.use(holdDirectory(dataDirectory)); // (1)
  const { binary: gitPath, spawnerCount } = config.git;
  const gitOptions = {
    directory: paths.git,
    gitPath,
    spawnerCount,
    onMaintenanceError: (err: unknown, repository: number) => logger.warn({ err, repository }, "a repack failed"),
  };
  const git = parts.use(await openGitEngine(gitOptions, signal)); // (2)
  const chain = Chain.open(paths.ledger, genesis); // (3)
  parts.defer(() => chain.close());
  const rows = await openReadModel({
    location: locationOf(config, paths),
    networkId: chain.state.networkId,
    onQuarantine: (entry) => logger.error({ entry }, "an entry of the ledger gives no row; please report it"),
  }); // (4)
  parts.use(rows);
  const opened = parts.move();
  const nodeId = nodeIdOf(publicKeyOf(nodeSeed));
  return { paths, git, chain, rows, nodeSeed, nodeId, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

function requireGenesis(paths: NodePaths): Genesis {
  if (existsSync(paths.genesis)) return readGenesis(paths.genesis).genesis;
  const command = `guts node init --data ${paths.root} --genesis FILE`;
  throw new NodeError(
    "data-directory-incomplete",
    `The node in ${paths.root} belongs to no network yet. Join one with: ${command}`,
  );
}

/** A fresh database copied from here is ready in a tenth of the time that making one takes; the first node makes it. */
const templateDirectory = join(import.meta.dirname, "..", "..", "..", ".cache", "database");

function locationOf({ databaseUrl }: NodeConfig, paths: NodePaths): DatabaseLocation {
  return databaseUrl === undefined
    ? { type: "embedded", directory: paths.database, templateDirectory }
    : { type: "server", url: databaseUrl };
}

function gitLimitsOf({ git }: NodeConfig): Partial<GitLimits> {
  return {
    packBytesMax: git.packBytesMax,
    inflatedBytesMax: git.inflatedBytesMax,
    objectCountMax: git.objectCountMax,
    receiveTimeoutMs: git.pushSecondsMax * 1000,
    uploadTimeoutMs: git.fetchSecondsMax * 1000,
    receiveConcurrencyMax: git.concurrentPushesMax,
    uploadConcurrencyMax: git.concurrentFetchesMax,
  };
}

async function listen(server: Server, { http: { host, port } }: NodeConfig): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new NodeError("port-busy", `Port ${port} of ${host} is in use. Choose another with --port.`, { cause });
  }
}

/** Lists are ready once they stand for some height: being some blocks behind is their nature. */
function stateOfLists(rows: ReadModel, chain: Chain) {
  const behind = chain.state.tip.height - (rows.cursor()?.height ?? -1);
  const isReady = rows.cursor() !== undefined && behind <= blocksBehindMax;
  return isReady ? ({ state: "ready" } as const) : ({ state: "starting", detail: `${behind} blocks behind` } as const);
}

/** Lists further behind than this are not worth asking. */
const blocksBehindMax = 1_000;

/** The built web client of this checkout, when it has been built. */
function webRoot(): { readonly webRoot?: string } {
  const folder = join(import.meta.dirname, "..", "..", "web", "dist");
  return existsSync(join(folder, "index.html")) ? { webRoot: folder } : {};
}
