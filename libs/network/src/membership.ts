import type { NodeId } from "@guts/primitives";

import type { NetworkLimits } from "./limits.ts";
import type { MisbehaviourReport, NodeRole } from "./network.ts";
import { Scores } from "./scores.ts";

/** What decides who takes part. */
export interface MembershipOptions {
  readonly roleOf: (nodeId: NodeId) => NodeRole | undefined;
  readonly bootstrap: ReadonlySet<NodeId>;
  readonly limits: NetworkLimits;
  readonly onMisbehaviour: ((report: MisbehaviourReport) => void) | undefined;
}

/** Who takes part in the network now, and how well each behaves. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #scores: Scores;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#scores = new Scores(options.limits);
  }

  readonly roleOf = (nodeId: NodeId): NodeRole | undefined => this.#options.roleOf(nodeId);

  /** Whether the node may be connected: it has a role or stands on the bootstrap list, and is not banned. */
  readonly isAdmitted = (nodeId: NodeId): boolean => {
    const isMember = this.#options.bootstrap.has(nodeId) || this.#options.roleOf(nodeId) !== undefined;
    return isMember && !this.#scores.isBanned(nodeId, performance.now());
  };

  /** 0, or less for each point that has not faded. */
  scoreOf(nodeId: NodeId): number {
    return this.#scores.scoreOf(nodeId, performance.now());
  }

  /** Takes points off, reports it, and answers whether the node is now banned. */
  penalize(nodeId: NodeId, points: number, reason: string): boolean {
    const isBanned = this.#scores.penalize(nodeId, points, performance.now());
    this.#options.onMisbehaviour?.({ nodeId, points, reason, isBanned });
    return isBanned;
  }
}
