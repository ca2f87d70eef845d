/**
 * Everything that keeps a node's data, opened in order: (1) the lock, (2) git's spawners while the process is small, (3) the chain,
 * (4) the read model.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { openReadModel, type DatabaseLocation, type ReadModel } from "@guts/database";
import type { Genesis } from "@guts/ledger";
import { nodeIdOf, publicKeyOf, type NodeId, type PrivateSeed } from "@guts/primitives";
import { makeDirectory, openGitEngine, type GitEngine } from "@guts/storage";
import type { Logger } from "pino";

import type { ChainView } from "./chain/chain-view.ts";
import { readGenesis } from "./commands/node-init.ts";
import type { NodeConfig } from "./config/config.ts";
import { nodePathsOf, openDataDirectory, type NodePaths } from "./data/data-directory.ts";
import { holdDirectory } from "./data/hold-directory.ts";
import { readPrivateKeyFile } from "./keys/private-key-file.ts";
import { holdBlocks } from "./replication/limits.ts";
import { NodeError } from "./node-error.ts";

/** Whose stores are opened. */
export interface StoresOptions {
  readonly dataDirectory: string;
  readonly config: NodeConfig;
  readonly logger: Logger;
}

/** What opening the chain may need of the parts before it. */
export interface ChainPlace {
  readonly paths: NodePaths;
  readonly genesis: Genesis;
  readonly nodeSeed: PrivateSeed;
}

/** Opens the chain, and says how it is closed. */
export type OpenChain<Opened extends { readonly chain: ChainView }> = (
  place: ChainPlace,
  parts: AsyncDisposableStack,
) => Promise<Opened>;

/** The parts below the doors. */
export interface NodeStores extends AsyncDisposable {
  readonly paths: NodePaths;
  readonly git: GitEngine;
  readonly rows: ReadModel;
  readonly nodeSeed: PrivateSeed;
  readonly nodeId: NodeId;
}

/** Opens the stores of a node. `openChain` decides who writes the chain: this process at once, or its chain thread. */
export async function openStores<Opened extends { readonly chain: ChainView }>(
  { dataDirectory, config, logger }: StoresOptions,
  openChain: OpenChain<Opened>,
  signal: AbortSignal,
): Promise<NodeStores & Opened> {
  openDataDirectory(dataDirectory, "node");
  const paths = nodePathsOf(dataDirectory);
  const genesis = requireGenesis(paths);
  const nodeSeed = readPrivateKeyFile(paths.nodeKey);
  for (const folder of [paths.ledger, paths.consensus, paths.git, paths.database]) makeDirectory(folder);

  await using parts = new AsyncDisposableStack();
  parts.use(holdDirectory(dataDirectory)); // (1)
  const { binary: gitPath, spawnerCount, packsBeforeRepack } = config.git;
  const gitOptions = {
    directory: paths.git,
    gitPath,
    spawnerCount,
    packsBeforeRepack,
    holdBlocks,
    onMaintenanceError: (err: unknown, repository: number) => logger.warn({ err, repository }, "a repack failed"),
  };
  const git = parts.use(await openGitEngine(gitOptions, signal)); // (2)
  const opened = await openChain({ paths, genesis, nodeSeed }, parts); // (3)
  const rows = await openReadModel({
    location: locationOf(config, paths),
    networkId: opened.chain.state.networkId,
    onQuarantine: (entry) => logger.error({ entry }, "an entry of the ledger gives no row; please report it"),
  }); // (4)
  parts.use(rows);
  const owned = parts.move();
  const nodeId = nodeIdOf(publicKeyOf(nodeSeed));
  return { ...opened, paths, git, rows, nodeSeed, nodeId, [Symbol.asyncDispose]: () => owned.disposeAsync() };
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
