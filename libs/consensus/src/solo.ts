/**
 * A network of one validator: its own vote is the quorum.
 *
 * The formats are those of any network: the block is proposed, notarized and finalized in one view, and the finalization
 * is the certificate that clients verify. Nothing can equivocate with itself as long as each view is used once: the view is
 * the height, and the block log refuses a second block of a height.
 */
import { QuorumNeeded } from "./errors.ts";
import { signMessage, type Digest, type PrivateSeed } from "@guts/primitives";
import { quorumOf, voteBytes, type Certificate, type Validator, type VoteStatement } from "@guts/verifier";

/** The finalization that the only validator of a network makes of its own proposal. */
export function finalizeAlone(
  options: { readonly networkId: Digest; readonly validators: readonly Validator[]; readonly seed: PrivateSeed },
  block: { readonly epoch: number; readonly view: number; readonly header: Digest },
): Certificate {
  const { networkId, validators, seed } = options;
  if (quorumOf(validators.length) !== 1) throw new QuorumNeeded(validators.length);
  const statement: VoteStatement = { networkId, kind: "finalize", ...block };
  return { kind: "finalize", ...block, votes: [{ validator: 0, signature: signMessage(seed, voteBytes(statement)) }] };
}
