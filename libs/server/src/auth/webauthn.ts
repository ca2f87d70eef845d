/**
 * What a passkey signs (W3C Web Authentication Level 3, sections 7.1 and 7.2), without attestation: which make an authenticator is was
 * never asked, so a registration holds a public key on the word of the page, as any sign-up form would.
 *
 * Deviations: keys arrive as SubjectPublicKeyInfo, which browsers give beside COSE (section 5.2.1.1), so nothing here reads CBOR;
 * extensions are not asked for and not read; user verification is always required.
 */
import { createHash, createPublicKey, timingSafeEqual, verify, type KeyObject } from "node:crypto";

/** What a page brings after `navigator.credentials.create`, as bytes. */
export interface Registration {
  readonly id: Uint8Array;
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

/** What a page brings after `navigator.credentials.get`. */
export interface Assertion {
  readonly id: Uint8Array;
  readonly clientData: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
}

/** What the answer must be about: made at one of these origins, for a challenge that `takeChallenge` knows. */
export interface Ceremony {
  readonly origins: readonly string[];
  /** Whether the challenge was drawn for this and not used yet; asking uses it up. */
  readonly takeChallenge: (challenge: string) => boolean;
}

/** Why an answer does not count. */
export type WebauthnRefusal =
  | "malformed"
  | "wrong-type"
  | "wrong-origin"
  | "wrong-challenge"
  | "wrong-relying-party"
  | "user-not-verified"
  | "key-unsupported"
  | "wrong-signature"
  | "counter-went-back";

/** A refusal, or what was proved. */
export type WebauthnVerdict<Proved> =
  | ({ readonly outcome: "verified" } & Proved)
  | { readonly outcome: "refused"; readonly reason: WebauthnRefusal };

/** Bytes of a credential's id; the specification's limit. */
const idBytesMax = 1023;
const flagPresent = 0x01;
const flagVerified = 0x04;
const flagBackedUp = 0x10;
const flagAttested = 0x40;

/** Checks that somebody made this passkey now, here, and was verified by it. */
export function verifyRegistration(
  { id, clientData, authenticatorData, publicKey }: Registration,
  ceremony: Ceremony,
): WebauthnVerdict<{ readonly signCount: number; readonly isBackedUp: boolean }> {
  const client = verifyClientData(clientData, "webauthn.create", ceremony);
  if (typeof client === "string") return refused(client);
  const read = readAuthenticatorData(authenticatorData);
  if (read === undefined || read.credential === undefined || id.length > idBytesMax) return refused("malformed");
  if (!isEqual(read.credential, id)) return refused("malformed");
  const wrong = refuseAuthenticator(read, client.rpId);
  if (wrong !== undefined) return refused(wrong);
  if (readPublicKey(publicKey) === undefined) return refused("key-unsupported");
  return { outcome: "verified", signCount: read.signCount, isBackedUp: (read.flags & flagBackedUp) !== 0 };
}

/** Checks that the passkey with this key signed now, here, and that its person was verified. */
export function verifyAssertion(
  { clientData, authenticatorData, signature }: Assertion,
  known: { readonly publicKey: Uint8Array; readonly signCount: number },
  ceremony: Ceremony,
): WebauthnVerdict<{ readonly signCount: number }> {
  const client = verifyClientData(clientData, "webauthn.get", ceremony);
  if (typeof client === "string") return refused(client);
  const read = readAuthenticatorData(authenticatorData);
  if (read === undefined) return refused("malformed");
  const wrong = refuseAuthenticator(read, client.rpId);
  if (wrong !== undefined) return refused(wrong);
  const key = readPublicKey(known.publicKey);
  if (key === undefined) return refused("key-unsupported");
  const message = Buffer.concat([authenticatorData, sha256(clientData)]);
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  if (!verify(hash, message, key, signature)) return refused("wrong-signature");
  // Zero says that it does not count (synced passkeys). One that counts and stands still or goes back may be a copy.
  const counts = read.signCount !== 0 || known.signCount !== 0;
  if (counts && read.signCount <= known.signCount) return refused("counter-went-back");
  return { outcome: "verified", signCount: read.signCount };
}

/** Whose page it was: the origin's host is the relying party. */
function verifyClientData(
  bytes: Uint8Array,
  type: "webauthn.create" | "webauthn.get",
  { origins, takeChallenge }: Ceremony,
): { readonly rpId: string } | WebauthnRefusal {
  const data = parseObject(bytes);
  if (data === undefined) return "malformed";
  if (data["type"] !== type) return "wrong-type";
  const { origin, challenge } = data;
  if (typeof origin !== "string" || !origins.includes(origin) || data["crossOrigin"] === true) return "wrong-origin";
  if (typeof challenge !== "string" || !takeChallenge(challenge)) return "wrong-challenge";
  return { rpId: new URL(origin).hostname };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

interface AuthenticatorData {
  readonly rpIdHash: Uint8Array;
  readonly flags: number;
  readonly signCount: number;
  /** Of a new credential only. */
  readonly credential: Uint8Array | undefined;
}

/** Section 6.1: 32 bytes of hash, flags, a counter; then of a new credential 16 bytes of make, and its id after its length. */
function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  if (bytes.length < 37) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fixed = { rpIdHash: bytes.subarray(0, 32), flags: view.getUint8(32), signCount: view.getUint32(33) };
  if ((fixed.flags & flagAttested) === 0) return { ...fixed, credential: undefined };
  if (bytes.length < 55) return undefined;
  const length = view.getUint16(53);
  if (length === 0 || length > idBytesMax || bytes.length < 55 + length) return undefined;
  return { ...fixed, credential: bytes.subarray(55, 55 + length) };
}

function refuseAuthenticator({ rpIdHash, flags }: AuthenticatorData, rpId: string): WebauthnRefusal | undefined {
  if (!isEqual(rpIdHash, sha256(Buffer.from(rpId)))) return "wrong-relying-party";
  const isVerified = (flags & flagPresent) !== 0 && (flags & flagVerified) !== 0;
  return isVerified ? undefined : "user-not-verified";
}

/** A key of one of the algorithms that pages ask for: Ed25519 (-8), ECDSA on P-256 (-7), RSA of 2048 bits or more (-257). */
function readPublicKey(der: Uint8Array): KeyObject | undefined {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "ed25519") return key;
  if (key.asymmetricKeyType === "ec") return namedCurve === "prime256v1" ? key : undefined;
  const isSoundRsa = key.asymmetricKeyType === "rsa" && modulusLength >= 2048 && modulusLength <= 8192;
  return isSoundRsa ? key : undefined;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function refused(reason: WebauthnRefusal): { readonly outcome: "refused"; readonly reason: WebauthnRefusal } {
  return { outcome: "refused", reason };
}

/**
 * Where passkeys of a node are made and used: its own address. A browser makes none for a numeric address, so a node on the loopback
 * interface also answers for `localhost` on its port.
 */
export function passkeyOrigins(baseUrl: string): readonly string[] {
  const { origin, hostname, protocol, port } = new URL(baseUrl);
  const isLoopback = hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost";
  if (isLoopback) return [`${protocol}//localhost${port === "" ? "" : `:${port}`}`];
  const isNumeric = hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
  return isNumeric ? [] : [origin];
}
