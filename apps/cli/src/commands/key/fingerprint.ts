import { createHash } from "node:crypto";

const SSH_ED25519 = "ssh-ed25519";

/** The key as an OpenSSH public key blob (RFC 8709): what `ssh-keygen -l` hashes. */
export function sshBlob(publicKey: Uint8Array): Uint8Array {
  const name = Buffer.from(SSH_ED25519, "ascii");
  return Buffer.concat([lengthOf(name), name, lengthOf(publicKey), publicKey]);
}

/** `SHA256:` and unpadded base64, as OpenSSH shows an Ed25519 key. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(sshBlob(publicKey)).digest("base64").replace(/=+$/, "")}`;
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  return prefix;
}
