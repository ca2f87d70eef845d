/** Delegation: which nodes may issue credentials for an account. */
import { nodeIdCodec, struct, type AccountId, type NodeId } from "@guts/primitives";
import { actorScope, applied, defineKind, rejected, type ActContext } from "../kind.ts";
import { credentialsPerAccountMax, delegationsPerAccountMax } from "../limits.ts";
import type { Overlay } from "../state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { withdrawNode } from "./credentials.ts";

/** Lets a node issue credentials that are good at that node. */
export const delegationGrant = defineKind({
  tag: 14,
  payload: struct({ node: nodeIdCodec }),
  result: struct({}),
  authority: "personal-root",
  scope: actorScope,
  apply: (context, { node }) => {
    const { state, forge, actor } = context;
    if (!forge.isAdmitted(node, context.height)) return rejected("node-unknown");
    if (forge.isDelegated(actor, node)) return rejected("already-so");
    // A delegation from before the node was removed gives way to the new one.
    if (hasDelegationRow(state, actor, node)) removeDelegation(state, actor, node);
    if (tallyOf(state, "delegations", actor) >= delegationsPerAccountMax) return rejected("delegation-limit");
    addDelegation(context, actor, node);
    return applied({});
  },
});

/** Takes the delegation back, and with it every credential that the node could use, and its word on SSH keys. */
export const delegationRevoke = defineKind({
  tag: 15,
  payload: struct({ node: nodeIdCodec }),
  result: struct({}),
  authority: "personal-root",
  work: () => 4 * credentialsPerAccountMax,
  scope: actorScope,
  apply: ({ state, forge, actor }, { node }) => {
    if (!hasDelegationRow(state, actor, node)) return rejected("not-found");
    removeDelegation(state, actor, node);
    for (const credential of [...forge.storedCredentials(actor)]) withdrawNode(state, credential, node);
    return applied({});
  },
});

function hasDelegationRow(state: Overlay, account: AccountId, node: NodeId): boolean {
  return readRow(state, tables.delegationTable, { account, node }) !== undefined;
}

/** Writes the row of a new delegation. */
export function addDelegation({ state, time, height }: ActContext, account: AccountId, node: NodeId): void {
  writeRow(state, tables.delegationTable, { account, node }, { grantedTime: time, grantedHeight: height });
  addToTally(state, "delegations", account, 1);
}

/** Removes the row of a delegation that there is. */
export function removeDelegation(state: Overlay, account: AccountId, node: NodeId): void {
  removeRow(state, tables.delegationTable, { account, node });
  addToTally(state, "delegations", account, -1);
}
