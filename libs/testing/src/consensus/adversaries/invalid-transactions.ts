import { invalidTransaction } from "../world/simulated-host.ts";
import type { Adversary } from "./adversary.ts";

/** Runs the core, and as leader puts a transaction into each block that no honest validator accepts. */
export const invalidTransactions: Adversary = {
  name: "invalid-transactions",
  join: (cluster, self) => [
    cluster.addNode(self, {
      host: { acceptsInvalid: true, choose: (waiting) => [...waiting.slice(0, 4), invalidTransaction(1)] },
    }),
  ],
};
