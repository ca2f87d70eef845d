/**
 * Ed25519 by the rules of ZIP215.
 *
 * The rule of the ledger is ZIP215 (cofactored verification, non-canonical points allowed), because every
 * implementation of it agrees on every input. OpenSSL's rule is stricter and differs between its releases, but what it
 * accepts ZIP215 accepts too; so a native yes is final and a native no is asked again of `@noble/ed25519`.
 * Keys with a torsion component or a non-canonical encoding never enter the ledger: `isSoundPublicKey`.
 */
import { getPublicKey, hashes, Point, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { acceptedNatively, signNatively } from "#native-crypto";
import type { Branded } from "./branded.ts";
import { fixed, mapped, type Codec } from "./codec.ts";

hashes.sha512 = sha512;

/** 32 bytes of an Ed25519 public key. */
export type PublicKey = Branded<Uint8Array, "PublicKey">;
/** 64 bytes of an Ed25519 signature. Never an identity: the same statement has many signatures. */
export type Signature = Branded<Uint8Array, "Signature">;
/** The 32-byte seed of an Ed25519 private key (RFC 8032). Secret. */
export type PrivateSeed = Branded<Uint8Array, "PrivateSeed">;

/** Codecs of fixed width. */
export const publicKeyCodec: Codec<PublicKey> = mapped(
  fixed(32),
  (raw) => raw as PublicKey,
  (key) => key,
);
export const signatureCodec: Codec<Signature> = mapped(
  fixed(64),
  (raw) => raw as Signature,
  (signature) => signature,
);

/** A public key of 32 bytes, or undefined. Says nothing about its soundness. */
export function parsePublicKey(bytes: Uint8Array): PublicKey | undefined {
  return bytes.length === 32 ? (bytes as PublicKey) : undefined;
}

/** A private seed of 32 bytes, or undefined. */
export function parsePrivateSeed(bytes: Uint8Array): PrivateSeed | undefined {
  return bytes.length === 32 ? (bytes as PrivateSeed) : undefined;
}

/** Whether ZIP215 accepts `signature` of `message` under `publicKey`. Never throws. */
export function verifySignature(publicKey: PublicKey, message: Uint8Array, signature: Signature): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (acceptedNatively(publicKey, message, signature)) return true;
  try {
    return verify(signature, message, publicKey, { zip215: true });
  } catch {
    return false;
  }
}

/** Whether the key is canonically encoded, on the curve, of the prime-order subgroup and not the identity. */
export function isSoundPublicKey(publicKey: PublicKey): boolean {
  try {
    const point = Point.fromBytes(publicKey, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}

/** The public key of a seed. */
export function publicKeyOf(seed: PrivateSeed): PublicKey {
  return getPublicKey(seed) as PublicKey;
}

/** The deterministic signature of `message` (RFC 8032). */
export function signMessage(seed: PrivateSeed, message: Uint8Array): Signature {
  return signNatively(seed, message) as Signature;
}
