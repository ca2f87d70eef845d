/** A signature over bytes that stand elsewhere, as `gpg --detach-sign --armor` makes it (RFC 9580, section 10.4). */
import { readSignatureArmor } from "./armor.ts";
import { readKeyPacket } from "./key-packet.ts";
import { OpenPgpFormatError, readPackets } from "./packets.ts";
import type { OpenPgpKeyPart, OpenPgpPublicKey } from "./public-key.ts";
import { isSignedBy, readSignature, type Signature } from "./signature.ts";

const SIGNATURE_TAG = 2;
/** Over bytes as they are; signatures over text are over bytes that nobody stores. */
const BINARY_TYPE = 0x00;

/** Reads one armored signature; a word for what is none, or one of a version, hash or type that proves nothing here. Never throws. */
export function readDetachedSignature(text: string): Signature | "malformed" | "unsupported" {
  const packets = readSignatureArmor(text);
  if (typeof packets === "string") return "malformed";
  try {
    const [packet, ...others] = readPackets(packets);
    if (packet?.tag !== SIGNATURE_TAG || others.length > 0) return "malformed";
    const signature = readSignature(packet.body);
    return signature?.type === BINARY_TYPE ? signature : "unsupported";
  } catch (error) {
    if (error instanceof OpenPgpFormatError) return "malformed";
    throw error;
  }
}

/** The part of a key that made the signature, as the signature says; undefined when none of it did. */
export function issuerIn(key: OpenPgpPublicKey, { issuer }: Signature): OpenPgpKeyPart | undefined {
  return [key, ...key.subkeys].find(({ keyId }) => keyId === issuer);
}

/** Whether the part of a key made this signature over `payload`. Never throws. */
export function isMadeBy({ body }: OpenPgpKeyPart, signature: Signature, payload: Uint8Array): boolean {
  try {
    const key = readKeyPacket(body);
    return key !== undefined && isSignedBy(key, signature, [payload]);
  } catch (error) {
    if (error instanceof OpenPgpFormatError) return false;
    throw error;
  }
}

/** Why the part, which made the signature, did not count when it did; undefined when it did. */
export function refusePart(
  key: OpenPgpPublicKey,
  part: OpenPgpKeyPart,
  { createdSeconds, lifeSeconds }: Signature,
  nowMs: number,
): "not-signing" | "expired" | undefined {
  if (!part.canSign) return "not-signing";
  const isOver = ({ expiresMs, isRevoked }: OpenPgpKeyPart) =>
    isRevoked || (expiresMs ?? Infinity) <= createdSeconds * 1000;
  const end = lifeSeconds === undefined ? Infinity : (createdSeconds + lifeSeconds) * 1000;
  return isOver(key) || isOver(part) || end <= nowMs ? "expired" : undefined;
}
