import { accountOf } from "../world/simulated-host.ts";
import type { Adversary } from "./adversary.ts";

/** The account that is ignored. */
export const ignoredAccount = 0;

/** Runs the core, and as leader leaves out every transaction of one account. Other leaders must take them. */
export const ignoresAccount: Adversary = {
  name: "ignores-account",
  join: (cluster, self) => [
    cluster.addNode(self, {
      host: { choose: (waiting) => waiting.filter((transaction) => accountOf(transaction) !== ignoredAccount) },
    }),
  ],
};
