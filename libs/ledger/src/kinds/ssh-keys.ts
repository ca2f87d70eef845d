/**
 * SSH keys and deploy keys: credentials whose secret is a private key that no node ever sees.
 *
 * The id is the digest of the public key, so a door that has verified a signature finds the credential by it. A node of
 * the audience vouches that it saw such a signature; what the key may do is bounded here: git, and nothing else.
 */
import {
  bool,
  bytes,
  digestCodec,
  digestOf,
  isSoundPublicKey,
  list,
  nodeIdCodec,
  option,
  parseSshPublicKey,
  repositoryIdCodec,
  sshKeyBlobBytesMax,
  struct,
  text,
  timeCodec,
  u64,
  type Digest,
  type RepositoryId,
  type SshKeyRefusal,
} from "@guts/primitives";
import { deployKeyPowers } from "@guts/governance";
import { actorScope, applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import {
  audienceMax,
  credentialsPerAccountMax,
  deployKeysPerRepositoryMax,
  examinationWork,
  labelBytesMax,
  sshKeysPerAccountMax,
} from "../limits.ts";
import type { RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { tallyOf } from "../tally.ts";
import { removeCredential, tallyOfHolder, writeCredential, writeSshKey } from "./credentials.ts";

/** The id of the credential that a public key is. */
export function sshKeyIdOf(blob: Uint8Array): Digest {
  return digestOf("sshKey", blob);
}

const keyFields = {
  blob: bytes(sshKeyBlobBytesMax),
  title: text(labelBytesMax),
  /** The nodes whose word is taken that somebody signed with this key. */
  audience: list(nodeIdCodec, audienceMax),
} as const;

/** Lets git act for the account with this key. */
export const sshKeyAdd = defineKind({
  tag: 100,
  payload: struct({ ...keyFields, expiresTime: option(timeCodec) }),
  result: struct({ number: u64 }),
  authority: "write-public-keys",
  work: () => 2 * examinationWork,
  spared: () => examinationWork,
  scope: actorScope,
  apply: (context, { blob, title, audience, expiresTime }) => {
    const { actor, time } = context;
    if (expiresTime !== undefined && expiresTime <= time) return rejected("expiry-invalid");
    const holder = { type: "account", id: actor } as const;
    const refusal = refuseKey(context, { blob, audience, holder });
    if (refusal !== undefined) return rejected(refusal);
    return applied({ number: writeKey(context, { blob, title, audience, expiresTime, holder }) });
  },
});

/** Lets git act on one repository with this key, for the account that adds it and never beyond what that may. */
export const deployKeyAdd = defineKind({
  tag: 101,
  payload: struct({ repository: repositoryIdCodec, ...keyFields, isReadOnly: bool }),
  result: struct({ number: u64 }),
  authority: "any",
  work: () => 2 * examinationWork,
  spared: () => examinationWork,
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, blob, title, audience, isReadOnly }) => {
    const opened = openRepository(context, repository, "manage-deploy-keys");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const holder = { type: "repository", id: repository } as const;
    const refusal = refuseKey(context, { blob, audience, holder });
    if (refusal !== undefined) return rejected(refusal);
    const number = writeKey(context, { blob, title, audience, expiresTime: undefined, holder });
    const powers = deployKeyPowers(repository, { isReadOnly });
    writeRow(context.state, tables.credentialRestrictionTable, sshKeyIdOf(blob), powers);
    return applied({ number });
  },
});

/** Ends a deploy key, whoever added it. */
export const deployKeyRemove = defineKind({
  tag: 102,
  payload: struct({ repository: repositoryIdCodec, id: digestCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, id }) => {
    const opened = openRepository(context, repository, "manage-deploy-keys");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const key = context.forge.sshKey(id);
    if (key === undefined || key.repository !== repository) return rejected("not-found");
    removeCredential(context.state, key);
    return applied({});
  },
});

/** Ends a key of the account. */
export const sshKeyRemove = defineKind({
  tag: 103,
  payload: struct({ id: digestCodec }),
  result: struct({}),
  authority: "administer-public-keys",
  scope: actorScope,
  apply: ({ state, forge, actor }, { id }) => {
    const key = forge.sshKey(id);
    if (key === undefined || key.account !== actor || key.kind !== "ssh-key") return rejected("not-found");
    removeCredential(state, key);
    return applied({});
  },
});

interface NewKey {
  readonly blob: Uint8Array;
  readonly audience: tables.CredentialRow["audience"];
  readonly holder: tables.SshKeyHolder;
}

const REFUSALS: Readonly<Record<SshKeyRefusal, RejectionCode>> = {
  malformed: "ssh-key-malformed",
  weak: "ssh-key-weak",
  unsupported: "ssh-key-unsupported",
};

function refuseKey(context: ActContext, { blob, audience, holder }: NewKey): RejectionCode | undefined {
  const { state, forge, actor, height } = context;
  const key = parseSshPublicKey(blob);
  if (typeof key === "string") return REFUSALS[key];
  const id = sshKeyIdOf(blob);
  const known = readRow(state, tables.sshKeyHolderTable, id);
  const isTheirs = known === undefined || (known.type === holder.type && known.id === holder.id);
  if (!isTheirs || readRow(state, tables.credentialTable, id) !== undefined) return "ssh-key-taken";
  const countMax = holder.type === "account" ? sshKeysPerAccountMax : deployKeysPerRepositoryMax;
  if (tallyOf(state, tallyOfHolder(holder), holder.id) >= countMax) return "ssh-key-limit";
  if (tallyOf(state, "credentials", actor) >= credentialsPerAccountMax) return "credential-limit";
  if (audience.length === 0 || new Set(audience).size !== audience.length) return "audience-invalid";
  if (!audience.every((node) => forge.isAdmitted(node, height))) return "node-unknown";
  return key.type === "ssh-ed25519" && !isSoundPublicKey(key.key) ? "key-unsound" : undefined;
}

function writeKey(
  context: ActContext,
  key: NewKey & Pick<tables.CredentialRow, "expiresTime"> & { readonly title: string },
): number {
  const { state, authority, admittedBy } = context;
  const { blob, title, audience, expiresTime, holder } = key;
  const id = sshKeyIdOf(blob);
  const kind = holder.type === "account" ? "ssh-key" : "deploy-key";
  const number = writeCredential(context, { id, kind, scopes: 0, label: title, expiresTime, audience });
  const repository = holder.type === "repository" ? (holder.id as RepositoryId) : undefined;
  const vouchedBy = authority.type === "key" ? undefined : admittedBy;
  writeSshKey(state, { id, number, row: { blob, repository, vouchedBy }, holder });
  return number;
}
