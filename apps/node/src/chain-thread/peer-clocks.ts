/** How far this node's clock is from the other validators', by the times that they say when they tell what they serve. */
import type { NodeId } from "@guts/primitives";

/** What counts of a validator is the least late of this many notices: one that waited in a queue looks like a slow clock. */
export const samplesMax = 3;

/** The clocks of connected validators, as this node hears them. */
export class PeerClocks {
  readonly #validators: ReadonlySet<NodeId>;
  readonly #aheadMs = new Map<NodeId, readonly number[]>();

  /** `validators` are the others. */
  constructor(validators: readonly NodeId[]) {
    this.#validators = new Set(validators);
  }

  /** A validator said its time, heard at this node's. Both in milliseconds since 1970. */
  hear(from: NodeId, saidMs: number, nowMs: number): void {
    if (!this.#validators.has(from)) return;
    this.#aheadMs.set(from, [...(this.#aheadMs.get(from) ?? []), nowMs - saidMs].slice(-samplesMax));
  }

  /** What a node that has left said of its time is old. */
  forget(nodeId: NodeId): void {
    this.#aheadMs.delete(nodeId);
  }

  /**
   * Milliseconds that this node's clock is ahead of the median of the others, negative when it is behind; undefined while fewer than
   * half of them have been heard. Of two medians the smaller offset counts: only a majority can say that this clock is wrong.
   */
  aheadMs(): number | undefined {
    const offsets = Array.from(this.#aheadMs.values(), (samples) => Math.min(...samples));
    if (offsets.length === 0 || offsets.length * 2 < this.#validators.size) return undefined;
    offsets.sort((left, right) => left - right);
    const upper = offsets[offsets.length >> 1]!;
    const lower = offsets[(offsets.length - 1) >> 1]!;
    if (lower <= 0 && upper >= 0) return 0;
    return Math.abs(lower) < Math.abs(upper) ? lower : upper;
  }
}
