import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CliError, usageError } from "../cli-error.ts";

/** The text of a public key's file, `-` for standard input. Throws `usage` for a private key: it never leaves the device. */
export function readPublicKey(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8").trim();
  } catch (cause) {
    throw new CliError("file", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (text.includes("PRIVATE KEY"))
    throw usageError(
      `${file} is a private key`,
      `Its public half is in ${file}.pub, and only that leaves this device.`,
    );
  return text;
}

/** `SHA256:` and base64, as ssh-keygen shows the key of a line. */
export function fingerprintOf(line: string): string {
  const blob = Buffer.from(line.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
