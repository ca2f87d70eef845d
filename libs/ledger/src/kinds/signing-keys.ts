/**
 * Keys that sign commits and tags: OpenSSH keys and OpenPGP keys, by account.
 *
 * They authorize nothing. Several accounts may have the same key, so that nobody can keep a key from its owner by adding it
 * first; whose a signature is, is decided by the committer beside the key. An OpenPGP key stands here as its owner gave it:
 * what it says is read outside of the ledger, where a reader may be wrong without a fork.
 */
import {
  bytes,
  digestOf,
  parseSshPublicKey,
  sshKeyBlobBytesMax,
  struct,
  text,
  u64,
  type Digest,
  type SshKeyRefusal,
} from "@guts/primitives";
import { actorScope, applied, defineKind, rejected, type ActContext, type ActOutcome } from "../kind.ts";
import { examinationWork, gpgKeyBytesMax, labelBytesMax, signingKeysPerAccountMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import type { RejectionCode } from "../rejection.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { sshKeyIdOf } from "./ssh-keys.ts";

/** The digest by which an account has an OpenPGP key at most once. */
export function gpgKeyIdOf(key: Uint8Array): Digest {
  return digestOf("gpgKey", key);
}

/** Records an OpenSSH key that signs. */
export const sshSigningKeyAdd = defineKind({
  tag: 105,
  payload: struct({ blob: bytes(sshKeyBlobBytesMax), title: text(labelBytesMax) }),
  result: struct({ number: u64 }),
  authority: "administer-ssh-signing-keys",
  work: () => examinationWork,
  scope: actorScope,
  apply: (context, { blob, title }) => {
    const key = parseSshPublicKey(blob);
    if (typeof key === "string") return rejected(REFUSALS[key]);
    return addKey(context, { type: "ssh", id: sshKeyIdOf(blob), key: blob, title });
  },
});

/** Records an OpenPGP key that signs: its packets, as they are exchanged in binary (RFC 9580, section 10.1). */
export const gpgKeyAdd = defineKind({
  tag: 106,
  payload: struct({ key: bytes(gpgKeyBytesMax), title: text(labelBytesMax) }),
  result: struct({ number: u64 }),
  authority: "write-gpg-keys",
  scope: actorScope,
  apply: (context, { key, title }) => {
    if (!beginsWithPublicKey(key)) return rejected("gpg-key-malformed");
    return addKey(context, { type: "gpg", id: gpgKeyIdOf(key), key, title });
  },
});

/** Removes an OpenSSH key that signs. */
export const sshSigningKeyRemove = defineKind({
  tag: 107,
  payload: struct({ number: u64 }),
  result: struct({}),
  authority: "administer-ssh-signing-keys",
  scope: actorScope,
  apply: (context, { number }) => removeKey(context, "ssh", number),
});

/** Removes an OpenPGP key. */
export const gpgKeyRemove = defineKind({
  tag: 108,
  payload: struct({ number: u64 }),
  result: struct({}),
  authority: "administer-gpg-keys",
  scope: actorScope,
  apply: (context, { number }) => removeKey(context, "gpg", number),
});

const REFUSALS: Readonly<Record<SshKeyRefusal, RejectionCode>> = {
  malformed: "ssh-key-malformed",
  weak: "ssh-key-weak",
  unsupported: "ssh-key-unsupported",
};

function addKey(
  { state, actor, time, height }: ActContext,
  row: Pick<tables.SigningKeyRow, "type" | "id" | "key" | "title">,
): ActOutcome<{ readonly number: number }> {
  if (readRow(state, tables.signingKeyNumberTable, { account: actor, id: row.id }) !== undefined)
    return rejected("signing-key-taken");
  if (tallyOf(state, "signingKeys", actor) >= signingKeysPerAccountMax) return rejected("signing-key-limit");
  const number = nextNumber(state, "signingKey");
  const added = { addedTime: time, addedHeight: height };
  writeRow(state, tables.signingKeyTable, { account: actor, number }, { ...row, ...added });
  writeRow(state, tables.signingKeyNumberTable, { account: actor, id: row.id }, number);
  addToTally(state, "signingKeys", actor, 1);
  return applied({ number });
}

function removeKey(
  { state, actor }: ActContext,
  type: tables.SigningKeyRow["type"],
  number: number,
): ActOutcome<object> {
  const row = readRow(state, tables.signingKeyTable, { account: actor, number });
  if (row?.type !== type) return rejected("not-found");
  removeRow(state, tables.signingKeyTable, { account: actor, number });
  removeRow(state, tables.signingKeyNumberTable, { account: actor, id: row.id });
  addToTally(state, "signingKeys", actor, -1);
  return applied({});
}

/** Whether the first packet says that it is a public key (RFC 9580, section 4.2). */
function beginsWithPublicKey([first = 0]: Uint8Array): boolean {
  const isNewFormat = (first & 0xc0) === 0xc0;
  const isOldFormat = (first & 0xc0) === 0x80;
  return (isNewFormat && (first & 0x3f) === publicKeyTag) || (isOldFormat && (first & 0x3f) >> 2 === publicKeyTag);
}

const publicKeyTag = 6;
