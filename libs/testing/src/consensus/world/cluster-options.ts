import type { Timing } from "@guts/consensus";
import type { Validator } from "@guts/verifier";
import type { Random } from "../../random.ts";
import type { MakeConsensus } from "./node-surroundings.ts";
import type { NetworkSignatures } from "./signatures.ts";
import type { SimulatedTransaction } from "./simulated-host.ts";

/** What travels between hosts: frames of the consensus, and transactions from pool to pool. */
export type Parcel =
  | { readonly type: "frame"; readonly frame: Uint8Array }
  | { readonly type: "transactions"; readonly transactions: readonly SimulatedTransaction[] };

/** What a cluster is made of. */
export interface ClusterOptions {
  readonly random: Random;
  readonly validators: readonly Validator[];
  readonly signatures: NetworkSignatures;
  readonly make: MakeConsensus;
  readonly timing: Timing;
  /** Validators that lie: nothing is promised about their votes. */
  readonly byzantine: ReadonlySet<number>;
  /** Whether pools pass transactions on; otherwise only one node ever hears of each. */
  readonly hasPools: boolean;
  /** How much larger than it is a journal says it is. */
  readonly journalScale: number;
}

/** The epoch of every simulation; the one before it is there to be replayed. */
export const simulatedEpoch = 2;
/** Most that a clock is off while things go wrong. */
export const skewMsMax = 3_000;
