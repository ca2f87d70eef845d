import { createPublicKey } from "node:crypto";
import { equalBytes, parsePublicKey, type PublicKey } from "@guts/primitives";
import { sshBlob } from "./fingerprint.ts";

/** A public key and what stands behind it in its line. */
export interface PublicKeyText {
  readonly key: PublicKey;
  readonly comment: string | undefined;
}

/** The Ed25519 key in an OpenSSH line (`ssh-ed25519 AAAA… comment`) or a PEM of SubjectPublicKeyInfo, or undefined. */
export function parsePublicKeyText(text: string): PublicKeyText | undefined {
  const trimmed = text.trim();
  return trimmed.startsWith("-----BEGIN PUBLIC KEY-----") ? parsePem(trimmed) : parseSshLine(trimmed);
}

function parsePem(text: string): PublicKeyText | undefined {
  try {
    const key = createPublicKey({ key: text, format: "pem" });
    if (key.asymmetricKeyType !== "ed25519") return undefined;
    return keyText(Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url"), undefined);
  } catch {
    return undefined;
  }
}

function parseSshLine(text: string): PublicKeyText | undefined {
  const [type, base64, ...comment] = text.split("\n", 1)[0]!.split(/\s+/);
  if (type !== "ssh-ed25519" || base64 === undefined) return undefined;
  const blob = Uint8Array.from(Buffer.from(base64, "base64"));
  const key = blob.slice(-32);
  return equalBytes(blob, Uint8Array.from(sshBlob(key))) ? keyText(key, comment.join(" ")) : undefined;
}

function keyText(bytes: Uint8Array, comment: string | undefined): PublicKeyText | undefined {
  const key = parsePublicKey(Uint8Array.from(bytes));
  return key === undefined ? undefined : { key, comment: comment === "" ? undefined : comment };
}
