/** The ledger as the doors read it, and the wait for a height. */
import { ForgeState, type ContentRef } from "@guts/ledger";
import { fromUtf8, type Digest, type Height, type NodeId, type TimeMs } from "@guts/primitives";
import type { Ledger } from "@guts/server";
import type { ChainView } from "../chain/chain-view.ts";

/** Reads of one node's applied state. */
export class AppliedLedger implements Ledger {
  readonly networkId: Digest;
  readonly nodeId: NodeId;
  readonly #chain: ChainView;
  readonly #state: ForgeState;
  #height: Height;
  readonly #waiting = new Set<{ readonly height: Height; readonly resolve: () => void }>();

  constructor(chain: ChainView, nodeId: NodeId) {
    this.#chain = chain;
    this.#state = new ForgeState(chain.state);
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
    const content = this.#chain.contents.get(ref.digest);
    return content === undefined ? undefined : fromUtf8(content.text);
  }

  /** This node serves a height now: wakes those who wait for it. */
  announce(height: Height): void {
    this.#height = height;
    for (const waiter of this.#waiting) if (waiter.height <= height) waiter.resolve();
  }
}
