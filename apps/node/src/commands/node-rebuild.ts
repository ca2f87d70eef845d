import { toHex } from "@guts/primitives";

import { readConfig } from "../config/config.ts";
import { nodePathsOf, openDataDirectory } from "../data/data-directory.ts";
import { openGate, reprojectSince } from "../ledger/project-git.ts";
import { createLogger } from "../logging/logger.ts";
import { Chain } from "../chain/chain.ts";
import { openStores, type OpenChain } from "../stores.ts";
import { openLedgerSnapshot } from "../read-model/ledger-rows.ts";
import { ForgeState } from "@guts/ledger";
import type { Height } from "@guts/primitives";

/** How `guts node rebuild` was called. */
export interface NodeRebuildOptions {
  readonly dataDirectory: string;
  readonly print: (line: string) => void;
}

/**
 * `guts node rebuild`: makes everything that is derived from the ledger anew: the rows of the read model and the refs on disk.
 *
 * Ends with the height and the state root, which are the same before and after.
 */
export async function rebuildNode({ dataDirectory, print }: NodeRebuildOptions): Promise<void> {
  openDataDirectory(dataDirectory, "node");
  const config = readConfig(dataDirectory);
  const { log } = nodePathsOf(dataDirectory);
  const logger = createLogger({ nodeName: config.name, level: config.logLevel, file: log, alsoToStderr: false });
  const { signal } = new AbortController();
  await using stores = await openStores({ dataDirectory, config, logger }, openHere, signal);
  const { chain, git, rows } = stores;
  using snapshot = openLedgerSnapshot(chain);
  await rows.rebuild(snapshot, signal);
  print("lists    made anew");
  await git.sweep();
  const parts = { git, forge: new ForgeState(chain.state), objects: openGate };
  await reprojectSince(parts, chain.state.eventsAbove(0 as Height));
  print("refs     made anew");
  print(`height   ${chain.state.tip.height}`);
  print(`root     ${toHex(chain.state.root())}`);
}

/** Nobody else writes while a node is rebuilt. */
const openHere: OpenChain<{ readonly chain: Chain }> = async ({ paths, genesis }, parts) => {
  const chain = Chain.openForWriting(paths.ledger, genesis);
  parts.defer(() => chain.close());
  return { chain };
};
