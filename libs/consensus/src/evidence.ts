/** Proof that a validator contradicted itself: two of its signed votes (docs/protocol/consensus.md, "Evidence"). */
import {
  digestCodec,
  equalBytes,
  signatureCodec,
  struct,
  u32,
  u64,
  type Codec,
  type Decoded,
  type Digest,
} from "@guts/primitives";
import { voteKindCodec, type VoteKind, type VoteStatement } from "@guts/verifier";
import type { VoteSignatures } from "./ports.ts";

/** A vote as it travels and as it is kept. */
export const signedVoteCodec = struct({
  kind: voteKindCodec,
  epoch: u64,
  view: u64,
  header: digestCodec,
  validator: u32,
  signature: signatureCodec,
});
/** One validator's signed statement about one view. */
export type SignedVote = Decoded<typeof signedVoteCodec>;

/** The bytes of evidence. */
export const evidenceCodec: Codec<Evidence> = struct({ first: signedVoteCodec, second: signedVoteCodec });
/** Two votes of one validator in one view that contradict each other. */
export interface Evidence {
  readonly first: SignedVote;
  readonly second: SignedVote;
}

/** The statement under a vote's signature. */
export function statementOf(networkId: Digest, vote: Omit<SignedVote, "validator" | "signature">): VoteStatement {
  const { epoch, kind, view, header } = vote;
  return { networkId, epoch, kind, view, header };
}

/**
 * Whether two votes of one validator in one view contradict each other: two blocks notarized or two finalized, or a view both
 * nullified and finalized. Nullifying what one notarized is no contradiction.
 */
export function areContradictory(first: VoteTerms, second: VoteTerms): boolean {
  if (first.kind === second.kind) return first.kind !== "nullify" && !equalBytes(first.header, second.header);
  return first.kind !== "notarize" && second.kind !== "notarize";
}

interface VoteTerms {
  readonly kind: VoteKind;
  readonly header: Digest;
}

/** Whether `evidence` convicts its validator. Needs nothing but the validators of the epoch. */
export function verifyEvidence(
  evidence: Evidence,
  networkId: Digest,
  signatures: Pick<VoteSignatures, "verify">,
): boolean {
  const { first, second } = evidence;
  const isOneView = first.epoch === second.epoch && first.view === second.view && first.validator === second.validator;
  if (!isOneView || !areContradictory(first, second)) return false;
  return [first, second].every((vote) =>
    signatures.verify(vote.validator, statementOf(networkId, vote), vote.signature),
  );
}
