import { createPrivateKey } from "node:crypto";
import { concatBytes, fromHex, parsePrivateSeed, type PrivateSeed } from "@guts/primitives";
import { CliError } from "../cli-error.ts";
import { readPrivateFile } from "./private-file.ts";

/** DER of a PKCS#8 private key of Ed25519 up to its 32-byte seed (RFC 8410). */
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420")!;

/** The PKCS#8 PEM of a private key, which `openssl pkey` reads. */
export function encodeKeyPem(seed: PrivateSeed): string {
  const key = createPrivateKey({ key: Buffer.from(concatBytes(PKCS8_PREFIX, seed)), format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }) as string;
}

/** The seed in a PKCS#8 PEM; undefined for anything but an unencrypted Ed25519 private key. */
export function decodeKeyPem(text: string): PrivateSeed | undefined {
  try {
    const key = createPrivateKey({ key: text, format: "pem" });
    if (key.asymmetricKeyType !== "ed25519") return undefined;
    return parsePrivateSeed(Uint8Array.from(Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url")));
  } catch {
    return undefined;
  }
}

/** The private key in a file. Throws `file` when it is not there or holds none. */
export async function readKeyFile(path: string): Promise<PrivateSeed> {
  const text = await readPrivateFile(path);
  if (text === undefined) throw new CliError("file", `there is no file ${path}`);
  const seed = decodeKeyPem(text);
  if (seed === undefined)
    throw new CliError("file", `${path} holds no Ed25519 private key`, {
      hint: "It must be an unencrypted PKCS#8 PEM file, which begins with -----BEGIN PRIVATE KEY-----.",
    });
  return seed;
}
