/** Votes signed and verified with Ed25519. */
import { assert, signMessage, verifySignature, type PrivateSeed } from "@guts/primitives";
import { voteBytes, type Validator } from "@guts/verifier";
import type { VoteSignatures } from "./ports.ts";

/** The signatures of the ledger. An observer has no seed and never signs. */
export function ed25519Signatures(validators: readonly Validator[], seed: PrivateSeed | undefined): VoteSignatures {
  return {
    sign(statement) {
      assert(seed !== undefined, "an observer signs");
      return signMessage(seed, voteBytes(statement));
    },
    verify(validator, statement, signature) {
      const signer = validators[validator];
      return signer !== undefined && verifySignature(signer.consensusKey, voteBytes(statement), signature);
    },
  };
}
