/**
 * Pushes of others whose objects this node holds because it signed a receipt: from the promotion until their refs are final,
 * cannot become final any more, or the chain has passed the receipt's last height.
 *
 * The objects outlive their entry here: git keeps what receipts may promise by the chain's height (`holdBlocks`), and a crash
 * forgets the entries only. What an entry does is to let the engine know that a push is still on its way.
 */
import type { AnyCertifiedUpdate } from "@guts/ledger";
import type { Height, NodeId, RefName, RepositoryId } from "@guts/primitives";
import type { Quarantine } from "@guts/storage";
import { heldBytesPerNodeMax, heldPushesMax } from "./limits.ts";

/** A push that is held. */
export interface HeldPush {
  readonly repository: RepositoryId;
  readonly updates: readonly AnyCertifiedUpdate[];
  readonly quarantine: Quarantine;
  readonly expiresHeight: Height;
  /** The node that asked, and the bytes that it brought. */
  readonly askedBy: NodeId;
  readonly bytes: number;
}

interface Entry extends HeldPush {
  readonly unprojected: Map<RefName, AnyCertifiedUpdate>;
}

/** Keeps the open pushes of others, and the share of each node. */
export class HeldPushes implements AsyncDisposable {
  readonly #byRepository = new Map<RepositoryId, Set<Entry>>();
  readonly #bytesByNode = new Map<NodeId, number>();
  readonly #onFailure: (failure: unknown) => void;
  #count = 0;

  constructor(onFailure: (failure: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Whether a push with so many bytes may be held for a node. */
  hasRoom(askedBy: NodeId, bytes: number): boolean {
    const held = this.#bytesByNode.get(askedBy) ?? 0;
    return this.#count < heldPushesMax && held + bytes <= heldBytesPerNodeMax;
  }

  add(push: HeldPush): void {
    const unprojected = new Map(push.updates.map((update) => [update.name, update]));
    const entries = this.#byRepository.get(push.repository) ?? new Set();
    this.#byRepository.set(push.repository, entries.add({ ...push, unprojected }));
    this.#bytesByNode.set(push.askedBy, (this.#bytesByNode.get(push.askedBy) ?? 0) + push.bytes);
    this.#count += 1;
  }

  /** Refs are final and projected: pushes that are done, or whose old value is gone, are let go. */
  onProjected(repository: RepositoryId, updates: readonly Pick<AnyCertifiedUpdate, "name" | "newId">[]): void {
    for (const entry of this.#byRepository.get(repository) ?? []) {
      for (const { name, newId } of updates) {
        const waiting = entry.unprojected.get(name);
        if (waiting !== undefined && waiting.oldId !== newId) entry.unprojected.delete(name);
      }
      if (entry.unprojected.size === 0) this.#release(entry);
    }
  }

  /** The chain has finalized this height. */
  onHeight(height: Height): void {
    for (const entries of this.#byRepository.values())
      for (const entry of entries) if (entry.expiresHeight < height) this.#release(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#byRepository.clear(); // What is promoted stays marked on disk until its refs are projected.
  }

  #release(entry: Entry): void {
    const entries = this.#byRepository.get(entry.repository);
    if (entries?.delete(entry) !== true) return;
    if (entries.size === 0) this.#byRepository.delete(entry.repository);
    this.#count -= 1;
    const bytes = (this.#bytesByNode.get(entry.askedBy) ?? 0) - entry.bytes;
    if (bytes > 0) this.#bytesByNode.set(entry.askedBy, bytes);
    else this.#bytesByNode.delete(entry.askedBy);
    Promise.resolve(entry.quarantine[Symbol.asyncDispose]()).catch(this.#onFailure);
  }
}
