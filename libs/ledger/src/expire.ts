/** What a block removes before its first transaction, because its time has come. Bounded, so that blocks stay short. */
import {
  ByteReader,
  decode,
  encode,
  repositoryIdCodec,
  type Decoded,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import { ForgeState } from "./forge-state.ts";
import { removeCollaborator, removeInvitation } from "./kinds/collaborators.ts";
import { removeCredential } from "./kinds/credentials.ts";
import { expiriesPerBlockMax } from "./limits.ts";
import type { Overlay } from "./state.ts";
import { removeRow, scanRows, type Table } from "./table.ts";
import * as tables from "./tables.ts";

/** Removes what expired before `time`, soonest first, and rows of deleted repositories; at most `expiriesPerBlockMax` rows. */
export function expire(state: Overlay, time: TimeMs): void {
  let left = expiriesPerBlockMax;
  for (const due of dueBefore(state, time)) {
    if (left <= 0) break;
    if (due.kind === "repository") {
      const removed = purgeRepository(state, decode(repositoryIdCodec, due.subject), left);
      left -= removed.count;
      if (!removed.isComplete) break;
    } else if (due.kind === "credential") {
      const credential = new ForgeState(state).storedCredential(due.subject as never);
      if (credential !== undefined) removeCredential(state, credential);
    } else {
      removeRow(state, tables.idempotencyTable, tables.idempotencyTable.key.read(new ByteReader(due.subject)));
    }
    removeRow(state, tables.expiryTable, due);
    left--;
  }
}

function dueBefore(state: Overlay, time: TimeMs): readonly Due[] {
  const due: Due[] = [];
  for (const [key] of scanRows(state, tables.expiryTable)) {
    if (key.time >= time || due.length >= expiriesPerBlockMax) break;
    due.push(key);
  }
  return due;
}

type Due = Decoded<(typeof tables.expiryTable)["key"]>;

/** Removes up to `max` rows of a repository that is no more. */
function purgeRepository(
  state: Overlay,
  repository: RepositoryId,
  max: number,
): { readonly count: number; readonly isComplete: boolean } {
  let count = 0;
  const within = encode(repositoryIdCodec, repository);
  const sweep = <Key, Value>(table: Table<Key, Value>, remove: (key: Key) => void): void => {
    const rows = scanRows(state, table, { within });
    for (const [key] of rows.take(max - count).toArray()) {
      remove(key);
      count++;
    }
  };
  sweep(tables.refTable, (key) => removeRow(state, tables.refTable, key));
  sweep(tables.repositoryInvitationTable, (key) => removeInvitation(state, key));
  sweep(tables.collaboratorTable, (key) => removeCollaborator(state, key));
  const keys = { within: encode(tables.sshKeyHolderTable.value, { type: "repository", id: repository }) };
  for (const [, id] of scanRows(state, tables.heldSshKeyTable, keys)
    .take(max - count)
    .toArray()) {
    removeCredential(state, new ForgeState(state).storedCredential(id)!);
    count++;
  }
  sweep(tables.protectionTable, (key) => removeRow(state, tables.protectionTable, key));
  sweep(tables.protectionSettingsTable, (key) => removeRow(state, tables.protectionSettingsTable, key));
  return { count, isComplete: count < max };
}
