/** Makes and reads the proof that a transaction stands in a final block (formats-v1, "Transaction proof"). */
import { decode, encode, equalBytes, unlessMalformed, type AccountId, type Digest } from "@guts/primitives";
import {
  merkleBranch,
  merkleLeaf,
  refuseTransactionProof,
  resultLeaf,
  transactionProofCodec,
  type Finality,
  type Header,
  type TransactionProof,
  type TransactionProofRefusal,
  type Validator,
} from "@guts/verifier";
import { actOf, type AuditAct } from "./audit.ts";
import { decodeEnvelope, resultRecordCodec, type ResultRecord } from "./block.ts";
import { findKind, KINDS, type KindName } from "./kinds/index.ts";
import { transactionId, verifyEnvelope, type Envelope } from "./transaction.ts";

/** A final block as its node keeps it. */
export interface ProvableBlock {
  readonly header: Header;
  readonly finality: Finality;
  readonly transactions: readonly Uint8Array[];
  readonly records: readonly ResultRecord[];
}

/** The proof of the block's transaction at `index`. */
export function proveTransaction(
  { header, finality, transactions, records }: ProvableBlock,
  index: number,
): Uint8Array {
  const results = records.map((record) => encode(resultRecordCodec, record));
  return encode(transactionProofCodec, {
    header,
    finality,
    index,
    count: transactions.length,
    envelope: transactions[index]!,
    envelopeBranch: merkleBranch(transactions.map(merkleLeaf), index),
    record: results[index]!,
    recordBranch: merkleBranch(results.map(resultLeaf), index),
  });
}

/** What a proof shows. */
export interface ProvenTransaction {
  readonly header: Header;
  readonly id: Digest;
  readonly kind: KindName;
  readonly envelope: Envelope;
  readonly record: ResultRecord;
  /** Validators that signed. */
  readonly signerCount: number;
}

/** Why bytes prove nothing. */
export type ProofRefusal = TransactionProofRefusal | "malformed" | "wrong-signature" | "unknown-kind";

/** Checks a proof without asking anybody: the quorum's signatures, the branches, and the signatures of who authorized and admitted it. */
export function checkTransactionProof(
  bytes: Uint8Array,
  networkId: Digest,
  validators: readonly Validator[],
): { readonly refusal: ProofRefusal } | { readonly refusal?: undefined; readonly proven: ProvenTransaction } {
  const proof = decodeOrNone(bytes);
  const envelope = proof === undefined ? undefined : decodeEnvelope(proof.envelope);
  const record = proof === undefined ? undefined : recordOf(proof);
  if (proof === undefined || envelope === undefined || record === undefined) return { refusal: "malformed" };
  const refusal = refuseTransactionProof(proof, networkId, validators);
  if (refusal !== undefined) return { refusal };
  const id = transactionId(envelope.body);
  if (!equalBytes(id, record.transactionId)) return { refusal: "result-not-in-block" };
  if (!verifyEnvelope(envelope)) return { refusal: "wrong-signature" };
  const kind = findKind(envelope.body.kind)?.name;
  if (kind === undefined) return { refusal: "unknown-kind" };
  const signerCount = proof.finality.certificate.votes.length;
  return { proven: { header: proof.header, id, kind, envelope, record, signerCount } };
}

/** An administrative act with who did it. */
export interface ProvenAct extends AuditAct {
  readonly actor: AccountId;
}

/** The act that a proven transaction was, read from its bytes; undefined for one that was rejected or is no such act. */
export function provenAct({ kind, envelope, record }: ProvenTransaction): ProvenAct | undefined {
  const { verdict } = record;
  if (verdict.type !== "applied") return undefined;
  const { account, payload } = envelope.body;
  return unlessMalformed(() => {
    const actor =
      account === 0 ? decode(KINDS["account.create"].result, verdict.result).account : (account as AccountId);
    const act = actOf({ kind, payload, result: verdict.result, actor });
    return act === undefined ? undefined : { ...act, actor };
  });
}

function decodeOrNone(bytes: Uint8Array): TransactionProof | undefined {
  return unlessMalformed(() => decode(transactionProofCodec, bytes));
}

function recordOf({ record }: TransactionProof): ResultRecord | undefined {
  return unlessMalformed(() => decode(resultRecordCodec, record));
}
