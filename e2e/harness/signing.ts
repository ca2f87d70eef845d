import { randomBytes } from "node:crypto";

import { possessionBytes, possessionNamespace, signCommand, type LedgerCommand } from "@guts/ledger";
import { fromHex, parseDigest, parseSshSignature, type AccountId } from "@guts/primitives";

import type { Forge, Person } from "./forge.ts";
import { runProgram } from "./git.ts";
import { createKeyPair, type KeyPair } from "./ssh.ts";

/** A key that signs pushes, and what git is told to sign with it. */
export interface SigningKey extends KeyPair {
  readonly options: readonly string[];
}

/** Submits a command that a person's root key signs. */
export async function submitAsRoot(person: Person, command: LedgerCommand): Promise<void> {
  const network = await person.client.call("GET /api/guts/network", {});
  const { id } = await person.client.call("GET /api/v3/user", {});
  const idempotencyKey = Uint8Array.from(randomBytes(16));
  const terms = { ...network, timeMs: Date.parse(network.time), account: id, idempotencyKey };
  const envelope = Buffer.from(signCommand(command, terms, person.rootSeed)).toString("base64");
  const outcome = await person.client.call("POST /api/guts/transactions", { body: { envelope } });
  if (outcome.outcome !== "applied") throw new Error(`${command.kind}: ${JSON.stringify(outcome)}`);
}

/** What makes git sign with a key. */
export function signingOptions({ privateFile }: KeyPair): readonly string[] {
  return ["-c", "gpg.format=ssh", "-c", `user.signingKey=${privateFile}.pub`];
}

/** A new device key of the person, which is one of OpenSSH. */
export async function createDeviceKey(forge: Forge, person: Person): Promise<SigningKey> {
  const key = await createKeyPair(forge.git.folder);
  const { networkId } = await person.client.call("GET /api/guts/network", {});
  const { id } = await person.client.call("GET /api/v3/user", {});
  const statement = possessionBytes(parseDigest(fromHex(networkId)!)!, { type: "account", account: id as AccountId });
  const sign = ["-q", "-Y", "sign", "-n", possessionNamespace, "-f", key.privateFile];
  const signed = await runProgram("ssh-keygen", sign, { cwd: forge.git.folder, env: process.env, input: statement });
  const parsed = parseSshSignature(signed.stdout);
  if (typeof parsed === "string") throw new Error(`${parsed}: ${signed.stderr}`);
  const possession = { type: "ssh", signature: parsed.signature } as const;
  const payload = { key: parsed.key, role: "device", label: "laptop", possession } as const;
  await submitAsRoot(person, { kind: "key.add", payload });
  return { ...key, options: signingOptions(key) };
}

/** A new SSH key for which the person's root key signs. */
export async function createSigningKey(forge: Forge, person: Person): Promise<SigningKey> {
  const key = await createKeyPair(forge.git.folder);
  const blob = new Uint8Array(Buffer.from(key.publicLine.split(" ")[1]!, "base64"));
  const { nodeId } = await person.client.call("GET /api/guts/network", {});
  const payload = { blob, title: "signing", audience: [nodeId as never], expiresTime: undefined };
  await submitAsRoot(person, { kind: "ssh-key.add", payload });
  return { ...key, options: signingOptions(key) };
}
