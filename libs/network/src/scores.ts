import type { NodeId } from "@guts/primitives";

/** The bounds that scoring needs. */
export interface ScoreLimits {
  readonly banPoints: number;
  readonly pointsHalfLifeMs: number;
  readonly banMs: number;
  readonly scoredNodeCountMax: number;
}

interface Record {
  points: number;
  at: number;
  bannedUntil: number;
}

/**
 * Penalty points of nodes. They fade by half each half-life; who reaches the limit is banned for a while.
 *
 * Only nodes with a penalty have a record. At the bound the record that was touched longest ago is forgotten.
 */
export class Scores {
  readonly #limits: ScoreLimits;
  readonly #recordByNode = new Map<NodeId, Record>();

  constructor(limits: ScoreLimits) {
    this.#limits = limits;
  }

  /** Adds points; answers whether the node is banned from now on. `now` is of a monotonic clock, in milliseconds. */
  penalize(nodeId: NodeId, points: number, now: number): boolean {
    const earlier = this.#recordByNode.get(nodeId);
    const record = { points: this.#pointsOf(earlier, now) + points, at: now, bannedUntil: earlier?.bannedUntil ?? 0 };
    const isBanned = record.points >= this.#limits.banPoints;
    if (isBanned) {
      record.bannedUntil = now + this.#limits.banMs;
      record.points = this.#limits.banPoints / 2;
    }
    this.#recordByNode.delete(nodeId);
    this.#recordByNode.set(nodeId, record);
    if (this.#recordByNode.size > this.#limits.scoredNodeCountMax) this.#forgetOldest();
    return isBanned;
  }

  isBanned(nodeId: NodeId, now: number): boolean {
    return (this.#recordByNode.get(nodeId)?.bannedUntil ?? 0) > now;
  }

  /** 0, or less for each point that has not faded. */
  scoreOf(nodeId: NodeId, now: number): number {
    const points = this.#pointsOf(this.#recordByNode.get(nodeId), now);
    return points === 0 ? 0 : -points;
  }

  #pointsOf(record: Record | undefined, now: number): number {
    if (record === undefined) return 0;
    return record.points * 2 ** (-(now - record.at) / this.#limits.pointsHalfLifeMs);
  }

  #forgetOldest(): void {
    for (const nodeId of this.#recordByNode.keys()) {
      this.#recordByNode.delete(nodeId);
      return;
    }
  }
}
