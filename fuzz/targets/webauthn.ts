/**
 * Whatever a page says that an authenticator signed, it counts only for its origin, its challenge, a person who was verified, and
 * under a signature that holds. An input is client data after its length in two bytes, then authenticator data after its length in
 * two bytes, then a signature.
 */
import { createHash, createPublicKey, verify } from "node:crypto";

import { verifyAssertion, verifyRegistration, type Ceremony } from "@guts/server/webauthn";

export const dictionary = [
  ...[
    '{"type":"webauthn.get","challenge":"',
    '{"type":"webauthn.create","challenge":"',
    '","origin":"',
    '","crossOrigin":true}',
  ],
  ...["https://forge.example", "AAEC", "\u0005", "\u0045", "\u0000\u0000\u0000\u0001", "\\u0000", "__proto__"],
];

const origin = "https://forge.example";
const challenge = "AAEC";
const ceremony: Ceremony = { origins: [origin], takeChallenge: (given) => given === challenge };
/** The Ed25519 key that signed the corpus, from 32 bytes of 7. */
const publicKey = Buffer.from(
  "302a300506032b6570032100ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
  "hex",
);

export function fuzz(bytes: Uint8Array): void {
  const [clientData, behind] = take(bytes);
  const [authenticatorData, signature] = take(behind);
  const id = authenticatorData.subarray(55, 55 + ((authenticatorData[53] ?? 0) << 8) + (authenticatorData[54] ?? 0));
  const made = verifyRegistration({ id, clientData, authenticatorData, publicKey }, ceremony);
  if (made.outcome === "verified") {
    assertSaid("webauthn.create", clientData, authenticatorData);
    if (id.length === 0 || id.length > 1023) throw new Error("a passkey without an id, or with one too long");
  }
  const used = verifyAssertion({ id, clientData, authenticatorData, signature }, { publicKey, signCount: 0 }, ceremony);
  if (used.outcome === "refused") return;
  assertSaid("webauthn.get", clientData, authenticatorData);
  const key = createPublicKey({ key: publicKey, format: "der", type: "spki" });
  const signed = Buffer.concat([authenticatorData, createHash("sha256").update(clientData).digest()]);
  if (!verify(null, signed, key, signature)) throw new Error("a signature that does not hold was taken");
}

function take(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const length = ((bytes[0] ?? 0) << 8) + (bytes[1] ?? 0);
  return [bytes.subarray(2, 2 + length), bytes.subarray(2 + length)];
}

function assertSaid(type: string, clientData: Uint8Array, authenticatorData: Uint8Array): void {
  const said = JSON.parse(Buffer.from(clientData).toString("utf8")) as Readonly<Record<string, unknown>>;
  const isOurs = said["type"] === type && said["origin"] === origin && said["challenge"] === challenge;
  if (!isOurs) throw new Error("what was signed for another purpose, place or moment was taken");
  const host = createHash("sha256").update("forge.example").digest();
  if (!host.equals(authenticatorData.subarray(0, 32))) throw new Error("another relying party's passkey was taken");
  if (((authenticatorData[32] ?? 0) & 0x05) !== 0x05) throw new Error("nobody was there, and it was taken");
}
