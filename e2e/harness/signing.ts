import { randomBytes } from "node:crypto";

import { signCommand, type LedgerCommand } from "@guts/ledger";

import type { Forge, Person } from "./forge.ts";
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

/** A new SSH key for which the person's root key signs. */
export async function createSigningKey(forge: Forge, person: Person): Promise<SigningKey> {
  const key = await createKeyPair(forge.git.folder);
  const blob = new Uint8Array(Buffer.from(key.publicLine.split(" ")[1]!, "base64"));
  const { nodeId } = await person.client.call("GET /api/guts/network", {});
  const payload = { blob, title: "signing", audience: [nodeId as never], expiresTime: undefined };
  await submitAsRoot(person, { kind: "ssh-key.add", payload });
  return { ...key, options: signingOptions(key) };
}
