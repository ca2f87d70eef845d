import { createPrivateKey, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { parsePrivateSeed, type PrivateSeed } from "@guts/primitives";

import { syncDirectory } from "@guts/storage";

import { NodeError } from "../node-error.ts";

/** What precedes the 32 bytes of an Ed25519 seed in PKCS#8 (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** A new seed from the system's random source. */
export function createSeed(): PrivateSeed {
  return parsePrivateSeed(Uint8Array.from(randomBytes(32)))!;
}

/** Writes `seed` as PKCS#8 PEM to a new file that only its owner can read; fails when the file exists. */
export function writePrivateKeyFile(path: string, seed: PrivateSeed): void {
  const der = Buffer.concat([pkcs8Prefix, seed]);
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  writeSecretFile(path, `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`);
}

/** The seed in a PEM file of an Ed25519 private key. */
export function readPrivateKeyFile(path: string): PrivateSeed {
  const seed = seedOf(readFileSync(path, "utf8"));
  if (seed === undefined)
    throw new NodeError("data-directory-incomplete", `${path} holds no Ed25519 private key in PEM.`);
  return seed;
}

/** Writes a new file that only its owner can read, and syncs it; fails when the file exists. */
export function writeSecretFile(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncDirectory(dirname(resolve(path)));
}

function seedOf(pem: string): PrivateSeed | undefined {
  try {
    const { d } = createPrivateKey(pem).export({ format: "jwk" });
    return d === undefined ? undefined : parsePrivateSeed(Uint8Array.from(Buffer.from(d, "base64url")));
  } catch {
    return undefined;
  }
}
