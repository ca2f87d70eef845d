/** Credentials: what stands for a person who signed in, recorded by the digest of its secret. */
import {
  digestCodec,
  equalBytes,
  list,
  nodeIdCodec,
  option,
  struct,
  text,
  timeCodec,
  u32,
  type Digest,
  type NodeId,
  type RepositoryId,
} from "@guts/primitives";
import { allScopes, refuseRepositoryAction, scopesAllow, scopesCover, type Restriction } from "@guts/governance";
import type { Credential } from "../forge-state.ts";
import { actorScope, applied, defineKind, rejected, type ActContext } from "../kind.ts";
import { audienceMax, credentialsPerAccountMax, labelBytesMax, sessionLifeMsMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import type { RejectionCode } from "../rejection.ts";
import type { Overlay } from "../state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

const termsFields = {
  id: digestCodec,
  kind: tables.secretKindCodec,
  scopes: u32,
  label: text(labelBytesMax),
  expiresTime: option(timeCodec),
  audience: list(nodeIdCodec, audienceMax),
} as const;
const createPayload = struct(termsFields);
type CreatePayload = ReturnType<(typeof createPayload)["read"]>;

/** Records a credential. Nobody can make one that may do more than its maker. */
export const credentialCreate = defineKind({
  tag: 12,
  payload: createPayload,
  result: struct({}),
  authority: "credentials",
  scope: actorScope,
  apply: (context, payload) => {
    const refusal = refuseTerms(context, payload);
    if (refusal !== undefined) return rejected(refusal);
    writeCredential(context, payload);
    return applied({});
  },
});

/** Records a token that is bounded by repositories and areas instead of scopes. */
export const credentialCreateRestricted = defineKind({
  tag: 104,
  payload: struct({
    id: digestCodec,
    label: text(labelBytesMax),
    expiresTime: option(timeCodec),
    audience: list(nodeIdCodec, audienceMax),
    restriction: tables.restrictionCodec,
  }),
  result: struct({}),
  authority: "credentials",
  work: ({ restriction }) => 4 * (restriction.repositories?.length ?? 0),
  scope: actorScope,
  apply: (context, { restriction, ...terms }) => {
    const payload = { ...terms, kind: "token", scopes: 0 } as const;
    const refusal = refuseTerms(context, payload) ?? refuseRestriction(context, restriction);
    if (refusal !== undefined) return rejected(refusal);
    writeCredential(context, payload);
    writeRow(context.state, tables.credentialRestrictionTable, terms.id, restriction);
    return applied({});
  },
});

/** A restriction names what there is and its maker may know of, and reaches no further than the maker. */
function refuseRestriction(context: ActContext, restriction: Restriction): RejectionCode | undefined {
  const { forge, actor, authority } = context;
  const { owner, repositories, permissions } = restriction;
  const isSound =
    permissions.metadata === "read" &&
    (repositories === undefined ||
      (repositories.length > 0 && new Set(repositories).size === repositories.length && owner !== undefined));
  if (!isSound) return "restriction-invalid";
  if (owner !== undefined && forge.account(owner) === undefined) return "account-unknown";
  const isWithin = (id: RepositoryId): boolean => {
    const repository = forge.repository(id);
    if (repository === undefined || repository.owner !== owner) return false;
    return refuseRepositoryAction(forge.repositoryAccess(repository, actor, undefined), "read") === undefined;
  };
  if (repositories?.every(isWithin) === false) return "restriction-invalid";
  if (authority.type !== "credential") return undefined;
  const { scopes } = authority;
  const mayAll = scopesAllow(scopes, "administer-repository") && scopesAllow(scopes, "delete-repository");
  return mayAll ? undefined : "credential-scope-exceeded";
}

/** Writes the rows of a credential that is new, and gives its number. */
export function writeCredential(
  { state, actor, time, height }: ActContext,
  credential: Omit<tables.CredentialRow, "account" | "number" | "createdTime" | "createdHeight"> & {
    readonly id: Digest;
  },
): number {
  const { id, ...terms } = credential;
  const { expiresTime } = terms;
  const number = nextNumber(state, "credential");
  const row = { ...terms, account: actor, number, createdTime: time, createdHeight: height };
  writeRow(state, tables.credentialTable, id, row);
  writeRow(state, tables.accountCredentialTable, { account: actor, number }, id);
  addToTally(state, "credentials", actor, 1);
  if (expiresTime !== undefined)
    writeRow(state, tables.expiryTable, { time: expiresTime, kind: "credential", subject: id }, {});
  return number;
}

function refuseTerms(context: ActContext, payload: CreatePayload): RejectionCode | undefined {
  const { state, forge, actor, time } = context;
  const { id, kind, scopes, expiresTime, audience } = payload;
  if (readRow(state, tables.credentialTable, id) !== undefined) return "credential-taken";
  if (tallyOf(state, "credentials", actor) >= credentialsPerAccountMax) return "credential-limit";
  if ((scopes & ~allScopes) !== 0) return "credential-scope-exceeded";
  if (expiresTime !== undefined && expiresTime <= time) return "expiry-invalid";
  if (kind === "session" && (expiresTime === undefined || expiresTime > time + sessionLifeMsMax))
    return "expiry-invalid";
  if (audience.length === 0 || new Set(audience).size !== audience.length) return "audience-invalid";
  if (!audience.every((node) => forge.isDelegated(actor, node))) return "audience-not-delegated";
  const own = context.credential === undefined ? undefined : forge.credential(context.credential);
  const nodes = own?.audience ?? [context.admittedBy];
  if (!audience.every((node) => nodes.includes(node))) return "audience-not-delegated";
  const held = own === undefined ? undefined : forge.powers(own);
  const covers = held === undefined || (typeof held === "number" && scopesCover(held, scopes));
  return !covers ? "credential-scope-exceeded" : undefined;
}

/** Makes a credential good at further homes of its account. Only the person's own key can say so: no node vouches for another. */
export const credentialShare = defineKind({
  tag: 19,
  payload: struct({ id: digestCodec, nodes: list(nodeIdCodec, audienceMax) }),
  result: struct({}),
  authority: "personal-root",
  scope: actorScope,
  apply: (context, { id, nodes }) => {
    const { state, forge, actor } = context;
    const found = forge.credential(id);
    if (found === undefined || found.account !== actor || isVouched(found)) return rejected("not-found");
    const { id: _id, ...row } = found;
    const audience = [...row.audience, ...nodes];
    const isSound = nodes.length > 0 && audience.length <= audienceMax && new Set(audience).size === audience.length;
    if (!isSound) return rejected("audience-invalid");
    const refusal = isSshKey(row) ? refuseNodes(context, nodes) : refuseHomes(context, row, nodes);
    if (refusal !== undefined) return rejected(refusal);
    writeRow(state, tables.credentialTable, id, { ...row, audience });
    return applied({});
  },
});

/** No node can keep the secret of an SSH key, so any node may be named, and at any time. */
function refuseNodes({ forge, height }: ActContext, nodes: readonly NodeId[]): RejectionCode | undefined {
  return nodes.every((node) => forge.isAdmitted(node, height)) ? undefined : "node-unknown";
}

function refuseHomes(
  { forge, actor }: ActContext,
  { createdHeight }: tables.CredentialRow,
  nodes: readonly NodeId[],
): RejectionCode | undefined {
  if (!nodes.every((node) => forge.isDelegated(actor, node))) return "audience-not-delegated";
  return nodes.every((node) => forge.isAdmitted(node, createdHeight)) ? undefined : "node-unknown";
}

function isVouched({ kind }: Pick<tables.CredentialRow, "kind">): boolean {
  return kind === "voucher" || kind === "visit";
}

function isSshKey({ kind }: Pick<tables.CredentialRow, "kind">): boolean {
  return kind === "ssh-key" || kind === "deploy-key";
}

/** Ends a credential. Each may end itself; others need the scope for it. */
export const credentialRevoke = defineKind({
  tag: 13,
  payload: struct({ id: digestCodec }),
  result: struct({}),
  authority: "any-or-delegated",
  scope: actorScope,
  apply: ({ state, forge, actor, authority, credential }, { id }) => {
    const isSelf = credential !== undefined && equalBytes(credential, id);
    if (authority.type === "credential" && !isSelf && !scopesAllow(authority.scopes, "manage-credentials")) {
      return rejected("scope-missing");
    }
    const found = forge.storedCredential(id);
    if (found === undefined || found.account !== actor) return rejected("not-found");
    removeCredential(state, found);
    return applied({});
  },
});

/**
 * What an account's undelegating a node does to one of its credentials: a secret that the node could use ends. An SSH key
 * or a visit
 * ends when only that node vouches that the account wanted it; otherwise just this node's word on it is taken no more.
 */
export function withdrawNode(state: Overlay, credential: Credential, node: NodeId): void {
  const audience = credential.audience.filter((other) => other !== node);
  const isItsWord = voucherOf(state, credential) === node;
  if (!isItsWord && audience.length === credential.audience.length) return;
  if (isItsWord || !isSshKey(credential) || audience.length === 0) return removeCredential(state, credential);
  const { id, ...row } = credential;
  writeRow(state, tables.credentialTable, id, { ...row, audience });
}

/** The node on whose word alone a credential stands. */
function voucherOf(state: Overlay, credential: Credential): NodeId | undefined {
  if (isVouched(credential)) return readRow(state, tables.vouchedCredentialTable, credential.id)?.vouchedBy;
  return isSshKey(credential) ? readRow(state, tables.sshKeyTable, credential.id)?.vouchedBy : undefined;
}

/** Writes what only SSH keys have, beside their credential's rows. */
export function writeSshKey(state: Overlay, { id, number, row, holder }: SshKeyRows): void {
  writeRow(state, tables.sshKeyTable, id, row);
  writeRow(state, tables.sshKeyHolderTable, id, holder);
  writeRow(state, tables.heldSshKeyTable, { ...holder, number }, id);
  addToTally(state, tallyOfHolder(holder), holder.id, 1);
}

interface SshKeyRows {
  readonly id: Digest;
  readonly number: number;
  readonly row: tables.SshKeyRow;
  readonly holder: tables.SshKeyHolder;
}

/** What counts the keys of a holder. */
export function tallyOfHolder({ type }: tables.SshKeyHolder): "sshKeys" | "deployKeys" {
  return type === "account" ? "sshKeys" : "deployKeys";
}

/** Removes a credential's rows. Whose key it was stays known, so that it never serves another. */
export function removeCredential(state: Overlay, credential: Credential): void {
  const { account, number, id, expiresTime } = credential;
  removeRow(state, tables.credentialTable, id);
  removeRow(state, tables.accountCredentialTable, { account, number });
  addToTally(state, "credentials", account, -1);
  if (expiresTime !== undefined)
    removeRow(state, tables.expiryTable, { time: expiresTime, kind: "credential", subject: id });
  if (readRow(state, tables.credentialRestrictionTable, id) !== undefined)
    removeRow(state, tables.credentialRestrictionTable, id);
  if (isVouched(credential)) removeRow(state, tables.vouchedCredentialTable, id);
  if (!isSshKey(credential)) return;
  const holder = readRow(state, tables.sshKeyHolderTable, id)!;
  removeRow(state, tables.sshKeyTable, id);
  removeRow(state, tables.heldSshKeyTable, { ...holder, number });
  addToTally(state, tallyOfHolder(holder), holder.id, -1);
}
