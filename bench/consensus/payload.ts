/** What is ordered: one kilobyte that somebody has signed. */
import { createHash } from "node:crypto";
import {
  parsePrivateSeed,
  parsePublicKey,
  publicKeyOf,
  signMessage,
  verifySignature,
  type PrivateSeed,
  type PublicKey,
  type Signature,
} from "@guts/primitives";

/** Bytes of a payload: public key, signature, and what was signed. */
export const payloadBytes = 1024;
const keyBytes = 32;
const messageOffset = keyBytes + 64;

/** Somebody who signs payloads. */
export class Author {
  readonly #seed: PrivateSeed;
  readonly #key: PublicKey;
  #count = 0;

  constructor(name: string) {
    this.#seed = seedOf(`author ${name}`);
    this.#key = publicKeyOf(this.#seed);
  }

  /** Another payload; no two are the same. */
  sign(): Uint8Array {
    const payload = new Uint8Array(payloadBytes);
    new DataView(payload.buffer).setFloat64(messageOffset, this.#count++);
    payload.set(this.#key);
    payload.set(signMessage(this.#seed, payload.subarray(messageOffset)), keyBytes);
    return payload;
  }
}

/** Whether the payload is what its author signed. */
export function verifyPayload(payload: Uint8Array): boolean {
  const key = parsePublicKey(payload.subarray(0, keyBytes));
  const signature = payload.subarray(keyBytes, messageOffset) as Signature;
  return key !== undefined && verifySignature(key, payload.subarray(messageOffset), signature);
}

/** A name for maps. */
export function payloadName(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest().toString("latin1");
}

/** A private seed by name. */
export function seedOf(name: string): PrivateSeed {
  return parsePrivateSeed(new Uint8Array(createHash("sha256").update(name).digest()))!;
}
