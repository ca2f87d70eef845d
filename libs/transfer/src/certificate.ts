/**
 * The certificate of a pack channel: made when the node starts, pinned by every grant, forgotten when it stops.
 *
 * It names nobody and is believed by nobody; what counts is its SHA-256 in a grant that the node signed. So it is the least
 * X.509 that TLS accepts (RFC 5280, RFC 8410): version 3, serial 1, no extension, valid for ever. Sixty lines of DER instead of
 * a library: docs/adr/0011-replication.md.
 */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { Digest } from "@guts/primitives";

/** A certificate with its private key, for `node:tls`. */
export interface ChannelCertificate {
  /** Both in PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  /** SHA-256 of the certificate's DER: what peers pin. */
  readonly fingerprint: Digest;
}

/** Makes a fresh Ed25519 key and its certificate. */
export function makeChannelCertificate(): ChannelCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const body = certificateBody(publicKey.export({ type: "spki", format: "der" }));
  const signature = Buffer.concat([Buffer.of(0), sign(null, body, privateKey)]);
  const raw = der(SEQUENCE, body, ED25519, der(BIT_STRING, signature));
  return {
    certificate: pem(raw),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    fingerprint: fingerprintOf(raw),
  };
}

/** SHA-256 of a certificate's DER. */
export function fingerprintOf(certificate: Uint8Array): Digest {
  return Uint8Array.from(createHash("sha256").update(certificate).digest()) as Digest;
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT_0 = 0xa0;

/** One value of DER (X.690): tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

/** 1.3.101.112, with no parameters (RFC 8410). */
const ED25519 = der(SEQUENCE, der(OBJECT_ID, Buffer.of(0x2b, 0x65, 0x70)));
/** 2.5.4.3, commonName. */
const NAME = der(
  SEQUENCE,
  der(SET, der(SEQUENCE, der(OBJECT_ID, Buffer.of(0x55, 0x04, 0x03)), der(UTF8_STRING, Buffer.from("guts-packs")))),
);
/** From 1970 to "no well-defined expiration" (RFC 5280, 4.1.2.5). */
const VALIDITY = der(
  SEQUENCE,
  der(UTC_TIME, Buffer.from("700101000000Z")),
  der(GENERALIZED_TIME, Buffer.from("99991231235959Z")),
);

function certificateBody(subjectPublicKeyInfo: Uint8Array): Buffer {
  const version = der(EXPLICIT_0, der(INTEGER, Buffer.of(2)));
  const serial = der(INTEGER, Buffer.of(1));
  return der(SEQUENCE, version, serial, ED25519, NAME, VALIDITY, NAME, subjectPublicKeyInfo);
}

function pem(raw: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${raw.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}
