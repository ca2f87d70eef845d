/**
 * Signatures that OpenSSH makes over anything, by a key in a file, behind a passphrase or in an agent: `ssh-keygen -Y sign`.
 *
 * The rules are OpenSSH's PROTOCOL.sshsig: the key signs a preamble, a namespace and the hash of the message, so a signature
 * for one purpose is never one for another, and never one of SSH's own.
 */
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8 } from "./bytes.ts";

/** What the key signs when it signs `message` for `namespace`, with SHA-512, which is ssh-keygen's default. */
export function sshSignedBytes(namespace: string, message: Uint8Array): Uint8Array {
  const reserved = "";
  const fields = [utf8(namespace), utf8(reserved), utf8("sha512"), sha512(message)];
  return concatBytes(utf8("SSHSIG"), ...fields.flatMap((field) => [lengthOf(field), field]));
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return length;
}
