/**
 * Which heights the other validators serve, for the grace of answers (DESIGN D1): an answer waits until every connected,
 * healthy validator serves its height, so that its reader may go to any of them next.
 *
 * A validator that does not serve a height within the grace after this node does counts as slow until it has caught up.
 */
import type { Height, NodeId } from "@guts/primitives";

/** Longest that an answer waits for the other validators, in milliseconds. */
export const servedGraceMs = 250;

interface Sight {
  height: Height;
  isConnected: boolean;
  isSlow: boolean;
}

/** The heights that the validators said to serve. */
export class ServedHeights {
  readonly #sights = new Map<NodeId, Sight>();
  readonly #onChange: (height: number) => void;
  #own: Height;
  #last = -1;

  constructor(validators: Iterable<NodeId>, own: Height, onChange: (height: number) => void) {
    this.#own = own;
    this.#onChange = onChange;
    for (const nodeId of validators)
      this.#sights.set(nodeId, { height: 0 as Height, isConnected: false, isSlow: false });
  }

  setConnected(nodeId: NodeId, isConnected: boolean): void {
    const sight = this.#sights.get(nodeId);
    if (sight === undefined) return;
    sight.isConnected = isConnected;
    // Until it says where it is, a validator that has just connected is not waited for.
    sight.isSlow = true;
    this.#tell();
  }

  /** A validator said what it serves. */
  report(nodeId: NodeId, height: Height): void {
    const sight = this.#sights.get(nodeId);
    if (sight === undefined || height < sight.height) return;
    sight.height = height;
    if (height >= this.#own) sight.isSlow = false;
    this.#tell();
  }

  /** This node serves a height; call {@link expire} with it when the grace is over. */
  serve(height: Height): void {
    this.#own = height;
    this.#tell();
  }

  /** The grace of a height is over. */
  expire(height: Height): void {
    for (const sight of this.#sights.values()) if (sight.height < height) sight.isSlow = true;
    this.#tell();
  }

  #tell(): void {
    let lowest = Number.MAX_SAFE_INTEGER;
    for (const { height, isConnected, isSlow } of this.#sights.values())
      if (isConnected && !isSlow) lowest = Math.min(lowest, height);
    if (lowest === this.#last) return;
    this.#last = lowest;
    this.#onChange(lowest);
  }
}
