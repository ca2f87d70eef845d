import type { ObjectId } from "@guts/primitives";
import { walkNewObjects } from "../push/connectivity.ts";
import { indexPack } from "../push/index-pack.ts";
import { PackStream } from "../push/pack-stream.ts";
import { PushQuarantine } from "../push/push-quarantine.ts";
import { QuarantineDirectory } from "../push/quarantine-directory.ts";
import type { PushLimits, Quarantine, ReceiveRejection } from "../push/receive-outcome.ts";
import type { ReceivePackContext } from "../push/receive-pack.ts";

/** Objects that another node sent, for refs that are final already. */
export interface ReceiveObjectsOptions {
  /** What must be whole afterwards. At least one. */
  readonly wants: readonly ObjectId[];
  readonly pack: AsyncIterable<Uint8Array>;
  /** Objects that are here with all that they reach. */
  readonly tips: Iterable<ObjectId>;
  readonly limits: PushLimits;
  readonly signal: AbortSignal;
}

/** The verdict on such objects. */
export type ReceiveObjectsOutcome =
  | { readonly outcome: "received"; readonly quarantine: Quarantine }
  | ReceiveRejection;

/**
 * Takes a pack into a quarantine and proves that everything the wants reach is there.
 *
 * Unlike a push it may complete what lies here already: the ledger has decided what the refs are, and what they reach.
 */
export async function receiveObjects(
  context: ReceivePackContext,
  { wants, pack, tips, limits, signal }: ReceiveObjectsOptions,
): Promise<ReceiveObjectsOutcome> {
  await using cleanup = new AsyncDisposableStack();
  const idLength = wants[0]!.length === 40 ? 20 : 32;
  const stream = new PackStream(pack, { bytesMax: limits.packBytesMax, trailerLength: idLength, signal });
  cleanup.defer(() => stream.close());
  const quarantine = await QuarantineDirectory.create(context.repositoryPath);
  cleanup.defer(() => quarantine.remove());
  const indexed = await indexPack(context.runner, stream, {
    quarantine,
    idLength,
    limits,
    onProgress: undefined,
    signal,
  });
  if (indexed.outcome === "rejected") return indexed;
  const walk = await walkNewObjects(context.runner, {
    repositoryPath: context.repositoryPath,
    quarantine,
    positives: wants,
    negatives: tips,
    indexes: [],
    timeoutMs: limits.timeoutMs,
    signal,
  });
  if (walk.outcome === "rejected") return walk;
  const stored = indexed.outcome === "indexed" ? { name: indexed.pack.name, ...indexed.pack.stored } : undefined;
  cleanup.move();
  stream.close();
  return {
    outcome: "received",
    quarantine: new PushQuarantine({ ...context, directory: quarantine, pack: stored, updates: [] }),
  };
}
