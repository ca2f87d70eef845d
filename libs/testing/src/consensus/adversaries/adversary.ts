import type { Cluster } from "../world/cluster.ts";
import type { SimulatedNode } from "../world/simulated-node.ts";

/** A way for a validator to be Byzantine. */
export interface Adversary {
  readonly name: string;
  /** Puts validator `self` onto the network; answers the nodes that run the core, for the scenario to crash and cut off. */
  join(cluster: Cluster, self: number): readonly SimulatedNode[];
}
