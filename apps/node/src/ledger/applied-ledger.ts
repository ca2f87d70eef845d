/** The ledger as the doors read it, and the wait for a height. */
import { admissibleText, ForgeState, type ContentRef } from "@guts/ledger";
import type { Digest, Height, NodeId, RepositoryId, TimeMs } from "@guts/primitives";
import type { Ledger, RepositoryCompleteness } from "@guts/server";
import type { ChainView } from "../chain/chain-view.ts";
import { ServedState, type HeldRepositories } from "../replication/held-repositories.ts";

/** Reads of one node's applied state. */
export class AppliedLedger implements Ledger {
  readonly networkId: Digest;
  readonly nodeId: NodeId;
  readonly #chain: ChainView;
  readonly #held: Pick<HeldRepositories, "get">;
  readonly #state: ForgeState;
  #height: Height;
  readonly #waiting = new Set<{ readonly height: Height; readonly resolve: () => void }>();

  /** `held`: repositories whose objects this node lacks. */
  constructor(chain: ChainView, nodeId: NodeId, held: Pick<HeldRepositories, "get">) {
    this.#chain = chain;
    this.#held = held;
    this.#state = new ServedState(new ForgeState(chain.state), held);
    this.networkId = chain.state.networkId;
    this.nodeId = nodeId;
    this.#height = chain.state.tip.height;
  }

  state(): ForgeState {
    return this.#state;
  }

  /** The state may be ahead of it by what git and the doors do not show yet. */
  height(): Height {
    return this.#height;
  }

  time(): TimeMs {
    return this.#chain.state.tip.time;
  }

  completeness(repository: RepositoryId): RepositoryCompleteness {
    const held = this.#held.get(repository);
    if (held === undefined) return "complete";
    return held.refs === undefined ? "absent" : "behind";
  }

  async waitForHeight(height: Height, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.height() >= height) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { height, resolve };
    const onAbort = (): void => reject(signal.reason);
    this.#waiting.add(waiter);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      this.#waiting.delete(waiter);
      signal.removeEventListener("abort", onAbort);
    }
  }

  text(ref: ContentRef): string | undefined {
    const bytes = this.bytes(ref);
    return bytes === undefined ? undefined : admissibleText(bytes);
  }

  bytes(ref: ContentRef): Uint8Array | undefined {
    return this.#chain.contents.get(ref.digest)?.text;
  }

  /** This node serves a height now: wakes those who wait for it. */
  announce(height: Height): void {
    this.#height = height;
    for (const waiter of this.#waiting) if (waiter.height <= height) waiter.resolve();
  }
}
