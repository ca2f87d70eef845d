import type { Adversary } from "./adversary.ts";

/** Two processes with one key, each running the core: a copied machine. Neither knows of the other. */
export const twins: Adversary = {
  name: "twins",
  join: (cluster, self) => [cluster.addNode(self), cluster.addNode(self)],
};
