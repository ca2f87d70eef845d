/**
 * Objects before refs: sees to it that what a finalized ref update needs is here before the ref is projected.
 *
 * What is missing is fetched: the packs of a single push by their SHA-256 from the nodes that signed its receipt; otherwise one
 * pack for all that the repository lacks by now, however many pushes that were. While that takes longer than following a block
 * should wait, the repository is held, the chain is followed on, and the repository is projected as a whole when it is whole.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ForgeState, PackRef } from "@guts/ledger";
import { isZeroObjectId, toHex, type NodeId, type ObjectId, type RefName, type RepositoryId } from "@guts/primitives";
import type { GitEngine, KeyedMutex, ReceiveRejection } from "@guts/storage";
import { TransferError, transferLimits } from "@guts/transfer";
import type { HeldRepositories } from "./held-repositories.ts";
import {
  completionRetryMs,
  completionRetryMsMax,
  completionsMax,
  completionWaitMs,
  fetchLimits,
  holdersPerRoundMax,
} from "./limits.ts";
import type { PackFetcher } from "./pack-fetcher.ts";
import { packLockOf } from "./receipt-issuer.ts";

/** What of git completing needs. */
export type CompletionGit = Pick<
  GitEngine,
  | "createRepository"
  | "findMissing"
  | "readProjectedRefs"
  | "receiveObjects"
  | "rebuildRefs"
  | "stageRepository"
  | "hasPack"
>;

/** What completing works with. */
export interface ObjectCompletenessOptions {
  readonly nodeId: NodeId;
  /** The ledger's own state, which knows nothing of held repositories. */
  readonly forge: ForgeState;
  readonly git: CompletionGit;
  readonly held: HeldRepositories;
  readonly fetcher: Pick<PackFetcher, "fetchPack" | "fetchObjects">;
  readonly packLocks: KeyedMutex<string>;
  /** Other nodes that may hold a repository, likely ones first; not this node. */
  readonly findHolders: (repository: RepositoryId, signal: AbortSignal) => Promise<readonly NodeId[]>;
  readonly logger: CompletionLogger;
  /** A repository is whole again, and its refs are projected. */
  readonly onComplete: (repository: RepositoryId) => void;
}

/** Where an operator reads what goes on. */
export interface CompletionLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What a finalized push needs, and who may have it. */
export interface FinalizedPush {
  readonly repository: RepositoryId;
  readonly updates: readonly { readonly name: RefName; readonly newId: ObjectId }[];
  readonly packs: readonly PackRef[];
  /** Those who signed its receipt. */
  readonly holders: readonly NodeId[];
  /** The chain has gone on already: nobody waits for this one. */
  readonly isCatchingUp: boolean;
}

/** Completes repositories. Disposing it ends what is under way; the next start goes on. */
export class ObjectCompleteness implements AsyncDisposable {
  readonly #options: ObjectCompletenessOptions;
  readonly #closing = new AbortController();
  readonly #running = new Map<RepositoryId, Promise<void>>();
  readonly #waiting: RepositoryId[] = [];

  constructor(options: ObjectCompletenessOptions) {
    this.#options = options;
  }

  /** Holds again what was held when the node stopped. Before anything is served. */
  async recover(signal: AbortSignal): Promise<void> {
    for (const [id, reason] of this.#options.held.stored()) {
      if (reason === "damaged") this.#options.held.hold(id, { reason, refs: undefined });
      else await this.#hold(id, signal);
      this.#enqueue(id);
    }
  }

  isComplete(repository: RepositoryId): boolean {
    return this.#options.held.get(repository) === undefined;
  }

  whenComplete(repository: RepositoryId, signal: AbortSignal): Promise<void> {
    return this.#options.held.whenReleased(repository, signal);
  }

  /**
   * Whether the caller is to project the refs of a finalized push: everything that they reach is here. Otherwise the repository
   * is held and will be projected as a whole.
   */
  async prepare(push: FinalizedPush, signal: AbortSignal): Promise<boolean> {
    const { repository, updates, isCatchingUp } = push;
    const { git } = this.#options;
    if (!this.isComplete(repository)) return false;
    const wanted = updates.map(({ newId }) => newId).filter((id) => !isZeroObjectId(id));
    if (wanted.length === 0 || (await git.findMissing(repository, wanted, signal)).length === 0) return true;
    await this.#hold(repository, signal);
    this.#enqueue(repository, push);
    if (isCatchingUp) return false;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(completionWaitMs)]);
    await this.whenComplete(repository, patience).catch(() => {});
    return false;
  }

  /** Makes sure that a whole repository is; for one that was just made, or that the caller is about to project as a whole. */
  async prepareAll(repository: RepositoryId, signal: AbortSignal): Promise<boolean> {
    if (!this.isComplete(repository)) return false;
    const tips = [...new Set(Array.from(this.#options.forge.refs(repository), ([, id]) => id))];
    if (tips.length === 0 || (await this.#options.git.findMissing(repository, tips, signal)).length === 0) return true;
    await this.#hold(repository, signal);
    this.#enqueue(repository);
    return false;
  }

  /** Takes a repository out of service whose objects are damaged, and makes it anew from other nodes. */
  restore(repository: RepositoryId): void {
    this.#options.held.hold(repository, { reason: "damaged", refs: undefined });
    this.#enqueue(repository);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #hold(id: RepositoryId, signal: AbortSignal): Promise<void> {
    const { git, held } = this.#options;
    const projected = await git.readProjectedRefs(id, signal);
    const missing = new Set(await git.findMissing(id, [...new Set(projected.values())], signal));
    const refs = new Map([...projected].filter(([, target]) => !missing.has(target)));
    held.hold(id, { reason: "incomplete", refs: refs.size === 0 ? undefined : refs });
  }

  #enqueue(repository: RepositoryId, push?: FinalizedPush): void {
    if (this.#closing.signal.aborted || this.#running.has(repository) || this.#waiting.includes(repository)) return;
    if (this.#running.size >= completionsMax) {
      this.#waiting.push(repository);
      return;
    }
    const work = this.#complete(repository, push).catch(async (err: unknown) => {
      const { signal } = this.#closing;
      if (signal.aborted) return;
      this.#options.logger.warn({ err, repository }, "completing a repository failed");
      await delay(completionRetryMsMax, undefined, { signal }).catch(() => {});
    });
    this.#running.set(
      repository,
      work.then(() => {
        this.#running.delete(repository);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#enqueue(next);
        if (!this.isComplete(repository)) this.#enqueue(repository);
      }),
    );
  }

  /** Rounds over the holders until nothing is missing. */
  async #complete(repository: RepositoryId, push: FinalizedPush | undefined): Promise<void> {
    const { logger, held, forge } = this.#options;
    const { signal } = this.#closing;
    if (push !== undefined) await this.#fetchNamedPacks(push, signal);
    for (let pauseMs = completionRetryMs; ; pauseMs = Math.min(2 * pauseMs, completionRetryMsMax)) {
      if (forge.repository(repository) === undefined) return held.release(repository);
      const outcome =
        held.get(repository)?.reason === "damaged"
          ? await this.#restoreOnce(repository, signal)
          : await this.#completeOnce(repository, signal);
      if (outcome === "complete") return undefined;
      if (outcome === "progress") {
        pauseMs = completionRetryMs;
        continue;
      }
      logger.warn(
        { repository, retryMs: pauseMs },
        "no node could give the objects that a repository lacks; trying again",
      );
      await delay(pauseMs, undefined, { signal });
    }
  }

  /** The packs of one push, from those who signed for them. What fails here is done by the rounds. */
  async #fetchNamedPacks({ repository, packs, holders, updates }: FinalizedPush, signal: AbortSignal): Promise<void> {
    const { git, fetcher, packLocks, nodeId } = this.#options;
    const wants = updates.map(({ newId }) => newId).filter((id) => !isZeroObjectId(id));
    const [pack] = packs;
    if (pack === undefined || packs.length > 1) return;
    await packLocks.run(packLockOf(repository, packs), signal, async () => {
      // Whoever had the lock may have brought it: a receipt that was being issued.
      if (await git.hasPack(repository, toHex(pack.sha256))) return;
      for (const holder of holders.filter((node) => node !== nodeId).slice(0, holdersPerRoundMax)) {
        try {
          await using downloaded = await fetcher.fetchPack({ repository, pack, holder }, signal);
          if ((await this.#receive(repository, wants, downloaded.read())) === undefined) return;
        } catch (error) {
          this.#passOver(error, holder, repository);
        }
      }
    });
  }

  /** One pack of all that is missing by now; then the refs of the moment. */
  async #completeOnce(repository: RepositoryId, signal: AbortSignal): Promise<"complete" | "progress" | "stuck"> {
    const { forge, git } = this.#options;
    const row = forge.repository(repository);
    if (row === undefined) return "progress";
    await git.createRepository(repository, row.objectFormat, signal);
    const refs = new Map(forge.refs(repository));
    const missing = await git.findMissing(repository, [...new Set(refs.values())], signal);
    if (missing.length === 0) return this.#project(repository, refs, signal);
    const wants = missing.slice(0, transferLimits.requestedObjectsMax);
    const haves = [...new Set(this.#options.held.get(repository)?.refs?.values() ?? [])];
    return this.#fromAnyHolder(repository, signal, async (holder) => {
      const wish = { repository, holder, wants, haves: haves.slice(0, transferLimits.requestedObjectsMax) };
      await using downloaded = await this.#options.fetcher.fetchObjects(wish, signal);
      return await this.#receive(repository, wants, downloaded.read()); // Awaited: the file goes when this ends.
    });
  }

  /** A repository anew, beside the damaged one, which it then replaces. */
  async #restoreOnce(repository: RepositoryId, signal: AbortSignal): Promise<"complete" | "progress" | "stuck"> {
    const { forge, git, fetcher, logger } = this.#options;
    const row = forge.repository(repository);
    if (row === undefined) return "progress";
    const tips = [...new Set(Array.from(forge.refs(repository), ([, id]) => id))];
    await using staged = await git.stageRepository(repository, row.objectFormat);
    for (let at = 0; at < tips.length; at += transferLimits.requestedObjectsMax) {
      const wants = tips.slice(at, at + transferLimits.requestedObjectsMax);
      const haves = tips.slice(Math.max(0, at - transferLimits.requestedObjectsMax), at);
      const outcome = await this.#fromAnyHolder(repository, signal, async (holder) => {
        await using downloaded = await fetcher.fetchObjects({ repository, holder, wants, haves }, signal);
        return await staged.add({
          wants,
          pack: downloaded.read(),
          tips: tips.slice(0, at),
          limits: fetchLimits,
          signal,
        });
      });
      if (outcome === "stuck") return "stuck";
    }
    await staged.commit(signal);
    // Whole as of a moment ago; what came since is missing like anything else.
    this.#options.held.hold(repository, { reason: "incomplete", refs: undefined });
    logger.info({ repository }, "a damaged repository was made anew from other nodes");
    return "progress";
  }

  async #fromAnyHolder(
    repository: RepositoryId,
    signal: AbortSignal,
    fetch: (holder: NodeId) => Promise<ReceiveRejection | undefined>,
  ): Promise<"progress" | "stuck"> {
    const holders = await this.#options.findHolders(repository, signal);
    for (const holder of holders.slice(0, holdersPerRoundMax)) {
      try {
        const rejection = await fetch(holder);
        if (rejection === undefined) return "progress";
        this.#options.logger.warn({ holder, repository, rejection }, "the objects that a node gave are refused");
      } catch (error) {
        this.#passOver(error, holder, repository);
      }
    }
    return "stuck";
  }

  /** Another holder may do better. */
  #passOver(err: unknown, holder: NodeId, repository: RepositoryId): void {
    this.#closing.signal.throwIfAborted();
    if (!(err instanceof TransferError)) throw err;
    this.#options.logger.warn({ code: err.code, holder, repository }, "objects could not be fetched from a node");
  }

  async #receive(
    repository: RepositoryId,
    wants: readonly ObjectId[],
    pack: AsyncIterable<Uint8Array>,
  ): Promise<ReceiveRejection | undefined> {
    const { git, held } = this.#options;
    const { signal } = this.#closing;
    const tips = new Set(held.get(repository)?.refs?.values() ?? []);
    const outcome = await git.receiveObjects(repository, { wants, pack, tips, limits: fetchLimits, signal });
    if (outcome.outcome === "rejected") return outcome;
    await using quarantine = outcome.quarantine;
    await quarantine.promote(signal);
    return undefined;
  }

  /** Refs as they were read before the last look for what is missing; if they moved meanwhile, another round follows. */
  async #project(
    repository: RepositoryId,
    refs: ReadonlyMap<RefName, ObjectId>,
    signal: AbortSignal,
  ): Promise<"complete" | "progress"> {
    const { forge, git, held, onComplete, logger } = this.#options;
    const row = forge.repository(repository);
    if (row === undefined) return "progress";
    await git.rebuildRefs(repository, refs, row.defaultBranch, signal);
    if (forge.repository(repository)?.updatedTime !== row.updatedTime || !isSame(refs, forge.refs(repository)))
      return "progress";
    held.release(repository);
    onComplete(repository);
    logger.info({ repository }, "a repository has all its objects again");
    return "complete";
  }
}

function isSame(refs: ReadonlyMap<RefName, ObjectId>, now: Iterable<readonly [RefName, ObjectId]>): boolean {
  let count = 0;
  for (const [name, id] of now) {
    if (refs.get(name) !== id) return false;
    count += 1;
  }
  return count === refs.size;
}
