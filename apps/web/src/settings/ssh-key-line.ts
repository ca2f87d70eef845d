import { parseSshPublicKey, sshFingerprintOf } from "@guts/primitives";

/** What a line of OpenSSH says of its key. */
export interface SshKeyPreview {
  /** As people call it: `Ed25519`, `RSA 4096`. */
  readonly kind: string;
  /** `SHA256:` and base64, as ssh-keygen shows it. */
  readonly fingerprint: string;
  readonly comment: string;
}

/** Reads a line of OpenSSH while it is typed: what it is, or in words why it is no public key to add. */
export function previewSshKey(text: string): SshKeyPreview | { readonly problem: string } {
  if (text.includes("PRIVATE KEY"))
    return {
      problem: "This is a private key. Never give it to anybody: the file that ends in .pub is the public key.",
    };
  const [type = "", base64 = "", ...comment] = text.trim().split(/[ \t]+/);
  const blob = bytesOf(base64);
  const key = blob === undefined ? "malformed" : parseSshPublicKey(blob);
  if (key === "weak") return { problem: "This key is too weak. Use Ed25519, ECDSA, or RSA with 2048 bits or more." };
  if (key === "unsupported") return { problem: "Keys of this type are not supported. Use Ed25519, ECDSA or RSA." };
  if (blob === undefined || key === "malformed" || key.type !== type || /[\r\n]/.test(text.trim()))
    return {
      problem: "This is no whole public key. It is one line that begins with ssh-ed25519, ecdsa-sha2 or ssh-rsa.",
    };
  return { kind: kindOf(key.type, key.bits), fingerprint: fingerprintOf(blob), comment: comment.join(" ") };
}

/** The fingerprint of a line that a node answered. */
export function fingerprintOfLine(line: string): string {
  const blob = bytesOf(line.split(" ")[1] ?? "");
  return blob === undefined ? "" : fingerprintOf(blob);
}

function kindOf(type: string, bits: number): string {
  if (type === "ssh-ed25519") return "Ed25519";
  return type === "ssh-rsa" ? `RSA ${bits}` : `ECDSA ${bits}`;
}

function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${btoa(String.fromCharCode(...sshFingerprintOf(blob))).replace(/=+$/, "")}`;
}

function bytesOf(base64: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
