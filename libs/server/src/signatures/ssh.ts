/**
 * Signatures by OpenSSH keys of every type that an account may add: Ed25519, ECDSA on NIST's curves, RSA with SHA-2 (OpenSSH's
 * PROTOCOL.sshsig; RFC 5656, section 3.1.2; RFC 8332; RFC 8709). Nodes need not agree on these verdicts, so the platform gives them.
 */
import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";

import { gitNamespace } from "@guts/ledger";
import { parseSshPublicKey, readSshStrings, sshSignedDigest, type AnySshSignature } from "@guts/primitives";

/** Whether the key that the signature names made it, over `payload` and for git. Never throws. */
export function isSshSignatureOf(signature: AnySshSignature, payload: Uint8Array): boolean {
  const { keyBlob, namespace, hash, format, value } = signature;
  if (namespace !== gitNamespace) return false;
  const digest = createHash(hash).update(payload).digest();
  const signed = sshSignedDigest(namespace, hash, digest);
  const [, ...fields] = readSshStrings(keyBlob, 4) ?? [];
  const parsed = parseSshPublicKey(keyBlob);
  if (typeof parsed === "string") return false;
  try {
    switch (parsed.type) {
      case "ssh-ed25519":
        return (
          format === parsed.type && verify(null, signed, keyOf({ kty: "OKP", crv: "Ed25519", x: fields[0]! }), value)
        );
      case "ssh-rsa":
        return isRsa(format, { signed, value, key: keyOf({ kty: "RSA", e: fields[0]!, n: fields[1]! }) });
      default:
        return format === parsed.type && isEcdsa(parsed.bits, { signed, value, point: fields[1]! });
    }
  } catch {
    // The platform takes fewer keys than the wire format has: an RSA exponent may be one that it refuses.
    return false;
  }
}

function isRsa(
  format: string,
  { signed, value, key }: { readonly signed: Uint8Array; readonly value: Uint8Array; readonly key: KeyObject },
): boolean {
  if (format === "rsa-sha2-512") return verify("sha512", signed, key, value);
  return format === "rsa-sha2-256" && verify("sha256", signed, key, value);
}

const ECDSA_HASHES = { 256: "sha256", 384: "sha384", 521: "sha512" } as const;

function isEcdsa(
  bits: 256 | 384 | 521,
  { signed, value, point }: { readonly signed: Uint8Array; readonly value: Uint8Array; readonly point: Uint8Array },
): boolean {
  const size = Math.ceil(bits / 8);
  const halves = readSshStrings(value, 2)?.map((half) => sized(half, size));
  if (halves?.length !== 2 || halves.includes(undefined)) return false;
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  const key = keyOf({ kty: "EC", crv: `P-${bits}`, x, y });
  return verify(
    ECDSA_HASHES[bits],
    signed,
    { key, dsaEncoding: "ieee-p1363" },
    Buffer.concat(halves as readonly Uint8Array[]),
  );
}

/** An `mpint` in exactly `size` bytes; undefined when it has more. */
function sized(number: Uint8Array, size: number): Uint8Array | undefined {
  const start = number.findIndex((byte) => byte !== 0);
  const bytes = start === -1 ? new Uint8Array() : number.subarray(start);
  return bytes.length > size ? undefined : Buffer.concat([new Uint8Array(size - bytes.length), bytes]);
}

function keyOf(fields: Readonly<Record<string, string | Uint8Array>>): KeyObject {
  const jwk = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      typeof field === "string"
        ? field
        : Buffer.from(name === "e" || name === "n" ? trimmed(field) : field).toString("base64url"),
    ]),
  );
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** A positive `mpint` without the zero that keeps it positive. */
function trimmed(number: Uint8Array): Uint8Array {
  return number[0] === 0 ? number.subarray(1) : number;
}

/** The armour that git's SSH signatures begin with. */
export const sshArmour = "-----BEGIN SSH SIGNATURE-----";
