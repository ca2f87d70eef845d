import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Forge, Person, TestRepository } from "./forge.ts";
import { type GitResult, runProgram } from "./git.ts";

/** Types of keys as ssh-keygen makes them. */
export type KeyType = "ed25519" | "ecdsa" | "rsa";

/** A key pair of OpenSSH in files. */
export interface KeyPair {
  readonly privateFile: string;
  /** The line of its public half. */
  readonly publicLine: string;
}

/** Somebody with OpenSSH's client, a key, and a known_hosts file of their own. */
export interface SshUser {
  readonly key: KeyPair;
  readonly knownHosts: string;
  /** What `GIT_SSH_COMMAND` is set to. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `ssh` with these arguments behind its options. */
  run(args: readonly string[]): Promise<GitResult>;
}

/** Makes a key pair. */
export async function createKeyPair(folder: string, type: KeyType = "ed25519", bits?: number): Promise<KeyPair> {
  const privateFile = join(folder, `key-${randomUUID()}`);
  const size = bits === undefined ? [] : ["-b", String(bits)];
  const args = ["-q", "-t", type, ...size, "-N", "", "-C", "test", "-f", privateFile];
  const { exitCode, stderr } = await runProgram("ssh-keygen", args, { cwd: folder, env: process.env });
  if (exitCode !== 0) throw new Error(`ssh-keygen failed: ${stderr}`);
  return { privateFile, publicLine: readFileSync(`${privateFile}.pub`, "utf8").trim() };
}

/** What ssh-keygen calls the key: `SHA256:` and base64. */
export async function fingerprintOf({ privateFile }: KeyPair): Promise<string> {
  const { stdout } = await runProgram("ssh-keygen", ["-lf", `${privateFile}.pub`], { cwd: "/", env: process.env });
  return /SHA256:\S+/.exec(stdout)?.[0] ?? "";
}

/** OpenSSH's client with a key; it takes a host key that it does not know, and no other afterwards. */
export function sshUser(folder: string, key: KeyPair, changes: readonly string[] = []): SshUser {
  const knownHosts = join(folder, `known-hosts-${randomUUID()}`);
  const options = [
    ["-F", "none"],
    ["-i", key.privateFile],
    ...[
      ...changes, // Of each option ssh takes the first.
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      "BatchMode=yes",
      `UserKnownHostsFile=${knownHosts}`,
      "GlobalKnownHostsFile=/dev/null",
      "StrictHostKeyChecking=accept-new",
      "LogLevel=ERROR",
    ].map((option) => ["-o", option]),
  ].flat();
  return {
    key,
    knownHosts,
    environment: { GIT_SSH_COMMAND: ["ssh", ...options].join(" ") },
    run: (args) => runProgram("ssh", [...options, ...args], { cwd: folder, env: process.env }),
  };
}

/** A new key that is registered with a person's account. */
export async function sshUserOf(forge: Forge, person: Person, type: KeyType = "ed25519"): Promise<SshUser> {
  const folder = forge.git.folder;
  const key = await createKeyPair(folder, type, type === "rsa" ? 2048 : undefined);
  await person.client.call("POST /api/v3/user/keys", { body: { key: key.publicLine, title: type } });
  return sshUser(folder, key);
}

/** A repository's remote over SSH. */
export function sshRemote(forge: Forge, { owner, name }: Pick<TestRepository, "owner" | "name">): string {
  return `${forge.sshUrl}/${owner.login}/${name}.git`;
}
