/** The properties that a simulation checks, by the name that a failure carries. */
export type Property =
  /** Two honest validators finalized different blocks of one height, or a block whose parent is not the one below it. */
  | "one-chain"
  /** An honest validator finalized a height twice, or left one out. */
  | "in-order"
  /** R1: an honest validator notarized two blocks in one view. */
  | "notarize-once"
  /** R2: an honest validator both nullified and finalized in one view. */
  | "nullify-or-finalize"
  /** R3: an honest validator voted without the certificates that its vote rests on. */
  | "certified-parent"
  /** An honest validator passes on a vote in its own name that it has never signed, or a certificate that no quorum has. */
  | "genuine"
  /** A vote left an honest validator that its journal could still lose. */
  | "journal-first"
  /** A final block's time is not after its parent's, or an honest validator voted for one far from its clock. */
  | "time"
  /** A block with an invalid transaction became final. */
  | "valid-blocks"
  /** What was final at a validator is not final there any more. */
  | "durable"
  /** The network healed, and what waited did not become final in time. */
  | "liveness"
  /** An honest validator was accused of misbehaviour by another. */
  | "fair"
  /** A validator kept more than its bound. */
  | "bounded"
  /** The core threw. */
  | "no-crash";

/** One broken property: where and when. */
export interface Violation {
  readonly property: Property;
  readonly timeMs: number;
  readonly detail: string;
}
