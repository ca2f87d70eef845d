/**
 * Shows offline that a transaction stands in a final block, and what became of it there (formats-v1, "Trees").
 *
 * The header commits to the envelopes and to their results, a quorum of validators to the header; so a reader who knows the
 * network's genesis needs nobody's word.
 */
import {
  bytes,
  digestCodec,
  digestOf,
  equalBytes,
  list,
  struct,
  u32,
  type Decoded,
  type Digest,
} from "@guts/primitives";
import { finalityCodec, refuseFinalHeader, type FinalHeaderRefusal } from "./finality.ts";
import { headerCodec } from "./header.ts";
import { merkleLeaf, merkleRootOfBranch } from "./merkle.ts";
import type { Validator } from "./validator-set.ts";

/** Longest envelope and result in bytes, and other halves on the way to a root: what the ledger's limits allow. */
export const provenEnvelopeBytesMax = 270_336;
export const provenResultBytesMax = 66_560;
const branchLengthMax = 32;

/** The bytes of a proof. */
export const transactionProofCodec = struct({
  header: headerCodec,
  finality: finalityCodec,
  /** The transaction's place among those of the block, and their number. */
  index: u32,
  count: u32,
  envelope: bytes(provenEnvelopeBytesMax),
  envelopeBranch: list(digestCodec, branchLengthMax),
  /** The result record. */
  record: bytes(provenResultBytesMax),
  recordBranch: list(digestCodec, branchLengthMax),
});
/** A transaction, its result, and why both are final. */
export type TransactionProof = Decoded<typeof transactionProofCodec>;

/** Why a proof shows nothing. */
export type TransactionProofRefusal = FinalHeaderRefusal | "transaction-not-in-block" | "result-not-in-block";

/** Why the proof does not hold on this network, or undefined when it does. `validators` are those of the header's epoch. */
export function refuseTransactionProof(
  proof: TransactionProof,
  networkId: Digest,
  validators: readonly Validator[],
): TransactionProofRefusal | undefined {
  const { header, finality } = proof;
  const envelope = merkleRootOfBranch(merkleLeaf(proof.envelope), proof, proof.envelopeBranch);
  if (envelope === undefined || !equalBytes(envelope, header.transactionsRoot)) return "transaction-not-in-block";
  const record = merkleRootOfBranch(resultLeaf(proof.record), proof, proof.recordBranch);
  if (record === undefined || !equalBytes(record, header.resultsRoot)) return "result-not-in-block";
  return refuseFinalHeader(header, finality, { networkId, validators });
}

/** What a header's results root holds of a result record's bytes. */
export function resultLeaf(record: Uint8Array): Digest {
  return merkleLeaf(digestOf("result", record));
}
