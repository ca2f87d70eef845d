/**
 * The rules that safety rests on (docs/protocol/consensus.md, "Voting rules"), each a function of plain values: the core calls
 * them, the model check explores them, and the mutation suite replaces them one by one and must be caught.
 *
 * - R1: a validator notarizes one block of a view, ever.
 * - R2: a validator never both nullifies and finalizes one view.
 * - R3: a vote for a block needs its parent's notarization and the nullification of every view between.
 */
import { quorumOf } from "@guts/verifier";

/** A block's hash in hexadecimal; any names will do in a model. */
export type BlockId = string;

/** What this validator has voted in one view. */
export interface OwnVotes {
  readonly notarized: BlockId | undefined;
  readonly isNullified: boolean;
  readonly finalized: BlockId | undefined;
}

/** A block and the view that it was proposed in. */
export interface BlockRef {
  readonly view: number;
  readonly id: BlockId;
}

/** The certificates that a node holds. */
export interface CertifiedViews {
  /** The last finalized block, which counts as notarized. */
  readonly floor: BlockRef;
  /** The block that a quorum notarized in a view above the floor. */
  notarizedIn(view: number): BlockId | undefined;
  isNullified(view: number): boolean;
}

/** R1. A nullified view may still be notarized: the two do not contradict each other. */
export function mayNotarize(own: OwnVotes, block: BlockId): boolean {
  return own.notarized === undefined || own.notarized === block;
}

/** R2, from the one side. */
export function mayNullify(own: OwnVotes): boolean {
  return own.finalized === undefined;
}

/** R2, from the other side. */
export function mayFinalize(own: OwnVotes, block: BlockId): boolean {
  return !own.isNullified && (own.finalized === undefined || own.finalized === block);
}

/** R3. */
export function extendsCertified(view: number, parent: BlockRef, certified: CertifiedViews): boolean {
  if (parent.view >= view || !isCertified(parent, certified)) return false;
  for (let skipped = parent.view + 1; skipped < view; skipped++) if (!certified.isNullified(skipped)) return false;
  return true;
}

/** The notarized block of the highest view that a proposal of `view` can extend by R3. */
export function chooseParent(view: number, certified: CertifiedViews): BlockRef | undefined {
  const { floor } = certified;
  for (let parent = view - 1; parent > floor.view; parent--) {
    const id = certified.notarizedIn(parent);
    if (id !== undefined) return { view: parent, id };
    if (!certified.isNullified(parent)) return undefined;
  }
  return view > floor.view ? floor : undefined;
}

/** Whether a validator that lost votes may vote in `view`: in none that it may have voted in before. */
export function mayVoteAgain(view: number, resumeAbove: number): boolean {
  return view > resumeAbove;
}

/** Whether a vote of this validator's own key is one that it does not remember. */
export function isForgotten(own: OwnVotes, vote: { readonly kind: VoteName; readonly block: BlockId }): boolean {
  if (vote.kind === "nullify") return !own.isNullified;
  return (vote.kind === "notarize" ? own.notarized : own.finalized) !== vote.block;
}

type VoteName = "notarize" | "nullify" | "finalize";

/** Whether `votes` validators of `validatorCount` make a certificate. */
export function isQuorum(votes: number, validatorCount: number): boolean {
  return votes >= quorumOf(validatorCount);
}

/** Whether a certificate's signers are validators, each once: in ascending order, so that a certificate has one form. */
export function areDistinct(signers: readonly number[], validatorCount: number): boolean {
  return signers.every((signer, index) => signer > (signers[index - 1] ?? -1) && signer < validatorCount);
}

/** Whether a statement is of the epoch that it would count in. Views restart with each epoch, so others' votes look alike. */
export function isOfEpoch(epoch: number, current: number): boolean {
  return epoch === current;
}

/** Whether a header's time may be voted for: later than its parent's and close to the voter's clock. */
export function isTimely(time: number, parentTime: number, now: number, skewMs: number): boolean {
  return time > parentTime && Math.abs(time - now) <= skewMs;
}

function isCertified(block: BlockRef, certified: CertifiedViews): boolean {
  const { floor } = certified;
  if (block.view === floor.view) return block.id === floor.id;
  return block.view > floor.view && certified.notarizedIn(block.view) === block.id;
}

/** All rules, as the core takes them. */
export const votingRules = {
  mayNotarize,
  mayNullify,
  mayFinalize,
  extendsCertified,
  chooseParent,
  mayVoteAgain,
  isForgotten,
  isQuorum,
  areDistinct,
  isOfEpoch,
  isTimely,
};

/** The rules that one core runs by. */
export type VotingRules = Readonly<typeof votingRules>;
