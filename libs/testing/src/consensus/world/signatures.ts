import type { VoteSignatures } from "@guts/consensus";
import { signMessage, verifySignature, type PrivateSeed, type Signature } from "@guts/primitives";
import { voteBytes, type Validator, type VoteStatement } from "@guts/verifier";
import { TraceHash } from "./trace-hash.ts";

/** Signatures of one network: whoever simulates a validator signs with its number, and with no other. */
export interface NetworkSignatures {
  sign(validator: number, statement: VoteStatement): Signature;
  verify: VoteSignatures["verify"];
}

/**
 * Signatures that cost a microsecond: a hash of who signed what. Anyone could forge them, and nobody in a simulation does;
 * they are wrong for any other validator, epoch, view, kind or block, as real ones are.
 */
export const cheapSignatures: NetworkSignatures = {
  sign(validator, statement) {
    const signature = new Uint8Array(64);
    signature.set(cheapHash(validator, statement));
    return signature as Signature;
  },
  verify(validator, statement, signature) {
    const expected = cheapHash(validator, statement);
    return expected.every((byte, index) => signature[index] === byte);
  },
};

function cheapHash(validator: number, { networkId, epoch, kind, view, header }: VoteStatement): Uint8Array {
  const hash = new TraceHash();
  hash.addText(kind);
  for (const part of [validator, epoch, view]) hash.addNumber(part);
  hash.addBytes(networkId);
  hash.addBytes(header);
  return Uint8Array.from(hash.digest(), (digit) => digit.charCodeAt(0));
}

/** Ed25519, as in a real network. */
export function realSignatures(seeds: readonly PrivateSeed[], validators: readonly Validator[]): NetworkSignatures {
  return {
    sign: (validator, statement) => signMessage(seeds[validator]!, voteBytes(statement)),
    verify: (validator, statement, signature) =>
      verifySignature(validators[validator]!.consensusKey, voteBytes(statement), signature),
  };
}
