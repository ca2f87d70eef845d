/** Who holds a repository, by the distributed hash table: a hint for nodes that find no validator with the objects they lack. */
import { createHash } from "node:crypto";
import type { Digest, NodeId, RepositoryId } from "@guts/primitives";
import { LRUCache } from "lru-cache";

/** The table, as the chain thread's network offers it. */
export interface HolderTable {
  provide(key: Uint8Array, signal: AbortSignal): Promise<void>;
  findProviders(key: Uint8Array, signal: AbortSignal): Promise<readonly NodeId[]>;
}

/** How long an announcement is good for; records of the table live for two days. */
export const announcementLifeMs = 12 * 60 * 60_000;
/** Repositories whose announcement is remembered. */
const rememberedMax = 10_000;
/** Announcements that wait; a node that falls behind announces the rest with their next push. */
const waitingMax = 256;
/** How long the table may take for one of them. */
const announcementTimeoutMs = 10_000;

/** Announces the repositories that this node holds, one after the other, and finds others that do. */
export class RepositoryHolders {
  readonly #networkId: Digest;
  readonly #table: HolderTable;
  readonly #announced = new LRUCache<RepositoryId, true>({ max: rememberedMax, ttl: announcementLifeMs });
  readonly #waiting: RepositoryId[] = [];
  #running: Promise<void> | undefined;

  constructor(networkId: Digest, table: HolderTable) {
    this.#networkId = networkId;
    this.#table = table;
  }

  /** This node holds every object that the repository's refs reach. */
  announce(repository: RepositoryId): void {
    if (this.#announced.has(repository) || this.#waiting.length >= waitingMax) return;
    this.#announced.set(repository, true);
    this.#waiting.push(repository);
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Nodes that announced the repository. */
  find(repository: RepositoryId, signal: AbortSignal): Promise<readonly NodeId[]> {
    return this.#table.findProviders(this.#keyOf(repository), signal);
  }

  /** Resolves when nothing waits to be announced. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#table.provide(this.#keyOf(next), AbortSignal.timeout(announcementTimeoutMs));
      } catch {
        this.#announced.delete(next); // Nobody was there to tell; the next push tries again.
      }
    }
  }

  #keyOf(repository: RepositoryId): Uint8Array {
    return createHash("sha256")
      .update("guts/repository/1\0")
      .update(this.#networkId)
      .update(String(repository))
      .digest();
  }
}
