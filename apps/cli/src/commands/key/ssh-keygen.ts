import { spawn } from "node:child_process";
import { possessionNamespace } from "@guts/ledger";
import { equalBytes, parsePublicKey, type PublicKey, type Signature } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { sshSignatureBytesMax } from "../../limits.ts";
import type { Platform } from "../../platform.ts";
import { sshBlob } from "./fingerprint.ts";

/** The key that signed, and its signature over what OpenSSH makes of the message. */
export interface SshSignature {
  readonly key: PublicKey;
  readonly signature: Signature;
}

/**
 * Lets ssh-keygen sign `message` with the Ed25519 key in a file, or with the private half that an agent holds; it asks for a
 * passphrase by itself. Throws `file` when it cannot.
 */
export async function signWithSsh(
  platform: Pick<Platform, "cwd" | "environment" | "signal">,
  path: string,
  message: Uint8Array,
): Promise<SshSignature> {
  const { cwd, environment: env, signal } = platform;
  const child = spawn("ssh-keygen", ["-q", "-Y", "sign", "-n", possessionNamespace, "-f", path], { cwd, env, signal });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      if (said[name].length < sshSignatureBytesMax) said[name] += text;
    });
  }
  child.stdin.on("error", () => undefined); // It may end before it has read the message, and says why.
  child.stdin.end(message);
  const exitCode = await new Promise((resolve, reject) => {
    child.on("error", (cause) => reject(unsigned(path, "ssh-keygen cannot be started", cause)));
    child.on("close", resolve);
  });
  const parsed = exitCode === 0 ? parseArmored(said.stdout) : undefined;
  if (parsed === undefined) throw unsigned(path, said.stderr.trim().split("\n", 1)[0]!);
  return parsed;
}

function unsigned(path: string, reason: string, cause?: unknown): CliError {
  return new CliError("file", `ssh-keygen did not sign with ${path}${reason === "" ? "" : `: ${reason}`}`, {
    hint: "The key has to be of type ed25519, with its private half in the file beside it or in an agent.",
    cause,
  });
}

/** An SSHSIG blob (OpenSSH's PROTOCOL.sshsig): magic, version, public key, namespace, reserved, hash, signature. */
function parseArmored(text: string): SshSignature | undefined {
  const blob = Buffer.from(text.replaceAll(/-----[A-Z ]+-----|\s/g, ""), "base64");
  const keyBlob = fieldAt(blob, "SSHSIG".length + 4);
  const key = keyBlob === undefined ? undefined : parsePublicKey(Uint8Array.from(keyBlob.subarray(-32)));
  if (key === undefined || !equalBytes(Uint8Array.from(keyBlob!), Uint8Array.from(sshBlob(key)))) return undefined;
  return { key, signature: Uint8Array.from(blob.subarray(-64)) as Signature };
}

function fieldAt(blob: Buffer, offset: number): Buffer | undefined {
  if (blob.length < offset + 4) return undefined;
  const length = blob.readUInt32BE(offset);
  return blob.length < offset + 4 + length ? undefined : blob.subarray(offset + 4, offset + 4 + length);
}
