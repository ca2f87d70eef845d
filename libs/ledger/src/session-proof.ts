/**
 * Whose request it is that brings a signed transaction to a node's sign-up or recovery.
 *
 * Everybody who has the chain has the transaction, signature and all, and a node starts a session for who brings it. So the
 * client that signs draws a proof as well, sends it to that node alone, and puts its digest where only the signer can: the
 * idempotency key. Whoever reads the transaction in a block cannot bring it again as their own.
 */
import { digestOf } from "@guts/primitives";
import { idempotencyKeyLength } from "./tables.ts";

/** Bytes of a proof, drawn at random. */
export const sessionProofLength = 32;

/** The idempotency key of a transaction that is to start a session for who has `proof`. */
export function idempotencyKeyOfProof(proof: Uint8Array): Uint8Array {
  return digestOf("sessionProof", proof).subarray(0, idempotencyKeyLength);
}
