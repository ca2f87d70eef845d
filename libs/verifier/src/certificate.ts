/** Votes and the certificates that a quorum of them makes (Simplex: notarize, nullify, finalize). */
import {
  digestCodec,
  encode,
  inDomain,
  list,
  oneOf,
  signatureCodec,
  struct,
  u32,
  u64,
  verifySignature,
  type Codec,
  type Decoded,
  type Digest,
} from "@guts/primitives";
import { quorumOf, validatorCountMax, type Validator } from "./validator-set.ts";

/** What a vote says of a view. A nullify vote names no block: its hash is zero. */
export type VoteKind = "notarize" | "nullify" | "finalize";

/** One byte for a kind. */
export const voteKindCodec: Codec<VoteKind> = oneOf({ notarize: 1, nullify: 2, finalize: 3 });

/** The statement that a validator signs. */
export const voteStatementCodec = struct({
  networkId: digestCodec,
  epoch: u64,
  kind: voteKindCodec,
  view: u64,
  header: digestCodec,
});

/** One validator's statement about one view. */
export type VoteStatement = Decoded<typeof voteStatementCodec>;

/** The bytes under a vote's signature. */
export function voteBytes(statement: VoteStatement): Uint8Array {
  return inDomain("vote", encode(voteStatementCodec, statement));
}

/** A quorum's signatures under one statement; validators by index, ascending, each once. */
export const certificateCodec = struct({
  epoch: u64,
  kind: voteKindCodec,
  view: u64,
  header: digestCodec,
  votes: list(struct({ validator: u32, signature: signatureCodec }), validatorCountMax),
});

/** Proof that a quorum made one statement. */
export type Certificate = Decoded<typeof certificateCodec>;

/** Why a certificate proves nothing. */
export type CertificateRefusal = "no-quorum" | "unordered-votes" | "unknown-validator" | "wrong-signature";

/** Why `certificate` does not bind the network's validators, or undefined when it does. */
export function refuseCertificate(
  certificate: Certificate,
  networkId: Digest,
  validators: readonly Validator[],
): CertificateRefusal | undefined {
  const { epoch, kind, view, header, votes } = certificate;
  if (votes.length < quorumOf(validators.length)) return "no-quorum";
  const statement = voteBytes({ networkId, epoch, kind, view, header });
  let previous = -1;
  for (const { validator, signature } of votes) {
    if (validator <= previous) return "unordered-votes";
    previous = validator;
    const signer = validators[validator];
    if (signer === undefined) return "unknown-validator";
    if (!verifySignature(signer.consensusKey, statement, signature)) return "wrong-signature";
  }
  return undefined;
}
