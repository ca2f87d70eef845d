/** Values that nothing else has. */
import { randomBytes } from "node:crypto";

import { parsePrivateSeed, publicKeyOf, sshBlobOf, type PrivateSeed } from "@guts/primitives";

/** A name. */
export function drawName(): string {
  return `drawn-${randomBytes(6).toString("hex")}`;
}

/** The seed of an Ed25519 key. */
export function drawSeed(): PrivateSeed {
  return parsePrivateSeed(new Uint8Array(randomBytes(32)))!;
}

/** The line of an SSH key. */
export function drawKey(seed = drawSeed()): string {
  return `ssh-ed25519 ${Buffer.from(sshBlobOf(publicKeyOf(seed))).toString("base64")}`;
}
