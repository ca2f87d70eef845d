/**
 * Signatures that OpenSSH makes over anything, by a key in a file, behind a passphrase or in an agent: `ssh-keygen -Y sign`.
 *
 * The rules are OpenSSH's PROTOCOL.sshsig: the key signs a preamble, a namespace and the hash of the message, so a signature
 * for one purpose is never one for another, and never one of SSH's own.
 *
 * Deviations: of the key types only Ed25519 is taken, because its verification is the one that every node agrees on; and a
 * blob has one encoding, with an empty reserved field and nothing behind the signature.
 */
import { sha512 } from "@noble/hashes/sha2.js";
import { sha256 } from "#native-crypto";
import { fromBase64, toBase64 } from "./base64.ts";
import { concatBytes, equalBytes, fromUtf8, utf8 } from "./bytes.ts";
import { verifySignature, type PublicKey, type Signature } from "./signature.ts";
import { parseSshPublicKey, readSshStrings, sshBlobOf } from "./ssh-public-key.ts";

/** How the message is hashed before it is signed. */
export type SshHash = "sha256" | "sha512";

/** A signature by an Ed25519 key. */
export interface SshSignature {
  readonly key: PublicKey;
  /** What the signature is for: `git`, `file`, or a program's own word. */
  readonly namespace: string;
  readonly hash: SshHash;
  readonly signature: Signature;
}

/** Why a text is no signature that can be checked: not the format; or the format with a key or hash that is not taken. */
export type SshSignatureRefusal = "malformed" | "unsupported";

/** Characters of an armoured signature; one by an RSA key of 16,000 bits has 6,000. */
export const sshSignatureLengthMax = 8_192;

const MAGIC = utf8("SSHSIG");
const VERSION = 1;
const BEGIN = "-----BEGIN SSH SIGNATURE-----";
const END = "-----END SSH SIGNATURE-----";
const LINE_LENGTH = 70;

/** A signature by a key of any type, its fields as they are. */
export interface AnySshSignature {
  /** The signer's public key as the wire has it. */
  readonly keyBlob: Uint8Array;
  readonly namespace: string;
  readonly hash: SshHash;
  /** The signature's own format, such as `rsa-sha2-512`. */
  readonly format: string;
  /** By the format. */
  readonly value: Uint8Array;
}

/** Reads an armoured signature by an Ed25519 key. Says nothing about whether it holds. Never throws. */
export function parseSshSignature(armoured: string): SshSignature | SshSignatureRefusal {
  const parsed = parseAnySshSignature(armoured);
  if (typeof parsed === "string") return parsed;
  const { keyBlob, namespace, hash, format, value } = parsed;
  const key = parseSshPublicKey(keyBlob);
  if (key === "malformed") return "malformed";
  if (typeof key === "string" || key.type !== "ssh-ed25519") return "unsupported";
  if (value.length !== 64 || format !== "ssh-ed25519") return "malformed";
  return { key: key.key, namespace, hash, signature: Uint8Array.from(value) as Signature };
}

/** Reads an armoured signature by a key of any type. Says nothing about whether it holds. Never throws. */
export function parseAnySshSignature(armoured: string): AnySshSignature | SshSignatureRefusal {
  if (armoured.length > sshSignatureLengthMax) return "malformed";
  const lines = armoured.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n");
  if (lines.length < 3 || lines[0] !== BEGIN || lines.at(-1) !== END) return "malformed";
  const blob = fromBase64(lines.slice(1, -1).join(""));
  return blob === undefined ? "malformed" : parseBlob(blob);
}

/** The armoured text of a signature, as ssh-keygen writes it and `ssh-keygen -Y verify` reads it. */
export function armourSshSignature({ key, namespace, hash, signature }: SshSignature): string {
  const version = new Uint8Array(4);
  new DataView(version.buffer).setUint32(0, VERSION);
  const inner = sshStrings(utf8("ssh-ed25519"), signature);
  const blob = concatBytes(MAGIC, version, sshStrings(sshBlobOf(key), utf8(namespace), utf8(""), utf8(hash), inner));
  const lines = toBase64(blob).match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return `${[BEGIN, ...lines, END].join("\n")}\n`;
}

/** What the key signs when it signs `message` for `namespace`; SHA-512 is ssh-keygen's default. */
export function sshSignedBytes(namespace: string, message: Uint8Array, hash: SshHash = "sha512"): Uint8Array {
  return sshSignedDigest(namespace, hash, hash === "sha512" ? sha512(message) : sha256(message));
}

/** The same, of a message that was hashed already. */
export function sshSignedDigest(namespace: string, hash: SshHash, digest: Uint8Array): Uint8Array {
  return concatBytes(MAGIC, sshStrings(utf8(namespace), utf8(""), utf8(hash), digest));
}

/** Whether the signature holds for `message` in `namespace`, by the ledger's rule for Ed25519. Never throws. */
export function verifySshSignature(
  { key, hash, signature }: Pick<SshSignature, "key" | "hash" | "signature">,
  namespace: string,
  message: Uint8Array,
): boolean {
  return verifySignature(key, sshSignedBytes(namespace, message, hash), signature);
}

function parseBlob(blob: Uint8Array): AnySshSignature | SshSignatureRefusal {
  const start = MAGIC.length + 4;
  if (blob.length < start || !equalBytes(blob.subarray(0, MAGIC.length), MAGIC)) return "malformed";
  if (new DataView(blob.buffer, blob.byteOffset).getUint32(MAGIC.length) !== VERSION) return "unsupported";
  const fields = readSshStrings(blob.subarray(start), 5);
  const [keyBlob, namespaceBytes, reserved, hashBytes, signed] = fields ?? [];
  if (fields?.length !== 5) return "malformed";
  const namespace = fromUtf8(namespaceBytes!);
  const hash = fromUtf8(hashBytes!);
  if (namespace === undefined || namespace === "" || reserved!.length > 0) return "malformed";
  if (hash !== "sha256" && hash !== "sha512") return "unsupported";
  const [formatBytes, value] = readSshStrings(signed!, 2) ?? [];
  const format = formatBytes && fromUtf8(formatBytes);
  if (format === undefined || value === undefined) return "malformed";
  return { keyBlob: keyBlob!, namespace, hash, format, value };
}

/** Length-prefixed strings, one behind the other (RFC 4251, section 5). */
function sshStrings(...fields: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...fields.flatMap((field) => [lengthOf(field), field]));
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return length;
}
