/** Signed payloads of one kilobyte, and blocks of them. */
import {
  concatBytes,
  inDomain,
  publicKeyOf,
  signMessage,
  verifySignature,
  type PrivateSeed,
  type Signature,
} from "@guts/primitives";

const seed = new Uint8Array(32).fill(9) as PrivateSeed;
const key = publicKeyOf(seed);
const signatureLength = 64;

/** Bytes of a payload: {submission time f64, number f64, filling, signature}. */
export const payloadBytes = 1024;

/** A payload that was submitted at `timeMs`. */
export function makePayload(number: number, timeMs: number): Uint8Array {
  const statement = new Uint8Array(payloadBytes - signatureLength);
  const view = new DataView(statement.buffer);
  view.setFloat64(0, timeMs);
  view.setFloat64(8, number);
  return concatBytes(statement, signMessage(seed, inDomain("authorize", statement)));
}

export function isSigned(payload: Uint8Array): boolean {
  const statement = payload.subarray(0, -signatureLength);
  return verifySignature(key, inDomain("authorize", statement), payload.subarray(-signatureLength) as Signature);
}

/** When it was submitted, and its number. */
export function readPayload(payload: Uint8Array): { readonly timeMs: number; readonly number: number } {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { timeMs: view.getFloat64(0), number: view.getFloat64(8) };
}

/** The payloads in a block's body. */
export function payloadsIn(body: Uint8Array): readonly Uint8Array[] {
  const count = body.length / payloadBytes;
  return Array.from({ length: count }, (_, index) => body.subarray(index * payloadBytes, (index + 1) * payloadBytes));
}
