/** SSH keys of accounts and deploy keys of repositories: parsed strictly, then recorded on the ledger. */
import { scopesAllow } from "@guts/governance";
import { ledgerLimits, sshKeyIdOf, type ForgeState, type SshKey } from "@guts/ledger";
import { parseSshPublicKey, type Height, type NodeId } from "@guts/primitives";

import type { SignedInActor } from "../auth/actor.ts";
import { invalidField, notFound, Refusal } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { openRepository, type RepositoryPath } from "./open-repository.ts";
import { requireApplied } from "./rejection.ts";
import { assertShort } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions">;

/** What a person gives to add a key. */
export interface NewSshKey {
  /** OpenSSH's line: type, base64, perhaps a comment. */
  readonly key: string;
  readonly title?: string;
}

/** A key with the height at which it was added. */
export interface AddedSshKey {
  readonly key: SshKey;
  readonly height: Height;
}

/** The account's keys, oldest first. Throws `Refusal` when the credential may not see the list. */
export function listSshKeys({ ledger }: Needs, { account, scopes }: SignedInActor): readonly SshKey[] {
  if (!scopesAllow(scopes, "read-public-keys")) throw scopeMissing("read:public_key");
  return [...ledger.state().sshKeys({ type: "account", id: account.id })];
}

/** One of the account's keys by its number. */
export function findSshKey(needs: Needs, actor: SignedInActor, number: string): SshKey {
  return requireKey(listSshKeys(needs, actor), number);
}

/** Adds a key of the actor's account, good at every node of the network. */
export async function addSshKey(needs: Needs, request: ChangeRequest, given: NewSshKey): Promise<AddedSshKey> {
  const payload = { ...keyPayload(needs, given), expiresTime: undefined };
  const outcome = await needs.transactions.submit({ kind: "ssh-key.add", payload }, optionsOf(request));
  const { height } = requireApplied(outcome);
  return { key: addedKey(needs, payload.blob), height };
}

/** Removes a key of the actor's account. */
export async function removeSshKey(needs: Needs, request: ChangeRequest, number: string): Promise<Height> {
  const keys = [...needs.ledger.state().sshKeys({ type: "account", id: request.actor.account.id })];
  const payload = { id: requireKey(keys, number).id };
  return requireApplied(await needs.transactions.submit({ kind: "ssh-key.remove", payload }, optionsOf(request)))
    .height;
}

/** A repository's deploy keys, oldest first, for who may manage them. */
export function listDeployKeys({ ledger }: Needs, actor: SignedInActor, path: RepositoryPath): readonly SshKey[] {
  const { repository, state } = openRepository(ledger, actor, path, "read-administration");
  return [...state.sshKeys({ type: "repository", id: repository.id })];
}

/** One of a repository's deploy keys by its number. */
export function findDeployKey(needs: Needs, actor: SignedInActor, path: RepositoryPath & KeyPath): SshKey {
  return requireKey(listDeployKeys(needs, actor, path), path.key_id);
}

/** Adds a deploy key. */
export async function addDeployKey(
  needs: Needs,
  request: ChangeRequest,
  { path, given }: { readonly path: RepositoryPath; readonly given: NewSshKey & { readonly isReadOnly: boolean } },
): Promise<AddedSshKey> {
  const { repository } = openRepository(needs.ledger, request.actor, path, "manage-deploy-keys");
  const payload = { repository: repository.id, ...keyPayload(needs, given), isReadOnly: given.isReadOnly };
  const outcome = await needs.transactions.submit({ kind: "deploy-key.add", payload }, optionsOf(request));
  const { height } = requireApplied(outcome);
  return { key: addedKey(needs, payload.blob), height };
}

/** Removes a deploy key. */
export async function removeDeployKey(
  needs: Needs,
  request: ChangeRequest,
  path: RepositoryPath & KeyPath,
): Promise<Height> {
  const { repository } = openRepository(needs.ledger, request.actor, path, "manage-deploy-keys");
  const { id } = findDeployKey(needs, request.actor, path);
  const payload = { repository: repository.id, id };
  const outcome = await needs.transactions.submit({ kind: "deploy-key.remove", payload }, optionsOf(request));
  return requireApplied(outcome).height;
}

interface KeyPath {
  readonly key_id: string;
}

function requireKey(keys: readonly SshKey[], number: string): SshKey {
  const found = keys.find((key) => String(key.number) === number);
  if (found === undefined) throw notFound();
  return found;
}

function keyPayload({ ledger }: Needs, { key, title }: NewSshKey) {
  const { blob, comment } = parseKeyLine(key);
  const label = title?.trim() || comment || "SSH key";
  assertShort("title", label, ledgerLimits.labelBytesMax);
  return { blob, title: label, audience: everyNode(ledger.state(), ledger.nodeId) };
}

/** This node, the validators, then other admitted nodes, as many as a credential may name. */
function everyNode(state: ForgeState, own: NodeId): readonly NodeId[] {
  const { validators } = state.network();
  const admitted = Array.from(state.nodes(), ([id]) => id);
  const all = [own, ...validators.map(({ nodeId }) => nodeId), ...admitted];
  return [...new Set(all)].slice(0, ledgerLimits.audienceMax);
}

function addedKey({ ledger }: Needs, blob: Uint8Array): SshKey {
  const key = ledger.state().sshKey(sshKeyIdOf(blob));
  if (key === undefined) throw notFound();
  return key;
}

/** A line of OpenSSH: the type must be the blob's own. Throws `Refusal` in words. */
export function parseKeyLine(line: string): { readonly blob: Uint8Array; readonly comment: string } {
  const [type = "", base64 = "", ...comment] = line.trim().split(/[ \t]+/);
  if (line.includes("PRIVATE KEY"))
    throw invalidKey("this is a private key. Never give it to anybody: its .pub file is the public key");
  const blob = Uint8Array.from(Buffer.from(base64, "base64"));
  const isLine = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && !/[\r\n]/.test(line.trim());
  const key = isLine ? parseSshPublicKey(blob) : "malformed";
  if (key === "weak") throw invalidKey("key is too weak: use Ed25519, ECDSA, or RSA with 2048 bits or more");
  if (key === "unsupported") throw invalidKey(`key type ${shown(type)} is not supported: use Ed25519, ECDSA or RSA`);
  if (key === "malformed" || key.type !== type)
    throw invalidKey(
      "key is invalid. It begins with ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa; ensure you copied all of it",
    );
  return { blob, comment: comment.join(" ").slice(0, ledgerLimits.labelBytesMax) };
}

function shown(type: string): string {
  return /^[\x21-\x7e]{1,64}$/.test(type) ? type : "of this name";
}

function invalidKey(message: string): Refusal {
  return invalidField({ resource: "PublicKey", field: "key", message }, "ssh-key-invalid");
}

function scopeMissing(scope: string): Refusal {
  return new Refusal("forbidden", `This token lacks the scope ${scope}.`, { reason: "scope-missing" });
}
