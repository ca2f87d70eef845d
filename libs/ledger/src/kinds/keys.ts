/** Keys of an account: only a root key decides who else may sign. */
import { isSoundPublicKey, publicKeyCodec, struct, text, type AccountId, type PublicKey } from "@guts/primitives";
import type { KeyRole } from "@guts/governance";
import { actorScope, applied, defineKind, rejected, type ActContext } from "../kind.ts";
import { examinationWork, keysPerAccountMax, labelBytesMax } from "../limits.ts";
import { isPossessionProven, possessionCodec } from "../possession.ts";
import { readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** Lets another key act for the account from the next transaction on. */
export const keyAdd = defineKind({
  tag: 10,
  payload: struct({
    key: publicKeyCodec,
    role: tables.keyRoleCodec,
    label: text(labelBytesMax),
    /** By the new key, for the account that acts. */
    possession: possessionCodec,
  }),
  result: struct({}),
  authority: "personal-root",
  work: () => 2 * examinationWork,
  spared: () => examinationWork,
  scope: actorScope,
  apply: (context, added) => {
    const { state, actor, networkId } = context;
    if (readRow(state, tables.keyOwnerTable, added.key) !== undefined) return rejected("key-taken");
    if (tallyOf(state, "keys", actor) >= keysPerAccountMax) return rejected("key-limit");
    if (!isSoundPublicKey(added.key)) return rejected("key-unsound");
    const holder = { type: "account", account: actor } as const;
    if (!isPossessionProven(added.possession, added.key, { networkId, holder })) return rejected("key-unproven");
    addKey(context, actor, added);
    return applied({});
  },
});

/** Writes both rows of a new key. */
export function addKey(
  { state, time, height }: ActContext,
  account: AccountId,
  { key, role, label }: { readonly key: PublicKey; readonly role: KeyRole; readonly label: string },
): void {
  const row = { role, label, addedTime: time, addedHeight: height, revokedHeight: undefined };
  writeRow(state, tables.keyOwnerTable, key, account);
  writeRow(state, tables.keyTable, { account, key }, row);
  addToTally(state, "keys", account, 1);
}

/** Ends a key. The last root key stays, or nobody could ever recover the account. */
export const keyRevoke = defineKind({
  tag: 11,
  payload: struct({ key: publicKeyCodec }),
  result: struct({}),
  authority: "personal-root",
  work: () => keysPerAccountMax,
  scope: actorScope,
  apply: ({ state, forge, actor, height }, { key }) => {
    const row = readRow(state, tables.keyTable, { account: actor, key });
    if (row === undefined) return rejected("not-found");
    if (row.revokedHeight !== undefined) return rejected("already-so");
    const liveRoots = [...forge.keys(actor)].filter((held) => held.role === "root" && held.revokedHeight === undefined);
    if (row.role === "root" && liveRoots.length === 1) return rejected("last-root-key");
    writeRow(state, tables.keyTable, { account: actor, key }, { ...row, revokedHeight: height });
    return applied({});
  },
});
