/**
 * The composition root: every part of a node by name, in the order in which they start, and in reverse when it stops.
 *
 * (1) the lock, (2) git's spawners while the process is small, (3) the thread that has the chain, (4) the read model, (5) the
 * exchange of objects with other nodes, and what a crash left undone in git and in the rows, (6) the conductor of writes, and
 * consensus, (7) the doors. A part uses only parts that
 * started before it, so nothing is asked of a part that has stopped.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { appliedBlockOf, ProjectionFeed, type ReadModel } from "@guts/database";
import { encode, type PrivateSeed } from "@guts/primitives";
import {
  createServer,
  hostKeyOf,
  type EarlyRefPolicy,
  type GitLimits,
  type NetworkView,
  type PartProbe,
  type Server,
  type SshDoor,
} from "@guts/server";
import { PrivateStore } from "@guts/storage";
import { ForgeState, genesisCodec, type decideCommand, type LedgerEvent } from "@guts/ledger";
import type { OnTransferEnd } from "@guts/transfer";
import type { Logger } from "pino";

import type { ChainView } from "./chain/chain-view.ts";
import { StoredChain } from "./chain/stored-chain.ts";
import type { FinalBlock } from "./chain-thread/contract.ts";
import { ensureHostKey } from "./commands/node-init.ts";
import type { NodeConfig } from "./config/config.ts";
import { peerAddressOf } from "./keys/peer-id.ts";
import { readPrivateKeyFile } from "./keys/private-key-file.ts";
import { AppliedLedger } from "./ledger/applied-ledger.ts";
import { ChainHost } from "./ledger/chain-host.ts";
import { FinalizedBlocks } from "./ledger/finalized-blocks.ts";
import { finalizedPushOf } from "./ledger/project-git.ts";
import { NetworkSequencer } from "./ledger/sequencer.ts";
import { LedgerTransactions } from "./ledger/submit-transaction.ts";
import { threadNetworkView } from "./ledger/thread-network-view.ts";
import { clockPart, ClockReporter } from "./logging/clock-reporter.ts";
import { SyncReporter, syncPart } from "./logging/sync-reporter.ts";
import { NodeError } from "./node-error.ts";
import { openLedgerSnapshot } from "./read-model/ledger-rows.ts";
import { HeldRepositories } from "./replication/held-repositories.ts";
import { heldRepositoriesName, startRepair, startReplication } from "./replication/start-replication.ts";
import { openStores, type NodeStores, type OpenChain } from "./stores.ts";
import { version } from "./version.ts";

/** What a node is started with. */
export interface NodeOptions {
  readonly dataDirectory: string;
  readonly config: NodeConfig;
  readonly logger: Logger;
  /**
   * What is asked before anything is submitted. No configuration reaches it: only a test passes one, to show that the ledger
   * refuses what a node that asks nothing lets through.
   */
  readonly early?: EarlyChecks;
  /** Told when the node cannot go on, since it would answer from a state that it cannot keep. */
  readonly onFailure: (failure: unknown) => void;
}

/** The early checks of a node's doors and of its conductor of writes. The ledger asks the same again, with authority. */
export interface EarlyChecks {
  readonly refs: EarlyRefPolicy;
  readonly decide: typeof decideCommand;
}

/** Lists are waited for this long at a start; after that the node serves git and everything else while they catch up. */
const listsGraceMs = 15_000;

/** A node that serves. Disposing it stops every part in reverse order. */
export interface RunningNode extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
}

/** Starts a node. Whatever started before a failure is stopped again. */
export async function startNode(options: NodeOptions, signal: AbortSignal): Promise<RunningNode> {
  const { config, logger, early, onFailure } = options;
  await using parts = new AsyncDisposableStack();
  const stores = parts.use(await openStores(options, startChainThread(options), signal)); // (1) to (4)
  const { chain, host, git, rows, paths, nodeId, nodeSeed } = stores;

  const doors: LateDoors = { server: undefined };
  const objects = await openObjects(stores, { ...options, doors }, { parts, signal }); // (5)
  const { forge, ledger, replication, startRepairing } = objects;
  const feed = parts.use(feedLists(stores, logger));
  const finalized = new FinalizedBlocks({
    chain,
    git,
    objects: replication.objects,
    notes: host,
    forge,
    onRows: ({ block }: FinalBlock) => feed.offer(appliedBlockOf(block)),
    onEvents: (height, events) => {
      doors.server?.follow(events);
      replication.onFollowed(height, pushesOf(forge, events));
      ledger.announce(height);
      host.served(height);
    },
  });
  await finalized.recover();
  await Promise.race([feed.idle(), delay(listsGraceMs, undefined, { ref: false })]);

  const sequencer = new NetworkSequencer(host); // (6)
  const { receipts } = replication;
  const writes = { chain, sequencer, nodeId, nodeSeed, receipts, decide: early?.decide, now: Date.now };
  const transactions = new LedgerTransactions(writes);
  const followBlock = async (block: FinalBlock): Promise<void> => {
    await finalized.follow(block);
    await sequencer.follow(block);
  };
  host.follow(
    (block) => void followBlock(block).catch(onFailure),
    (height) => sequencer.setPeersServed(height),
  );
  parts.defer(async () => {
    host.follow(ignore, ignore); // What becomes final from now on, the next start projects.
    await finalized.settled();
  });
  await host.begin();
  parts.use(startRepairing());

  const privateStore = new PrivateStore(paths.ledger); // (7)
  parts.defer(() => privateStore.close());
  const network = viewNetwork(stores, forge, config);
  const height = () => chain.state.tip.height;
  const admissionCommand = `guts network admit ${nodeId} --name ${config.name}`;
  parts.use(new SyncReporter({ network, height, admissionCommand, logger }));
  parts.use(new ClockReporter({ network, logger }));
  const server = parts.use(
    await createServer({
      network,
      ledger,
      transactions,
      git,
      privateStore,
      chain: new StoredChain(chain),
      readModel: rows,
      ...systemSources,
      logger,
      version,
      publicUrl: config.http.publicUrl,
      gitLimits: gitLimitsOf(config),
      requestLimits: config.limits,
      sshAddress: config.ssh.isOpen ? config.ssh.address : undefined,
      sshHostKey: config.ssh.isOpen ? hostKeyOf(ensureHostKey(paths.sshHostKey)) : undefined,
      trustProxy: config.http.isBehindProxy,
      areMetricsOpen: config.areMetricsOpen,
      parts: probesOf({ rows, chain, network, height }),
      ...(early !== undefined && { earlyRefPolicy: early.refs }),
      ...webRoot(),
    }),
  );
  doors.server = server;
  const url = await openDoors(server, options, { parts, stores });
  const running = parts.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The clock and the chance of the machine. */
const systemSources = {
  clock: { nowMs: Date.now },
  random: (length: number) => new Uint8Array(randomBytes(length)),
};

/** The doors, which open last, for parts that tell them something. */
interface LateDoors {
  server: Server | undefined;
}

/** (5) The state as the doors serve it, and the exchange of objects with other nodes, on repositories that a crash left swept. */
async function openObjects(
  { chain, host, git, paths, nodeId, nodeSeed, consensusSeed }: NodeStores & ThreadedChain,
  { config, logger, doors }: NodeOptions & { readonly doors: LateDoors },
  { parts, signal }: { readonly parts: AsyncDisposableStack; readonly signal: AbortSignal },
) {
  await git.sweep();
  const held = new HeldRepositories(join(paths.root, heldRepositoriesName));
  const forge = new ForgeState(chain.state);
  const ledger = new AppliedLedger(chain, nodeId, held);
  const own = { root: paths.root, forge, git, logger: logger.child({ component: "replication" }) };
  const onTransfer: OnTransferEnd = (end) => doors.server?.countTransfer(end);
  const replication = parts.use(
    await startReplication({ ...own, config, ledger, link: host, nodeSeed, consensusSeed, held, onTransfer }, signal),
  );
  return { forge, ledger, replication, startRepairing: () => startRepair(own, replication) };
}

/** The chain, and the thread that writes it. */
interface ThreadedChain {
  readonly chain: ChainView;
  readonly host: ChainHost;
  readonly consensusSeed: PrivateSeed;
}

/** Starts the thread that writes the chain, and reads beside it. */
function startChainThread({ config, logger, onFailure }: NodeOptions): OpenChain<ThreadedChain> {
  return async ({ paths, genesis, nodeSeed }, parts) => {
    const consensusSeed = readPrivateKeyFile(paths.consensusKey);
    const threadLogger = logger.child({ component: "chain" });
    const host = parts.use(
      await ChainHost.start({
        data: {
          directory: paths.ledger,
          journalDirectory: paths.consensus,
          nodeSeed,
          consensusSeed,
          version,
          publicUrl: config.http.publicUrl,
          p2p: config.p2p,
        },
        genesis,
        log: (level, fields, message) => threadLogger[level](fields, message),
        onFailure,
      }),
    );
    return { chain: host.chain, host, consensusSeed };
  };
}

/** What this node sees of the others. */
function viewNetwork(
  { chain, host, nodeId }: Pick<NodeStores, "nodeId"> & { readonly chain: ChainView; readonly host: ChainHost },
  forge: ForgeState,
  { p2p }: NodeConfig,
): NetworkView {
  const { genesis } = chain.state;
  return threadNetworkView({
    nodeId,
    genesis,
    genesisBytes: encode(genesisCodec, genesis),
    addresses: p2p.announce.map((address) => peerAddressOf(nodeId, address)),
    isAdmitted: () => forge.node(nodeId) !== undefined,
    status: () => host.status,
  });
}

/** Keeps the lists up to date. */
function feedLists(
  { chain, rows }: Pick<NodeStores, "rows"> & { readonly chain: ChainView },
  logger: Logger,
): ProjectionFeed {
  const listsLogger = logger.child({ component: "lists" });
  return new ProjectionFeed({
    readModel: rows,
    openSnapshot: () => openLedgerSnapshot(chain),
    onFailure: (error) => listsLogger.warn({ err: error }, "lists cannot be written; trying again"),
    onSnapshot: (how) => listsLogger.info({ how }, "lists are up to date"),
  });
}

/** The parts whose states make up whether the node is ready. */
function probesOf({
  rows,
  chain,
  network,
  height,
}: {
  readonly rows: ReadModel;
  readonly chain: ChainView;
  readonly network: NetworkView;
  readonly height: () => number;
}): readonly PartProbe[] {
  return [
    { name: "ledger", state: () => ({ state: "ready" }) },
    { name: "lists", state: () => stateOfLists(rows, chain) },
    { name: "network", state: () => syncPart(network.sync(), height()) },
    { name: "clock", state: () => clockPart(network.clockAheadMs()) },
  ];
}

/** The pushes of one block. */
function pushesOf(forge: ForgeState, events: readonly LedgerEvent[]) {
  return events.flatMap((event) => finalizedPushOf(forge, event) ?? []);
}

function ignore(): void {}

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

/** HTTP first: whoever is told of the node finds its pages; the SSH door closes before it. */
async function openDoors(
  server: Server,
  { config, logger }: NodeOptions,
  { parts, stores }: { readonly parts: AsyncDisposableStack; readonly stores: NodeStores & ThreadedChain },
): Promise<string> {
  const url = await listen(server, config);
  parts.use(await openSsh(server, config, stores.paths.sshHostKey));
  const { chain, git } = stores;
  logger.info({ url, height: chain.state.tip.height, git: git.gitVersion, version }, "the node serves");
  return url;
}

async function listen(server: Server, { http: { host, port } }: NodeConfig): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new NodeError("port-busy", `Port ${port} of ${host} is in use. Choose another with --port.`, { cause });
  }
}

async function openSsh(server: Server, { ssh }: NodeConfig, hostKeyFile: string): Promise<SshDoor | undefined> {
  if (!ssh.isOpen) return undefined;
  try {
    return await server.openSshDoor(ssh, ensureHostKey(hostKeyFile));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const words = `Port ${ssh.port} of ${ssh.host} is in use. Choose another for git over SSH with the setting ssh.port.`;
    throw new NodeError("port-busy", words, { cause });
  }
}

/** Lists are ready once they stand for some height: being some blocks behind is their nature. */
function stateOfLists(rows: ReadModel, chain: ChainView) {
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
