/** Keys of an account: only a root key decides who else may sign. */
import { accountIdCodec, encode, isSoundPublicKey, publicKeyCodec, struct, text } from "@guts/primitives";
import { actorScope, applied, defineKind, rejected } from "../kind.ts";
import { keysPerAccountMax, labelBytesMax } from "../limits.ts";
import { countRows, readRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

/** Lets another key act for the account from the next transaction on. */
export const keyAdd = defineKind({
  tag: 10,
  payload: struct({ key: publicKeyCodec, role: tables.keyRoleCodec, label: text(labelBytesMax) }),
  result: struct({}),
  authority: "personal-root",
  scope: actorScope,
  apply: ({ state, actor, time, height }, { key, role, label }) => {
    if (!isSoundPublicKey(key)) return rejected("key-unsound");
    if (readRow(state, tables.keyOwnerTable, key) !== undefined) return rejected("key-taken");
    const within = encode(accountIdCodec, actor);
    if (countRows(state, tables.keyTable, within, keysPerAccountMax) >= keysPerAccountMax) return rejected("key-limit");
    writeRow(state, tables.keyOwnerTable, key, actor);
    writeRow(
      state,
      tables.keyTable,
      { account: actor, key },
      { role, label, addedTime: time, addedHeight: height, revokedHeight: undefined },
    );
    return applied({});
  },
});

/** Ends a key. The last root key stays, or nobody could ever recover the account. */
export const keyRevoke = defineKind({
  tag: 11,
  payload: struct({ key: publicKeyCodec }),
  result: struct({}),
  authority: "personal-root",
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
