/** Signatures (RFC 9580, section 5.2): version 4, with SHA-2. */
import { createHash, verify } from "node:crypto";

import type { KeyPacket, Verifier } from "./key-packet.ts";
import { PacketReader, readLength } from "./packets.ts";

/** What of a signature's statement is read here. Times are seconds since 1970. */
export interface Signature {
  readonly type: number;
  readonly hash: string;
  readonly createdSeconds: number;
  /** Seconds from then to the signature's own end; undefined for none. */
  readonly lifeSeconds: number | undefined;
  /** The key that made it, as `KeyPacket.keyId`; undefined when it does not say. */
  readonly issuer: string | undefined;
  /** Seconds from the key's creation to its end; undefined for none. */
  readonly keyLifeSeconds: number | undefined;
  readonly flags: number | undefined;
  /** A subkey's own signature over the primary key. */
  readonly embedded: Uint8Array | undefined;
  /** What is hashed behind the signed things. */
  readonly trailer: Uint8Array;
  readonly value: Uint8Array;
}

const hashes: Readonly<Record<number, string>> = { 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224" };

/** Reads the body of a signature packet; undefined for a version or hash that proves nothing here. Throws `OpenPgpFormatError`. */
export function readSignature(body: Uint8Array): Signature | undefined {
  const reader = new PacketReader(body);
  if (reader.number(1) !== 4) return undefined;
  const type = reader.number(1);
  reader.take(1);
  const hash = hashes[reader.number(1)];
  const hashedLength = reader.number(2);
  const hashed = readSubpackets(reader.take(hashedLength));
  const unhashed = readSubpackets(reader.take(reader.number(2)));
  reader.take(2);
  const created = hashed.get(2);
  if (hash === undefined || created === undefined) return undefined;
  const signedPart = body.subarray(0, 6 + hashedLength);
  return {
    type,
    hash,
    createdSeconds: new PacketReader(created).number(4),
    lifeSeconds: lifeOf(hashed.get(3)),
    issuer: issuerOf(hashed) ?? issuerOf(unhashed),
    keyLifeSeconds: lifeOf(hashed.get(9)),
    flags: hashed.get(27)?.[0],
    // It proves itself, so it may stand where nothing vouches for it.
    embedded: hashed.get(32) ?? unhashed.get(32),
    trailer: Buffer.concat([signedPart, Uint8Array.of(4, 0xff), lengthOf(signedPart.length)]),
    value: reader.rest(),
  };
}

/** By its fingerprint, or by the key id that older programs write. */
function issuerOf(subpackets: ReadonlyMap<number, Uint8Array>): string | undefined {
  const fingerprint = subpackets.get(33);
  const keyId = fingerprint?.length === 21 && fingerprint[0] === 4 ? fingerprint.subarray(13) : subpackets.get(16);
  return keyId?.length === 8 ? Buffer.from(keyId).toString("hex").toUpperCase() : undefined;
}

/** Whether `signer` made the signature over these bytes. */
export function isSignedBy({ verifier }: KeyPacket, signature: Signature, signed: readonly Uint8Array[]): boolean {
  if (verifier === undefined) return false;
  const data = Buffer.concat([...signed, signature.trailer]);
  const value = valueOf(verifier, new PacketReader(signature.value));
  const { key, type } = verifier;
  if (type === "eddsa" || type === "ed25519")
    return verify(null, createHash(signature.hash).update(data).digest(), key, value);
  return verify(signature.hash, data, type === "ecdsa" ? { key, dsaEncoding: "ieee-p1363" } : key, value);
}

/** The signature as the platform wants it: one number, or two of the same size. */
function valueOf({ type, size }: Verifier, reader: PacketReader): Uint8Array {
  if (type === "ed25519") return reader.take(64);
  const first = padded(reader.integer(), size);
  return type === "rsa" ? first : Buffer.concat([first, padded(reader.integer(), size)]);
}

function padded(number: Uint8Array, size: number): Uint8Array {
  return number.length >= size ? number : Buffer.concat([new Uint8Array(size - number.length), number]);
}

/** The last subpacket of each type counts. */
function readSubpackets(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const reader = new PacketReader(bytes);
  const found = new Map<number, Uint8Array>();
  while (!reader.isAtEnd) {
    const [type = 0, ...rest] = reader.take(readLength(reader));
    found.set(type & 0x7f, Uint8Array.from(rest));
  }
  return found;
}

function lifeOf(bytes: Uint8Array | undefined): number | undefined {
  const seconds = bytes === undefined ? 0 : new PacketReader(bytes).number(4);
  return seconds === 0 ? undefined : seconds;
}

function lengthOf(length: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}
