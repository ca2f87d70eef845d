/** The browser's side of `native-crypto.node.ts`: everything in JavaScript, for few and small inputs. */
import { sign } from "@noble/ed25519";
import { sha256 as sha256OfNoble } from "@noble/hashes/sha2.js";

/** SHA-256 of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256OfNoble(bytes);
}

/** There is no native verifier here: ZIP215 in JavaScript decides. */
export function acceptedNatively(): boolean {
  return false;
}

/** The deterministic Ed25519 signature of RFC 8032, 64 bytes. */
export function signNatively(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sign(message, seed);
}
