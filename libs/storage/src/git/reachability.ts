import { access, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { isZeroObjectId, type ObjectId, type RefName, type RepositoryId } from "@guts/primitives";
import { isSystemError, syncDirectory, writeSyncedFile } from "./durable.ts";
import type { RefUpdate } from "@guts/git";

/** The file in a repository that says: some of its objects may be reachable from no ref. */
const MARKER = "guts-may-hold-unreachable";

/** An update that takes nothing away: its old value is an ancestor of the new one, or there was none. */
export interface SafeUpdate extends RefUpdate {
  readonly isFastForward: boolean;
}

/** A push whose objects are in the repository and whose refs are not yet. */
export interface PendingPromotion {
  readonly unprojected: Map<RefName, SafeUpdate>;
  /** Removes what marks it on disk. */
  readonly forget: () => Promise<void>;
}

/**
 * Knows of each repository whether it can hold an object that no ref reaches.
 *
 * As long as it cannot, "the object is here" proves "a ref reaches it", and reads by id cost nothing. The marker is on
 * disk before the first event that could break this: a forced update, a deletion, or a promotion that came to nothing.
 * A push between promotion and projection counts as such an event that is still open; a crash in between leaves its
 * `promoted-*` directory, which the next start turns into the marker. Only maintenance removes the marker.
 */
export class ReachabilityRecord {
  readonly #isMarked = new Map<RepositoryId, boolean>();
  readonly #pending = new Map<RepositoryId, Set<PendingPromotion>>();
  readonly #eventCount = new Map<RepositoryId, number>();

  /** Whether an object of this repository may be unreachable. */
  async mayHoldUnreachable(id: RepositoryId, path: string): Promise<boolean> {
    return this.hasPending(id) || (await this.isMarked(id, path));
  }

  /** Whether a push is between promotion and projection. */
  hasPending(id: RepositoryId): boolean {
    return (this.#pending.get(id)?.size ?? 0) > 0;
  }

  async isMarked(id: RepositoryId, path: string): Promise<boolean> {
    const known = this.#isMarked.get(id);
    if (known !== undefined) return known;
    const isMarked = await exists(join(path, MARKER));
    // Another call may have marked it meanwhile; the marker wins.
    if (!this.#isMarked.has(id)) this.#isMarked.set(id, isMarked);
    return this.#isMarked.get(id)!;
  }

  /** Writes the marker, durably, and notes the time of the event. */
  async mark(id: RepositoryId, path: string): Promise<void> {
    this.#eventCount.set(id, this.eventCount(id) + 1);
    if (this.#isMarked.get(id) === true) {
      const now = new Date();
      await utimes(join(path, MARKER), now, now);
      return;
    }
    await markRepository(path);
    this.#isMarked.set(id, true);
  }

  /** Events since the start; a maintenance run compares it to see whether one came in between. */
  eventCount(id: RepositoryId): number {
    return this.#eventCount.get(id) ?? 0;
  }

  /** Removes the marker; the caller has proven that nothing unreachable is left. */
  async unmark(id: RepositoryId, path: string): Promise<void> {
    await rm(join(path, MARKER), { force: true });
    this.#isMarked.set(id, false);
  }

  /** The file whose modification time is that of the last event. */
  markerPath(path: string): string {
    return join(path, MARKER);
  }

  /** A push was promoted. */
  addPending(id: RepositoryId, pending: PendingPromotion): void {
    const all = this.#pending.get(id) ?? new Set();
    this.#pending.set(id, all.add(pending));
  }

  /** A push is over; what of it was not projected stays without a ref. */
  async settle(id: RepositoryId, path: string, pending: PendingPromotion): Promise<void> {
    if (this.#pending.get(id)?.has(pending) !== true) return;
    if (pending.unprojected.size > 0) await this.mark(id, path);
    this.#drop(id, pending);
    await pending.forget();
  }

  /** What a push that is open proved about setting this ref to this value. */
  findSafeUpdate(id: RepositoryId, name: RefName, newId: ObjectId): SafeUpdate | undefined {
    for (const pending of this.#pending.get(id) ?? []) {
      const update = pending.unprojected.get(name);
      if (update?.newId !== newId) continue;
      if (isZeroObjectId(update.oldId) || update.isFastForward) return update;
    }
    return undefined;
  }

  /** Refs were projected; pushes whose refs are all there are settled. */
  async onProjected(
    id: RepositoryId,
    updates: Iterable<{ readonly name: RefName; readonly newId: ObjectId }>,
  ): Promise<void> {
    const open = this.#pending.get(id);
    if (open === undefined) return;
    for (const { name, newId } of updates) {
      for (const pending of open) {
        if (pending.unprojected.get(name)?.newId === newId) pending.unprojected.delete(name);
      }
    }
    for (const pending of [...open].filter(({ unprojected }) => unprojected.size === 0)) {
      this.#drop(id, pending);
      await pending.forget();
    }
  }

  /** Forgets a repository that was deleted. */
  forget(id: RepositoryId): void {
    this.#isMarked.delete(id);
    this.#pending.delete(id);
    this.#eventCount.delete(id);
  }

  #drop(id: RepositoryId, pending: PendingPromotion): void {
    const open = this.#pending.get(id);
    open?.delete(pending);
    if (open?.size === 0) this.#pending.delete(id);
  }
}

/** Marks the repository in a directory, durably; one that is marked stays so. */
export async function markRepository(path: string): Promise<void> {
  try {
    await writeSyncedFile(join(path, MARKER), "");
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  }
  await syncDirectory(path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}
