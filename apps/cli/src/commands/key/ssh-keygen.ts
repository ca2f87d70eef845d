import { spawn } from "node:child_process";
import { possessionNamespace } from "@guts/ledger";
import { parseSshSignature, type SshSignature } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { sshSignatureBytesMax } from "../../limits.ts";
import type { Platform } from "../../platform.ts";

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
  const parsed = exitCode === 0 ? parseSshSignature(said.stdout) : undefined;
  if (parsed === undefined || typeof parsed === "string") throw unsigned(path, said.stderr.trim().split("\n", 1)[0]!);
  return parsed;
}

function unsigned(path: string, reason: string, cause?: unknown): CliError {
  return new CliError("file", `ssh-keygen did not sign with ${path}${reason === "" ? "" : `: ${reason}`}`, {
    hint: "The key has to be of type ed25519, with its private half in the file beside it or in an agent.",
    cause,
  });
}
