/** Replication as a node runs it: over its chain thread's network, with its settings. */
import { join } from "node:path";
import type { ForgeState } from "@guts/ledger";
import type { NodeId, PrivateSeed } from "@guts/primitives";
import type { GitEngine, PushLimits } from "@guts/storage";
import type { NodeLink, OnTransferEnd } from "@guts/transfer";
import type { Logger } from "pino";
import type { NodeConfig } from "../config/config.ts";
import { NodeError } from "../node-error.ts";
import type { HeldRepositories } from "./held-repositories.ts";
import type { ReplicationLedger } from "./pack-holder.ts";
import { RepositoryHolders, type HolderTable } from "./repository-holders.ts";
import { repair, requestedRepair } from "./repair.ts";
import { openReplication, type Replication } from "./replication.ts";

/** What a node gives its replication. */
export interface StartReplicationOptions {
  readonly root: string;
  readonly config: Pick<NodeConfig, "packs" | "git">;
  readonly ledger: ReplicationLedger;
  readonly forge: ForgeState;
  readonly git: GitEngine;
  readonly link: NodeLink & HolderTable & { isSilent(nodeId: NodeId): boolean };
  readonly onTransfer: OnTransferEnd;
  readonly nodeSeed: PrivateSeed;
  readonly consensusSeed: PrivateSeed;
  readonly held: HeldRepositories;
  readonly logger: Logger;
}

/** Name of the directory of downloads in a data directory, and of the list of held repositories. */
const directoryName = "replication";
export const heldRepositoriesName = "held-repositories";

/** Starts it. Throws `port-busy`. */
export async function startReplication(options: StartReplicationOptions, signal: AbortSignal): Promise<Replication> {
  const { root, config, link, logger, ...parts } = options;
  const { host, port, announce } = config.packs;
  const holders = new RepositoryHolders(options.ledger.networkId, link);
  try {
    const replication = await openReplication(
      {
        ...parts,
        link,
        directory: join(root, directoryName),
        listen: { host, port },
        announce: [announce],
        limits: pushLimitsOf(config),
        isSilent: (nodeId) => link.isSilent(nodeId),
        logger,
        onComplete: (repository) => holders.announce(repository),
        findProviders: (repository, patience) => holders.find(repository, patience),
      },
      signal,
    );
    return announcing(replication, holders);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    const message = `Port ${port} of ${host} is in use. Choose another for packs with GUTS_PACKS_PORT.`;
    throw new NodeError("port-busy", message, { cause });
  }
}

/** Announces what was pushed to, once its objects are here. */
function announcing(replication: Replication, holders: RepositoryHolders): Replication {
  const onFollowed: Replication["onFollowed"] = (height, pushes) => {
    replication.onFollowed(height, pushes);
    for (const { repository } of pushes) if (replication.objects.isComplete(repository)) holders.announce(repository);
  };
  return { ...replication, onFollowed };
}

/** Carries out the repair that was asked for, beside everything else; disposing it stops it until the next start. */
export function startRepair(
  { root, forge, git, logger }: Pick<StartReplicationOptions, "root" | "forge" | "git" | "logger">,
  { objects }: Replication,
): AsyncDisposable {
  const depth = requestedRepair(root);
  const closing = new AbortController();
  const options = { dataDirectory: root, forge, git, completeness: objects, logger };
  const done =
    depth === undefined
      ? Promise.resolve()
      : repair({ ...options, depth }, closing.signal).then(
          () => {},
          (err: unknown) => {
            if (!closing.signal.aborted) logger.error({ err }, "the repair failed; the next start tries again");
          },
        );
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await done;
    },
  };
}

function pushLimitsOf({ git }: Pick<NodeConfig, "git">): PushLimits {
  return {
    packBytesMax: git.packBytesMax,
    objectsMax: git.objectCountMax,
    inflatedBytesMax: git.inflatedBytesMax,
    timeoutMs: git.pushSecondsMax * 1000,
  };
}
