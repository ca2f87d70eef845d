/** Delegation: which nodes may issue credentials for an account. */
import { accountIdCodec, encode, nodeIdCodec, struct } from "@guts/primitives";
import { actorScope, applied, defineKind, rejected } from "../kind.ts";
import { delegationsPerAccountMax } from "../limits.ts";
import { countRows, readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { removeCredential } from "./credentials.ts";

/** Lets a node issue credentials that are good at that node. */
export const delegationGrant = defineKind({
  tag: 14,
  payload: struct({ node: nodeIdCodec }),
  result: struct({}),
  authority: "personal-root",
  scope: actorScope,
  apply: ({ state, actor, time, height }, { node }) => {
    if (readRow(state, tables.nodeTable, node) === undefined) return rejected("node-unknown");
    if (readRow(state, tables.delegationTable, { account: actor, node }) !== undefined) return rejected("already-so");
    const count = countRows(state, tables.delegationTable, encode(accountIdCodec, actor), delegationsPerAccountMax);
    if (count >= delegationsPerAccountMax) return rejected("delegation-limit");
    writeRow(state, tables.delegationTable, { account: actor, node }, { grantedTime: time, grantedHeight: height });
    return applied({});
  },
});

/** Takes the delegation back, and with it every credential that the node could use. */
export const delegationRevoke = defineKind({
  tag: 15,
  payload: struct({ node: nodeIdCodec }),
  result: struct({}),
  authority: "personal-root",
  scope: actorScope,
  apply: ({ state, forge, actor }, { node }) => {
    if (!forge.isDelegated(actor, node)) return rejected("not-found");
    removeRow(state, tables.delegationTable, { account: actor, node });
    for (const credential of [...forge.credentials(actor)]) {
      if (credential.audience.includes(node)) removeCredential(state, credential);
    }
    return applied({});
  },
});
