/** What stays the same for an epoch at one node. */
import { toHex, type Digest } from "@guts/primitives";
import { quorumOf } from "@guts/verifier";
import type { ConsensusOptions, Execution, VoteSignatures } from "../ports.ts";
import type { Timing } from "../timing.ts";
import { votingRules, type BlockId, type VotingRules } from "../voting-rules.ts";

/** The constants of one core. */
export interface Terms {
  readonly networkId: Digest;
  readonly epoch: number;
  readonly validatorCount: number;
  readonly quorum: number;
  /** How many validators may be down: `validatorCount - quorum`. */
  readonly faultyMax: number;
  readonly self: number | undefined;
  readonly timing: Timing;
  readonly rules: VotingRules;
  readonly signatures: VoteSignatures;
  readonly execution: Execution;
}

/** A moment by both clocks, in milliseconds. */
export interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

export function termsOf(options: ConsensusOptions, execution: Execution): Terms {
  const { networkId, epoch, validators, self, timing, signatures, rules } = options;
  const validatorCount = validators.length;
  const quorum = quorumOf(validatorCount);
  return {
    ...{ networkId, epoch, validatorCount, quorum, self, timing, signatures, execution },
    faultyMax: validatorCount - quorum,
    rules: rules ?? votingRules,
  };
}

/** The one validator that may propose in `view`: they take turns. */
export function leaderOf(view: number, terms: Pick<Terms, "epoch" | "validatorCount">): number {
  return (view + terms.epoch) % terms.validatorCount;
}

/** A block's name in maps. */
export function idOf(hash: Digest): BlockId {
  return toHex(hash);
}
