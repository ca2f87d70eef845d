/** A blob that is taken for a key is one that OpenSSL reads too, and has one spelling: no other bytes stand for the same key. */
import { createPublicKey, type JsonWebKey } from "node:crypto";

import { parseSshPublicKey, sshBlobOf, sshKeyBlobBytesMax, sshRsaBitsMin } from "@guts/primitives";

const string = (text: string): string => `\u0000\u0000\u0000${String.fromCharCode(text.length)}${text}`;
export const dictionary = [
  ...["ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "nistp256", "nistp384", "nistp521"].map(string),
  ...[
    "\u0000\u0000\u0000\u0020",
    "\u0000\u0000\u0001\u0001\u0000",
    "\u0000\u0000\u0000\u0003\u0001\u0000\u0001",
    "\u0004",
  ],
];

export function fuzz(bytes: Uint8Array): void {
  const key = parseSshPublicKey(bytes);
  if (typeof key === "string") return;
  if (bytes.length > sshKeyBlobBytesMax) throw new Error("a blob is too long and was taken");
  if (key.type === "ssh-ed25519" && Buffer.compare(sshBlobOf(key.key), bytes) !== 0)
    throw new Error("two blobs of one key");
  const [type, ...fields] = stringsOf(bytes);
  if (Buffer.concat([type!, ...fields].flatMap((field) => [lengthOf(field), field])).compare(bytes) !== 0)
    throw new Error("bytes behind the key");
  if (key.type === "ssh-rsa" && key.bits < sshRsaBitsMin) throw new Error("a weak key was taken");
  const read = createPublicKey({ key: jwkOf(type!.toString(), fields), format: "jwk" });
  if (key.type === "ssh-rsa" && read.asymmetricKeyDetails?.modulusLength !== key.bits)
    throw new Error("OpenSSL counts other bits");
}

/** RFC 4253 section 6.6, RFC 5656 section 3.1 and RFC 8709, in the terms of RFC 7518 and RFC 8037. */
function jwkOf(type: string, fields: readonly Buffer[]): JsonWebKey {
  const text = (field: Buffer | undefined): string => (field ?? Buffer.alloc(0)).toString("base64url");
  if (type === "ssh-ed25519") return { kty: "OKP", crv: "Ed25519", x: text(fields[0]) };
  if (type === "ssh-rsa") return { kty: "RSA", e: text(fields[0]), n: text(unsigned(fields[1]!)) };
  const [curve, point] = fields as [Buffer, Buffer];
  const half = (point.length - 1) / 2;
  const crv = `P-${curve.toString().slice("nistp".length)}`;
  return { kty: "EC", crv, x: text(point.subarray(1, 1 + half)), y: text(point.subarray(1 + half)) };
}

function unsigned(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}

function stringsOf(bytes: Uint8Array): readonly Buffer[] {
  const rest = Buffer.from(bytes);
  const strings: Buffer[] = [];
  for (let at = 0; at < rest.length;) {
    const length = rest.readUInt32BE(at);
    strings.push(rest.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return strings;
}

function lengthOf({ length }: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}
