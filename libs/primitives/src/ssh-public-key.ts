/**
 * OpenSSH public keys as the wire has them: RFC 4253 section 6.6 (rsa), RFC 5656 section 3.1 (ecdsa), RFC 8709
 * (ed25519).
 *
 * Deviation: an encoding that OpenSSH reads leniently (superfluous zero bytes, bytes behind the key) is refused, so that
 * one key has one blob and one id.
 */
import { sha256 } from "#native-crypto";
import { concatBytes, equalBytes, utf8 } from "./bytes.ts";
import { parsePublicKey, type PublicKey } from "./signature.ts";

/** Bytes of a public key's blob: an RSA key of 16,000 bits fits. */
export const sshKeyBlobBytesMax = 2_048;
/** The shortest RSA modulus that is taken. */
export const sshRsaBitsMin = 2_048;

/** A key that a signature can be checked with. `ed25519` has its key, which must still be examined for soundness. */
export type SshPublicKey =
  | { readonly type: "ssh-ed25519"; readonly bits: 256; readonly key: PublicKey }
  | { readonly type: `ecdsa-sha2-nistp${256 | 384 | 521}`; readonly bits: 256 | 384 | 521 }
  | { readonly type: "ssh-rsa"; readonly bits: number };

/** Why a blob is no key that may be used: not the format; an RSA key that is too short; a type that is not known. */
export type SshKeyRefusal = "malformed" | "weak" | "unsupported";

/** Reads a blob. Never throws. */
export function parseSshPublicKey(blob: Uint8Array): SshPublicKey | SshKeyRefusal {
  if (blob.length > sshKeyBlobBytesMax) return "malformed";
  const strings = readSshStrings(blob, 4);
  const [name, ...rest] = strings ?? [];
  if (name === undefined || name.length === 0 || name.length > 64) return "malformed";
  const type = String.fromCharCode(...name);
  if (!/^[\x21-\x7e]+$/.test(type)) return "malformed";
  if (type === "ssh-ed25519") return parseEd25519(rest);
  if (type === "ssh-rsa") return parseRsa(rest);
  const curve = curves.find(({ id }) => type === `ecdsa-sha2-${id}`);
  if (curve !== undefined) return parseEcdsa(curve, rest);
  return type === "ssh-dss" ? "weak" : "unsupported";
}

/** SHA-256 of a key's blob: what OpenSSH shows in base64 as the key's fingerprint. */
export function sshFingerprintOf(blob: Uint8Array): Uint8Array {
  return sha256(blob);
}

/** The blob of an Ed25519 key. */
export function sshBlobOf(key: PublicKey): Uint8Array {
  const name = utf8("ssh-ed25519");
  return concatBytes(Uint8Array.of(0, 0, 0, name.length), name, Uint8Array.of(0, 0, 0, 32), key);
}

/** The length-prefixed strings that make up all of the bytes, at most `countMax`, or undefined (RFC 4251, section 5). */
export function readSshStrings(bytes: Uint8Array, countMax: number): readonly Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: Uint8Array[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes.length - offset < 4 || strings.length === countMax) return undefined;
    const length = view.getUint32(offset);
    offset += 4;
    if (length > bytes.length - offset) return undefined;
    strings.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return strings;
}

function parseEd25519(fields: readonly Uint8Array[]): SshPublicKey | SshKeyRefusal {
  const [raw] = fields;
  const key = fields.length === 1 && raw !== undefined ? parsePublicKey(Uint8Array.from(raw)) : undefined;
  return key === undefined ? "malformed" : { type: "ssh-ed25519", bits: 256, key };
}

function parseRsa(fields: readonly Uint8Array[]): SshPublicKey | SshKeyRefusal {
  const [exponentBytes, modulusBytes] = fields;
  if (fields.length !== 2 || exponentBytes === undefined || modulusBytes === undefined) return "malformed";
  const [exponent, modulus] = [positiveOf(exponentBytes), positiveOf(modulusBytes)];
  if (exponent === undefined || modulus === undefined) return "malformed";
  const bits = bitLengthOf(modulusBytes);
  const isOdd = (exponent & 1n) === 1n && (modulus & 1n) === 1n;
  if (!isOdd || exponent < 3n || exponentBytes.length > 9) return "malformed";
  return bits < sshRsaBitsMin ? "weak" : { type: "ssh-rsa", bits };
}

interface Curve {
  readonly id: `nistp${256 | 384 | 521}`;
  readonly bits: 256 | 384 | 521;
  /** The field's prime and the constant b of y^2 = x^3 - 3x + b (SEC 2, FIPS 186-4). */
  readonly p: bigint;
  readonly b: bigint;
}

const curves: readonly Curve[] = [
  {
    id: "nistp256",
    bits: 256,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  {
    id: "nistp384",
    bits: 384,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  {
    id: "nistp521",
    bits: 521,
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
];

function parseEcdsa(curve: Curve, fields: readonly Uint8Array[]): SshPublicKey | SshKeyRefusal {
  const [id, point] = fields;
  if (fields.length !== 2 || id === undefined || point === undefined) return "malformed";
  const size = Math.ceil(curve.bits / 8);
  const isUncompressed = equalBytes(id, utf8(curve.id)) && point.length === 1 + 2 * size && point[0] === 4;
  if (!isUncompressed) return "malformed";
  const [x, y] = [integerOf(point.subarray(1, 1 + size)), integerOf(point.subarray(1 + size))];
  const { p, b } = curve;
  const isOnCurve = x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
  return isOnCurve ? { type: `ecdsa-sha2-${curve.id}`, bits: curve.bits } : "malformed";
}

/** An `mpint` above zero in its shortest form. */
function positiveOf(bytes: Uint8Array): bigint | undefined {
  const [first, second] = bytes;
  if (first === undefined || first >= 128) return undefined;
  if (first === 0 && (second === undefined || second < 128)) return undefined;
  return integerOf(bytes);
}

function bitLengthOf(positive: Uint8Array): number {
  const start = positive[0] === 0 ? 1 : 0;
  return 8 * (positive.length - start) - (Math.clz32(positive[start]!) - 24);
}

function integerOf(bytes: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}
