/** The public part of a key (RFC 9580, section 5.5.2): version 4, with algorithms that signatures are checked by here. */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";

import { OpenPgpFormatError, PacketReader } from "./packets.ts";

/** A primary key or subkey. */
export interface KeyPacket {
  readonly body: Uint8Array;
  readonly createdSeconds: number;
  /** The last 16 hexadecimal digits of the fingerprint, in upper case, as GitHub and gpg show it. */
  readonly keyId: string;
  /** What checks its signatures; undefined for a key that only encrypts, or of an algorithm that is not known here. */
  readonly verifier: Verifier | undefined;
}

/** A key that checks signatures, and how its signatures look. */
export interface Verifier {
  readonly type: "rsa" | "ecdsa" | "eddsa" | "ed25519";
  readonly key: KeyObject;
  /** Bytes of the modulus, or of each half of a signature. */
  readonly size: number;
}

/** Reads the body of a key packet; undefined for another version than 4. Throws `OpenPgpFormatError`. */
export function readKeyPacket(body: Uint8Array): KeyPacket | undefined {
  const reader = new PacketReader(body);
  if (reader.number(1) !== 4) return undefined;
  const createdSeconds = reader.number(4);
  const algorithm = reader.number(1);
  const fingerprint = createHash("sha1").update(hashedKey(body)).digest("hex").toUpperCase();
  return { body, createdSeconds, keyId: fingerprint.slice(-16), verifier: readVerifier(algorithm, reader) };
}

/** A key as signatures hash it (section 5.2.4). */
export function hashedKey(body: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x99, body.length >> 8, body.length & 0xff), body]);
}

function readVerifier(algorithm: number, reader: PacketReader): Verifier | undefined {
  switch (algorithm) {
    case 1:
    case 3:
      return readRsa(reader);
    case 19:
      return readEcdsa(reader);
    case 22:
      return readEddsa(reader);
    case 27:
      return { type: "ed25519", key: ed25519Of(reader.take(32)), size: 32 };
    default:
      return undefined;
  }
}

/** The shortest RSA modulus that is taken, as for SSH keys. */
const rsaBytesMin = 256;
const rsaBytesMax = 2048;

function readRsa(reader: PacketReader): Verifier {
  const [n, e] = [reader.integer(), reader.integer()];
  if (n.length < rsaBytesMin || n.length > rsaBytesMax || e.length > 8)
    throw new OpenPgpFormatError("an RSA key too weak");
  return { type: "rsa", key: keyOf({ kty: "RSA", n: base64url(n), e: base64url(e) }), size: n.length };
}

const curves: Readonly<Record<string, { readonly crv: string; readonly size: number }>> = {
  "2a8648ce3d030107": { crv: "P-256", size: 32 },
  "2b81040022": { crv: "P-384", size: 48 },
  "2b81040023": { crv: "P-521", size: 66 },
};
const ed25519Oid = "2b06010401da470f01";

function readEcdsa(reader: PacketReader): Verifier | undefined {
  const curve = curves[hex(reader.take(reader.number(1)))];
  const point = reader.integer();
  if (curve === undefined) return undefined;
  const { crv, size } = curve;
  if (point.length !== 1 + 2 * size || point[0] !== 4) throw new OpenPgpFormatError("a point of another curve");
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return { type: "ecdsa", key: keyOf({ kty: "EC", crv, x: base64url(x), y: base64url(y) }), size };
}

function readEddsa(reader: PacketReader): Verifier | undefined {
  const oid = hex(reader.take(reader.number(1)));
  const point = reader.integer();
  if (oid !== ed25519Oid) return undefined;
  if (point.length !== 33 || point[0] !== 0x40) throw new OpenPgpFormatError("a point of another curve");
  return { type: "eddsa", key: ed25519Of(point.subarray(1)), size: 32 };
}

function ed25519Of(x: Uint8Array): KeyObject {
  return keyOf({ kty: "OKP", crv: "Ed25519", x: base64url(x) });
}

function keyOf(jwk: { readonly kty: string; readonly [field: string]: string }): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch (cause) {
    throw new OpenPgpFormatError("the numbers are no key", { cause });
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
