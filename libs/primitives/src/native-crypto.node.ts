/** What the host does faster than JavaScript: SHA-256, and Ed25519 by OpenSSL. */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const keyCacheMax = 4096;
const publicKeyByHex = new Map<string, KeyObject>();
/** By the array that holds the seed, so that a key is kept exactly as long as its seed. */
const keptPrivateKeys = new WeakMap<Uint8Array, { readonly seed: Buffer; readonly key: KeyObject }>();

/** SHA-256 of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = hash("sha256", bytes, "buffer");
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}

function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString("latin1");
  let key = publicKeyByHex.get(name);
  if (key === undefined) {
    key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
    if (publicKeyByHex.size >= keyCacheMax) publicKeyByHex.clear();
    publicKeyByHex.set(name, key);
  }
  return key;
}

/** Whether OpenSSL accepts the signature: a strict subset of ZIP215, so only a yes is an answer. */
export function acceptedNatively(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, publicKeyObject(publicKey), signature);
  } catch {
    return false; // OpenSSL refuses the key itself; ZIP215 decides.
  }
}

/** The deterministic Ed25519 signature of RFC 8032, 64 bytes. */
export function signNatively(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const signature = sign(null, message, privateKeyObject(seed));
  return new Uint8Array(signature.buffer, signature.byteOffset, signature.length);
}

/** Reading a key costs OpenSSL more than twice what signing does. */
function privateKeyObject(seed: Uint8Array): KeyObject {
  const kept = keptPrivateKeys.get(seed);
  // A copy tells whether somebody wrote into the array since.
  if (kept !== undefined && kept.seed.equals(seed)) return kept.key;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  keptPrivateKeys.set(seed, { seed: Buffer.from(seed), key });
  return key;
}
