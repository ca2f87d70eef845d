/**
 * Hashing and signing with domains: no bytes made for one purpose can be taken for another.
 *
 * Every domain of the project stands in `DOMAINS`, once. Its prefix is one length byte and the ASCII name.
 */
import { sha256 } from "#native-crypto";
import type { Branded } from "./branded.ts";
import { concatBytes, utf8 } from "./bytes.ts";
import { fixed, mapped, type Codec } from "./codec.ts";

/** 32 bytes of SHA-256. */
export type Digest = Branded<Uint8Array, "Digest">;

const DOMAINS = {
  genesis: "guts/v1/genesis",
  transaction: "guts/v1/transaction",
  command: "guts/v1/command",
  authorize: "guts/v1/authorize",
  admit: "guts/v1/admit",
  networkInvitation: "guts/v1/network-invitation",
  keyPossession: "guts/v1/key-possession",
  content: "guts/v1/content",
  header: "guts/v1/header",
  vote: "guts/v1/vote",
  receipt: "guts/v1/receipt",
  packGrant: "guts/v1/pack-grant",
  packRequest: "guts/v1/pack-request",
  validators: "guts/v1/validators",
  result: "guts/v1/result",
  event: "guts/v1/event",
  merkleLeaf: "guts/v1/merkle-leaf",
  merkleNode: "guts/v1/merkle-node",
  mountainRange: "guts/v1/mountain-range",
  stateKey: "guts/v1/state-key",
  stateValue: "guts/v1/state-value",
  stateLeaf: "guts/v1/state-leaf",
  stateNode: "guts/v1/state-node",
  credential: "guts/v1/credential",
  rootSeed: "guts/v1/root-seed",
  recoveryChecksum: "guts/v1/recovery-checksum",
  sshKey: "guts/v1/ssh-key",
  sessionProof: "guts/v1/session-proof",
  signInRequest: "guts/v1/sign-in-request",
  signInCode: "guts/v1/sign-in-code",
  pushCertificate: "guts/v1/push-certificate",
  gpgKey: "guts/v1/gpg-key",
} as const;

/** What a hash or signature is for. */
export type Domain = keyof typeof DOMAINS;

const PREFIXES = Object.fromEntries(
  Object.entries(DOMAINS).map(([domain, name]) => [domain, Uint8Array.of(name.length, ...utf8(name))]),
) as Record<Domain, Uint8Array>;

/** Every domain's text, for the format document and its test. */
export const domainNames: Readonly<Record<Domain, string>> = DOMAINS;

/** The bytes that are hashed or signed for `domain`: its prefix, then the parts in order. */
export function inDomain(domain: Domain, ...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(PREFIXES[domain], ...parts);
}

/** SHA-256 over the domain's prefix and the parts in order. */
export function digestOf(domain: Domain, ...parts: readonly Uint8Array[]): Digest {
  return sha256(inDomain(domain, ...parts)) as Digest;
}

/** A digest of 32 bytes, or undefined. */
export function parseDigest(bytes: Uint8Array): Digest | undefined {
  return bytes.length === 32 ? (bytes as Digest) : undefined;
}

/** 32 zero bytes: the parent of the first block, the root of an empty tree. */
export const zeroDigest = new Uint8Array(32) as Digest;

/** 32 bytes, fixed. */
export const digestCodec: Codec<Digest> = mapped(
  fixed(32),
  (raw) => raw as Digest,
  (digest) => digest,
);
