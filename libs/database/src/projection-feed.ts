/**
 * What a node's conductor hands its blocks to: it never waits for the database, and no failure of the database
 * reaches it.
 *
 * Blocks wait in a bounded queue; those that wait together become one database transaction. What fails is tried again after a pause, for as long as it takes. When the
 * queue overflows, or a block does not follow the rows, a snapshot brings the rows up to date: with the keys that changed
 * since, as long as the node knows them, or else by projecting everything anew.
 */
import { setTimeout as pause } from "node:timers/promises";
import { equalBytes } from "@guts/primitives";
import type { DatabaseError } from "./database-error.ts";
import {
  blocksPerTransactionMax,
  changesPerTransactionMax,
  feedDrainTimeoutMs,
  queuedBlocksMax,
  retryDelayMsMax,
  retryDelayMsMin,
} from "./limits.ts";
import type { AppliedBlock, LedgerSnapshot, ReadModel } from "./read-model.ts";
import { classified } from "./connection/failures.ts";

/** What the feed needs of a node. */
export interface ProjectionFeedOptions {
  readonly readModel: Pick<ReadModel, "cursor" | "project" | "rebuild" | "catchUp">;
  /** The ledger as it is now, unchanging until it is disposed. Blocks offered meanwhile come after it. */
  readonly openSnapshot: () => LedgerSnapshot & Disposable;
  /** Told of every failed try; the feed goes on. */
  readonly onFailure: (error: DatabaseError) => void;
  /** Told when a snapshot was projected, and whether that took a rebuild. */
  readonly onSnapshot?: (how: "caught-up" | "rebuilt") => void;
}

/** Brings blocks to the read model in their order. */
export class ProjectionFeed implements AsyncDisposable {
  readonly #options: ProjectionFeedOptions;
  readonly #queue: AppliedBlock[] = [];
  readonly #stop = new AbortController();
  #needsSnapshot: boolean;
  #isRebuildRequested = false;
  #isClosing = false;
  #work: Promise<void> | undefined;

  /** Begins by comparing the rows with the ledger, and brings them up to date when they differ. */
  constructor(options: ProjectionFeedOptions) {
    this.#options = options;
    this.#needsSnapshot = isBehind(options);
    this.#wake();
  }

  /** Takes the block that follows the one offered before. Returns at once. */
  offer(block: AppliedBlock): void {
    if (this.#isClosing) return;
    this.#queue.push(block);
    if (this.#queue.length > queuedBlocksMax) this.#awaitSnapshot();
    this.#wake();
  }

  /** Everything is projected anew before the next block, as an operator may ask for. */
  requestRebuild(): void {
    this.#isRebuildRequested = true;
    this.#needsSnapshot = true;
    this.#wake();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#work !== undefined) await this.#work;
  }

  /**
   * Takes no more blocks, projects those that wait if that succeeds at once, and stops. What was left out is found
   * missing at the next start.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const timer = setTimeout(() => this.#stop.abort(), feedDrainTimeoutMs);
    await this.idle();
    clearTimeout(timer);
    this.#stop.abort();
  }

  #wake(): void {
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
      if (this.#hasWork() && !this.#stop.signal.aborted) this.#wake();
    });
  }

  #hasWork(): boolean {
    return this.#needsSnapshot || this.#queue.length > 0;
  }

  async #run(): Promise<void> {
    let delayMs = retryDelayMsMin;
    while (this.#hasWork() && !this.#stop.signal.aborted) {
      try {
        await (this.#needsSnapshot ? this.#projectSnapshot() : this.#projectNext());
        delayMs = retryDelayMsMin;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (this.#isClosing) this.#stop.abort();
        this.#options.onFailure(classified(error));
        await pause(delayMs, undefined, { signal: this.#stop.signal }).catch(() => {});
        delayMs = Math.min(2 * delayMs, retryDelayMsMax);
      }
    }
  }

  async #projectNext(): Promise<void> {
    const blocks = this.#waiting();
    const outcome = await this.#options.readModel.project(blocks, this.#stop.signal);
    if (outcome === "gap") this.#awaitSnapshot();
    // An overflow may have emptied the queue meanwhile.
    else if (this.#queue[0] === blocks[0]) this.#queue.splice(0, blocks.length);
  }

  /** The blocks that wait, as many as one database transaction should hold. */
  #waiting(): readonly AppliedBlock[] {
    let changes = 0;
    const full = this.#queue.findIndex((block, index) => {
      changes += block.changes.length + block.events.length;
      return index > 0 && (index >= blocksPerTransactionMax || changes > changesPerTransactionMax);
    });
    return full < 0 ? [...this.#queue] : this.#queue.slice(0, full);
  }

  /** Blocks are offered once the ledger has them, so the snapshot opened next includes all that waited. */
  #awaitSnapshot(): void {
    this.#queue.length = 0;
    this.#needsSnapshot = true;
  }

  async #projectSnapshot(): Promise<void> {
    const { openSnapshot, onSnapshot } = this.#options;
    using snapshot = openSnapshot();
    this.#needsSnapshot = false;
    const isRebuild = this.#isRebuildRequested;
    this.#isRebuildRequested = false;
    try {
      const how = await this.#reach(snapshot, isRebuild);
      onSnapshot?.(how);
    } catch (error) {
      this.#needsSnapshot = true;
      this.#isRebuildRequested ||= isRebuild;
      throw error;
    }
    // What the snapshot includes is there; what came after it still waits.
    while (this.#queue[0] !== undefined && this.#queue[0].height <= snapshot.height) this.#queue.shift();
  }

  async #reach(snapshot: LedgerSnapshot, isRebuild: boolean): Promise<"caught-up" | "rebuilt"> {
    const { readModel } = this.#options;
    if (!isRebuild) return readModel.catchUp(snapshot, this.#stop.signal);
    await readModel.rebuild(snapshot, this.#stop.signal);
    return "rebuilt";
  }
}

function isBehind({ readModel, openSnapshot }: ProjectionFeedOptions): boolean {
  const cursor = readModel.cursor();
  if (cursor === undefined) return true;
  using snapshot = openSnapshot();
  return cursor.height !== snapshot.height || !equalBytes(cursor.headerHash, snapshot.headerHash);
}
