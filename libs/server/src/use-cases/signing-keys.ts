/** Keys that sign commits and tags: read here in full, recorded on the ledger as they are. */
import { scopesAllow } from "@guts/governance";
import { ledgerLimits, type SigningKey } from "@guts/ledger";
import type { Height } from "@guts/primitives";

import { refusalOf, type SignedInActor } from "../auth/actor.ts";
import { invalidField, notFound, type Refusal } from "../errors.ts";
import { readArmor } from "../openpgp/armor.ts";
import { readPublicKey, type OpenPgpPublicKey, type OpenPgpRefusal } from "../openpgp/public-key.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { requireApplied } from "./rejection.ts";
import { parseKeyLine } from "./ssh-keys.ts";
import { assertShort } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions">;
type KeyType = SigningKey["type"];

/** A key with the height at which it was added. */
export interface AddedSigningKey {
  readonly key: SigningKey;
  readonly height: Height;
}

/** The actor's keys of a type, oldest first. Throws `Refusal` when the credential may not see the list. */
export function listSigningKeys({ ledger }: Needs, actor: SignedInActor, type: KeyType): readonly SigningKey[] {
  const need = type === "ssh" ? "administer-ssh-signing-keys" : "read-gpg-keys";
  if (!scopesAllow(actor.scopes, need)) throw refusalOf({ code: "scope-missing", need });
  return [...ledger.state().signingKeys(actor.account.id, type)];
}

/** One of the actor's keys by its number. */
export function findSigningKey(
  needs: Needs,
  actor: SignedInActor,
  { type, number }: { readonly type: KeyType; readonly number: string },
): SigningKey {
  const found = listSigningKeys(needs, actor, type).find((key) => String(key.number) === number);
  if (found === undefined) throw notFound();
  return found;
}

/** Records an OpenSSH key that signs. */
export async function addSshSigningKey(
  needs: Needs,
  request: ChangeRequest,
  given: { readonly key: string; readonly title?: string },
): Promise<AddedSigningKey> {
  const { blob, comment } = parseKeyLine(given.key);
  const title = given.title?.trim() || comment || "SSH key";
  assertShort("title", title, ledgerLimits.labelBytesMax);
  const command = { kind: "ssh-signing-key.add", payload: { blob, title } } as const;
  const { result, height } = requireApplied(await needs.transactions.submit(command, optionsOf(request)));
  return addedKey(needs, request, { type: "ssh", number: result.number, height });
}

/** Records an OpenPGP key, once its signatures of itself were checked and it is not there under another form. */
export async function addGpgKey(
  needs: Needs,
  request: ChangeRequest,
  given: { readonly armored_public_key: string; readonly name?: string },
): Promise<AddedSigningKey> {
  const packets = requirePackets(given.armored_public_key);
  const read = requireKey(packets);
  const title = given.name?.trim() || read.emails[0] || read.keyId;
  assertShort("name", title, ledgerLimits.labelBytesMax);
  const others = [...needs.ledger.state().signingKeys(request.actor.account.id, "gpg")];
  if (others.some(({ key }) => keyIdOf(key) === read.keyId)) throw invalidKey("key is already in use");
  const command = { kind: "gpg-key.add", payload: { key: packets, title } } as const;
  const { result, height } = requireApplied(await needs.transactions.submit(command, optionsOf(request)));
  return addedKey(needs, request, { type: "gpg", number: result.number, height });
}

/** Removes one of the actor's keys. */
export async function removeSigningKey(
  { ledger, transactions }: Needs,
  request: ChangeRequest,
  { type, number }: { readonly type: KeyType; readonly number: string },
): Promise<Height> {
  const keys = [...ledger.state().signingKeys(request.actor.account.id, type)];
  const found = keys.find((key) => String(key.number) === number);
  if (found === undefined) throw notFound();
  const kind = type === "ssh" ? "ssh-signing-key.remove" : "gpg-key.remove";
  const outcome = await transactions.submit({ kind, payload: { number: found.number } }, optionsOf(request));
  return requireApplied(outcome).height;
}

function addedKey(
  { ledger }: Needs,
  { actor }: ChangeRequest,
  { type, number, height }: { readonly type: KeyType; readonly number: number; readonly height: Height },
): AddedSigningKey {
  const key = [...ledger.state().signingKeys(actor.account.id, type)].find((each) => each.number === number);
  if (key === undefined) throw notFound();
  return { key, height };
}

function keyIdOf(packets: Uint8Array): string | undefined {
  const read = readPublicKey(packets);
  return typeof read === "string" ? undefined : read.keyId;
}

function requirePackets(text: string): Uint8Array {
  const packets = readArmor(text);
  if (packets === "private")
    throw invalidKey(
      "this is a private key. Never give it to anybody: export the public one with gpg --armor --export",
    );
  if (packets === "malformed") throw invalidKey("is no armored public key: export it with gpg --armor --export");
  if (packets === "too-large" || packets.length > ledgerLimits.gpgKeyBytesMax)
    throw invalidKey("is too large: export it with gpg --armor --export --export-options export-minimal");
  return packets;
}

function requireKey(packets: Uint8Array): OpenPgpPublicKey {
  const read = readPublicKey(packets);
  if (typeof read === "string") throw invalidKey(KEY_WORDS[read]);
  return read;
}

const KEY_WORDS: Readonly<Record<OpenPgpRefusal, string>> = {
  malformed: "is not one whole public key",
  unsupported: "is of a kind that is not supported: use Ed25519, ECDSA, or RSA with 2048 bits or more, version 4",
  unbound: "has no user id that it signed itself with SHA-256 or better; renew it with gpg --quick-set-expire",
};

function invalidKey(message: string): Refusal {
  return invalidField({ resource: "GpgKey", field: "armored_public_key", message }, "gpg-key-invalid");
}
