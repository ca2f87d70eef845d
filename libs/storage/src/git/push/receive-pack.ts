import { utimes } from "node:fs/promises";
import { isZeroObjectId, type ObjectId, type RepositoryId } from "@guts/primitives";
import { GitEngineError } from "../errors.ts";
import { findMissing, findUnreachable } from "../find-unreachable.ts";
import type { KeyedMutex } from "../keyed-mutex.ts";
import type { ReachabilityRecord } from "../reachability.ts";
import type { RefUpdate } from "@guts/git";
import { isSystemError } from "../durable.ts";
import { type MergeClaim, refuseWrongMerge } from "../merge/recompute-merge.ts";
import type { KnownPacks } from "../replication/pack-file.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { proveFacts } from "./command-facts.ts";
import { type Walk, walkNewObjects, type WalkOptions } from "./connectivity.ts";
import { type IndexedPack, indexPack } from "./index-pack.ts";
import { PackIndex } from "./pack-index.ts";
import { PackStream } from "./pack-stream.ts";
import { PushQuarantine } from "./push-quarantine.ts";
import { QuarantineDirectory } from "./quarantine-directory.ts";
import { type PushLimits, type ReceiveOutcome, type ReceiveRejection, rejection } from "./receive-outcome.ts";

/** One push, as its request was parsed. */
export interface ReceivePackOptions {
  readonly commands: readonly RefUpdate[];
  /** The bytes after the commands; undefined when the client sends none (deletions). On a refusal it is not drained. */
  readonly pack: AsyncIterable<Uint8Array> | undefined;
  /**
   * SHA-256 of packs that came in earlier and whose objects count as brought by this push too, in hexadecimal. One whose file is
   * not there any more brings nothing.
   */
  readonly heldPacks?: readonly string[];
  /** What one of the commands is said to be, to be computed anew here; absent on the node that computed it. */
  readonly merge?: MergeClaim;
  /** The values of all refs of the repository: the objects that are known to be complete. */
  readonly tips: Iterable<ObjectId>;
  readonly limits: PushLimits;
  /** Called with git's progress lines while deltas are resolved. */
  readonly onProgress?: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What receiving needs of the engine. */
export interface ReceivePackContext {
  readonly runner: GitRunner;
  readonly record: ReachabilityRecord;
  readonly locks: KeyedMutex<RepositoryId>;
  readonly repository: RepositoryId;
  readonly repositoryPath: string;
  /** Where packs are noted by their SHA-256; absent for a repository that nobody sees yet. */
  readonly knownPacks?: KnownPacks;
}

/**
 * Takes a push into a quarantine and proves what must hold before its refs may move.
 *
 * 1. Index the pack in a quarantine of its own: nobody sees its objects, and a crash leaves only a directory to sweep.
 * 2. Walk from the new values to what is known: every object is there.
 * 3. Every object that is new to the refs is in the push's own pack. An object that merely lies in the store, left by a
 *    push that was rejected or a branch that was deleted, must not come back to light by naming it.
 * 4. A ref that is said to have been merged points to what a merge here makes too.
 * 5. Prove the facts that policy asks for.
 */
export async function receivePack(context: ReceivePackContext, options: ReceivePackOptions): Promise<ReceiveOutcome> {
  await using cleanup = new AsyncDisposableStack();
  const additions = options.commands.filter(({ newId }) => !isZeroObjectId(newId));
  const stream = openStream(options);
  let directory: QuarantineDirectory | undefined;
  let pack: IndexedPack | undefined;
  if (stream !== undefined) {
    cleanup.defer(() => stream.close());
    directory = await QuarantineDirectory.create(context.repositoryPath);
    const quarantine = directory;
    cleanup.defer(() => quarantine.remove());
    const indexed = await indexPack(context.runner, stream, {
      quarantine,
      idLength: idLengthOf(options.commands),
      limits: options.limits,
      onProgress: options.onProgress,
      signal: options.signal,
    });
    if (indexed.outcome === "rejected") return indexed;
    if (indexed.outcome === "indexed") pack = indexed.pack;
  }
  const held = await readHeldIndexes(context, options);
  const indexes = pack === undefined ? held : [pack.index, ...held];
  const walk =
    additions.length === 0 ? undefined : await proveConnected(context, options, { quarantine: directory, indexes });
  if (walk?.outcome === "rejected") return walk;
  const proving = { ...context, quarantine: directory, signal: options.signal };
  const { merge, commands } = options;
  const wrongMerge = merge === undefined ? undefined : await refuseWrongMerge(proving, merge, commands);
  if (wrongMerge !== undefined) return wrongMerge;
  const facts = await proveFacts(proving, commands, walk);
  const quarantine = new PushQuarantine({
    ...context,
    directory,
    pack: pack === undefined ? undefined : { name: pack.name, ...pack.stored },
    updates: options.commands.flatMap((command, index) =>
      isZeroObjectId(command.newId) ? [] : [{ ...command, isFastForward: facts[index]!.isFastForward }],
    ),
  });
  cleanup.move();
  stream?.close();
  return { outcome: "received", quarantine, facts, packs: pack === undefined ? [] : [pack.stored] };
}

function openStream({ pack, limits, commands, signal }: ReceivePackOptions): PackStream | undefined {
  if (pack === undefined) return undefined;
  return new PackStream(pack, { bytesMax: limits.packBytesMax, trailerLength: idLengthOf(commands), signal });
}

/** The objects of packs that came in earlier. */
async function readHeldIndexes(
  { knownPacks, repository, repositoryPath }: ReceivePackContext,
  { heldPacks = [], commands }: ReceivePackOptions,
): Promise<readonly PackIndex[]> {
  const indexes: PackIndex[] = [];
  for (const sha256 of heldPacks) {
    const path = knownPacks?.path(repository, repositoryPath, sha256);
    try {
      if (path === undefined) continue;
      const now = new Date();
      await utimes(`${path}.pack`, now, now); // As git does for what is written again: its age counts from now.
      indexes.push(await PackIndex.read(`${path}.idx`, idLengthOf(commands)));
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error; // A repack has joined it with others.
    }
  }
  return indexes;
}

function idLengthOf(commands: readonly RefUpdate[]): 20 | 32 {
  if (commands.length === 0) throw new TypeError("a push has at least one command");
  return commands[0]!.newId.length === 40 ? 20 : 32;
}

/**
 * Proves it from the tips. One that is not here itself, because its objects are still on their way from another node, knows
 * nothing: then it is proved from the others.
 */
async function proveConnected(
  context: ReceivePackContext,
  options: ReceivePackOptions,
  brought: Pick<WalkOptions, "quarantine" | "indexes">,
): Promise<Walk | ReceiveRejection> {
  const tips = new Set(options.tips);
  const outcome = await proveFrom(context, { ...options, tips }, brought);
  if (outcome.outcome !== "rejected" || outcome.code !== "missing-objects") return outcome;
  const { runner, repositoryPath } = context;
  const missing = new Set(await findMissing(runner, { repositoryPath, wants: [...tips], signal: options.signal }));
  // What a command replaces must be here, or nothing can be said of it.
  if (missing.size === 0 || options.commands.some(({ oldId }) => missing.has(oldId))) return outcome;
  return proveFrom(context, { ...options, tips: tips.difference(missing) }, brought);
}

/**
 * Walks with the old values as the known side, which is enough for most pushes, and again with all refs when that leaves
 * objects that the push did not bring.
 */
async function proveFrom(
  context: ReceivePackContext,
  options: ReceivePackOptions & { readonly tips: ReadonlySet<ObjectId> },
  { quarantine, indexes }: Pick<WalkOptions, "quarantine" | "indexes">,
): Promise<Walk | ReceiveRejection> {
  const { tips } = options;
  const additions = options.commands.filter(({ newId }) => !isZeroObjectId(newId));
  const creates = additions.some(({ oldId }) => !tips.has(oldId));
  const walkFrom = (negatives: Iterable<ObjectId>): Promise<Walk | ReceiveRejection> =>
    walkNewObjects(context.runner, {
      repositoryPath: context.repositoryPath,
      quarantine,
      positives: [...new Set(additions.map(({ newId }) => newId))],
      negatives,
      indexes,
      timeoutMs: options.limits.timeoutMs,
      signal: options.signal,
    });
  const isQuick = !creates;
  const walk = await walkFrom(isQuick ? new Set(additions.map(({ oldId }) => oldId)) : tips);
  if (walk.outcome === "rejected" || (await bringsAllItNeeds(context, options, walk, tips))) return walk;
  const full = isQuick ? await walkFrom(tips) : walk;
  if (full.outcome === "rejected") return full;
  if (full !== walk && (await bringsAllItNeeds(context, options, full, tips))) return walk;
  return rejection(
    "missing-objects",
    "the push lacks objects that no branch or tag has any more; fetch and push again",
  );
}

/** Whether each listed object is in the pack or reachable from a ref. */
async function bringsAllItNeeds(
  { runner, record, repository, repositoryPath }: ReceivePackContext,
  { signal }: ReceivePackOptions,
  { foreign }: Walk,
  tips: ReadonlySet<ObjectId>,
): Promise<boolean> {
  if (foreign?.length === 0) return true;
  if (!(await record.mayHoldUnreachable(repository, repositoryPath))) return true;
  if (foreign === undefined) return false;
  try {
    return (await findUnreachable(runner, { repositoryPath, wants: foreign, tips, signal })).length === 0;
  } catch (error) {
    // It took too long, or a tip is not here.
    if (error instanceof GitEngineError && (error.code === "timeout" || error.code === "git-failed")) return false;
    throw error;
  }
}
