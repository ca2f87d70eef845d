/**
 * What an OpenPGP public key says of itself (RFC 9580, section 10.1): whose it is, until when it is good, what it and its
 * subkeys are for.
 *
 * Only what the key has signed itself counts, with SHA-2; signatures of others, photographs and what is not bound are
 * passed over. Keys of version 4, which is what gpg makes; RSA, ECDSA and Ed25519.
 */
import { openPgpLimits } from "./limits.ts";
import { hashedKey, readKeyPacket, type KeyPacket } from "./key-packet.ts";
import { OpenPgpFormatError, readPackets, type Packet } from "./packets.ts";
import { isSignedBy, readSignature, type Signature } from "./signature.ts";

/** A key or subkey with what it is for. */
export interface OpenPgpKeyPart {
  readonly keyId: string;
  /** Its packet's contents. */
  readonly body: Uint8Array;
  /** Milliseconds since 1970; undefined: it does not expire. */
  readonly expiresMs: number | undefined;
  readonly isRevoked: boolean;
  readonly canSign: boolean;
  readonly canCertify: boolean;
  readonly canEncryptComms: boolean;
  readonly canEncryptStorage: boolean;
}

/** A public key with its bound subkeys. */
export interface OpenPgpPublicKey extends OpenPgpKeyPart {
  /** E-mail addresses of its user ids that it has not revoked. */
  readonly emails: readonly string[];
  readonly subkeys: readonly OpenPgpKeyPart[];
}

/**
 * Why bytes are no key that is taken: not the format, or more than one key; a version or algorithm that is not known here;
 * nothing that the key has signed itself with SHA-2.
 */
export type OpenPgpRefusal = "malformed" | "unsupported" | "unbound";

/** Reads the packets of one public key. Never throws. */
export function readPublicKey(bytes: Uint8Array): OpenPgpPublicKey | OpenPgpRefusal {
  try {
    return read(readPackets(bytes));
  } catch (error) {
    if (error instanceof OpenPgpFormatError) return "malformed";
    throw error;
  }
}

const tags = { signature: 2, publicKey: 6, userId: 13, publicSubkey: 14 } as const;
const signatureTypes = { certifications: [0x10, 0x11, 0x12, 0x13], subkey: 0x18, primary: 0x19, direct: 0x1f } as const;
const revocations = { key: 0x20, subkey: 0x28, certification: 0x30 } as const;
const flags = { certify: 0x01, sign: 0x02, encryptComms: 0x04, encryptStorage: 0x08 } as const;

/** A thing that signatures follow. */
interface Component {
  readonly head: Packet;
  readonly signatures: readonly Signature[];
}

function read(packets: readonly Packet[]): OpenPgpPublicKey | OpenPgpRefusal {
  const [first, ...others] = componentsOf(packets);
  if (first?.head.tag !== tags.publicKey || others.some(({ head }) => head.tag === tags.publicKey)) return "malformed";
  const primary = readKeyPacket(first.head.body);
  if (primary?.verifier === undefined) return "unsupported";
  const direct = madeBy(primary, first.signatures, [hashedKey(primary.body)]);
  const userIds = others.filter(({ head }) => head.tag === tags.userId).map((each) => userIdOf(primary, each));
  const live = userIds.filter(({ certification }) => certification !== undefined);
  const statements = [
    ...direct.filter(({ type }) => type === signatureTypes.direct),
    ...live.map((each) => each.certification!),
  ];
  const newest = newestOf(statements);
  if (newest === undefined) return "unbound";
  const subkeys = others.filter(({ head }) => head.tag === tags.publicSubkey);
  return {
    ...partOf(primary, newest),
    isRevoked: direct.some(({ type }) => type === revocations.key),
    emails: [...new Set(live.flatMap(({ email }) => email ?? []))],
    subkeys: subkeys.slice(0, openPgpLimits.subkeysMax).flatMap((each) => subkeyOf(primary, each) ?? []),
  };
}

/** Keys, user ids and subkeys with the signatures behind each; what a key has besides is left out with its signatures. */
function componentsOf(packets: readonly Packet[]): readonly Component[] {
  const components: { head: Packet; signatures: Signature[] }[] = [];
  let signatureCount = 0;
  for (const packet of packets) {
    if (packet.tag !== tags.signature) components.push({ head: packet, signatures: [] });
    else if (signatureCount++ < openPgpLimits.signaturesMax) {
      const signature = readSignature(packet.body);
      if (signature !== undefined) components.at(-1)?.signatures.push(signature);
    }
  }
  return components;
}

function madeBy(
  signer: KeyPacket,
  signatures: readonly Signature[],
  signed: readonly Uint8Array[],
): readonly Signature[] {
  return signatures.filter((signature) => isSignedBy(signer, signature, signed));
}

function newestOf(signatures: readonly Signature[]): Signature | undefined {
  return signatures.toSorted((left, right) => right.createdSeconds - left.createdSeconds)[0];
}

/** A user id's e-mail address with the newest statement that binds it; none where it was revoked since. */
function userIdOf(primary: KeyPacket, { head, signatures }: Component) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.body.length);
  const own = madeBy(primary, signatures, [hashedKey(primary.body), Uint8Array.of(0xb4), length, head.body]);
  const certification = newestOf(own.filter(({ type }) => signatureTypes.certifications.includes(type as 0x10)));
  const revocation = newestOf(own.filter(({ type }) => type === revocations.certification));
  const isRevoked = (revocation?.createdSeconds ?? -1) >= (certification?.createdSeconds ?? 0);
  return { email: emailIn(head.body), certification: isRevoked ? undefined : certification };
}

function emailIn(userId: Uint8Array): string | undefined {
  const text = Buffer.from(userId).toString("utf8");
  const address = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  return /^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/.test(address) ? address : undefined;
}

/** A subkey that the primary key has bound; one that signs has said itself that it belongs to it, too. */
function subkeyOf(primary: KeyPacket, { head, signatures }: Component): OpenPgpKeyPart | undefined {
  const key = readKeyPacket(head.body);
  if (key === undefined) return undefined;
  const signed = [hashedKey(primary.body), hashedKey(key.body)];
  const own = madeBy(primary, signatures, signed);
  const binding = newestOf(own.filter(({ type }) => type === signatureTypes.subkey));
  if (binding === undefined) return undefined;
  const back = binding.embedded === undefined ? undefined : readSignature(binding.embedded);
  const isMutual = back?.type === signatureTypes.primary && isSignedBy(key, back, signed);
  const part = partOf(key, binding);
  return { ...part, canSign: part.canSign && isMutual, isRevoked: own.some(({ type }) => type === revocations.subkey) };
}

function partOf(key: KeyPacket, { keyLifeSeconds, flags: held = 0 }: Signature): OpenPgpKeyPart {
  return {
    keyId: key.keyId,
    body: key.body,
    expiresMs: keyLifeSeconds === undefined ? undefined : (key.createdSeconds + keyLifeSeconds) * 1000,
    isRevoked: false,
    canSign: (held & flags.sign) !== 0 && key.verifier !== undefined,
    canCertify: (held & flags.certify) !== 0,
    canEncryptComms: (held & flags.encryptComms) !== 0,
    canEncryptStorage: (held & flags.encryptStorage) !== 0,
  };
}
