/** The key by which a node proves over SSH that it is the same as before. */
import { createHash } from "node:crypto";

import { concatBytes, publicKeyOf, sshBlobOf, utf8, type PrivateSeed } from "@guts/primitives";

/** A host key in the forms that people and programs need. */
export interface HostKey {
  /** As ssh2 reads it; secret. */
  readonly privateText: string;
  /** `SHA256:` and base64, as ssh shows it when it first connects. */
  readonly fingerprint: string;
  /** `ssh-ed25519 AAAA...`: what stands in known_hosts behind the host's name. */
  readonly publicLine: string;
}

/** What everybody may know of a host key. */
export type PublicHostKey = Pick<HostKey, "fingerprint" | "publicLine">;

/** The host key of a seed. */
export function hostKeyOf(seed: PrivateSeed): HostKey {
  const blob = sshBlobOf(publicKeyOf(seed));
  const publicLine = `ssh-ed25519 ${Buffer.from(blob).toString("base64")}`;
  return { privateText: privateTextOf(seed), fingerprint: fingerprintOf(blob), publicLine };
}

/** `SHA256:` and base64 without padding, as OpenSSH shows a public key. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** OpenSSH's own format of private keys (PROTOCOL.key), without a passphrase: the only one in which ssh2 reads Ed25519. */
function privateTextOf(seed: PrivateSeed): string {
  const key = publicKeyOf(seed);
  const blob = sshBlobOf(key);
  const check = Uint8Array.of(0, 0, 0, 0);
  const body = concatBytes(check, check, blob, string(concatBytes(seed, key)), string(utf8("")));
  const padding = Uint8Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1);
  const none = string(utf8("none"));
  const file = concatBytes(
    utf8("openssh-key-v1\0"),
    ...[none, none, string(utf8("")), Uint8Array.of(0, 0, 0, 1), string(blob), string(concatBytes(body, padding))],
  );
  const lines =
    Buffer.from(file)
      .toString("base64")
      .match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function string(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return concatBytes(length, bytes);
}
