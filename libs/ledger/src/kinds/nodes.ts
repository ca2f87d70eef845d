/**
 * Which nodes take part without voting: only nodes that stand here receive blocks and packs, and admit transactions.
 *
 * Removing a node ends at once what it may do, and for ever what it was trusted with: credentials and delegations are good
 * only while each of their nodes has been admitted without a break since before they were made (`ForgeState.isAdmitted`).
 * So nothing has to be searched, however many accounts had their home there, and admitting the node again revives nothing.
 */
import {
  isSoundPublicKey,
  mapped,
  nodeIdCodec,
  option,
  publicKeyOfNode,
  struct,
  text,
  type Codec,
  type NodeId,
} from "@guts/primitives";
import { validatorNameBytesMax } from "@guts/verifier";
import { contentRefCodec } from "../content.ts";
import { applied, boundedRefs, defineKind, rejected, type ActContext, type ActOutcome } from "../kind.ts";
import { admittedNodesMax, examinationWork, reasonBytesMax } from "../limits.ts";
import type { RejectionCode } from "../rejection.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

const nodeNameCodec: Codec<string> = mapped(
  text(validatorNameBytesMax),
  (name) => (/^[A-Za-z0-9._-]+$/.test(name) ? name : undefined),
  (name) => name,
);

/** Admits a node that does not vote. Administrators only. */
export const nodeAdmit = defineKind({
  tag: 17,
  payload: struct({ node: nodeIdCodec, name: nodeNameCodec }),
  result: struct({}),
  authority: "manage-credentials",
  work: () => examinationWork,
  scope: () => ({ type: "network", id: 0 }),
  apply: (context, { node, name }) => {
    const { state, height } = context;
    if (!isAdministrator(context)) return rejected("forbidden");
    if (readRow(state, tables.nodeTable, node) !== undefined) return rejected("already-so");
    if (tallyOf(state, "nodes", 0) >= admittedNodesMax) return rejected("node-limit");
    if (!isSoundPublicKey(publicKeyOfNode(node))) return rejected("key-unsound");
    writeRow(state, tables.nodeTable, node, { name, sinceHeight: height });
    addToTally(state, "nodes", 0, 1);
    return applied({});
  },
});

/** Removes a node that was admitted. Administrators only; validators change with the epoch. */
export const nodeRemove = defineKind({
  tag: 18,
  payload: struct({ node: nodeIdCodec }),
  result: struct({}),
  authority: "manage-credentials",
  scope: () => ({ type: "network", id: 0 }),
  apply: (context, { node }) => remove(context, node),
});

/** The same with a reason, by whom suspensions and budgets are decided. */
export const nodeDismiss = defineKind({
  tag: 95,
  payload: struct({ node: nodeIdCodec, reason: option(contentRefCodec) }),
  result: struct({}),
  authority: "administer-site",
  contents: ({ reason }) => boundedRefs([reason], reasonBytesMax),
  scope: () => ({ type: "network", id: 0 }),
  apply: (context, { node }) => remove(context, node),
});

function remove(context: ActContext, node: NodeId): ActOutcome<object> {
  const refusal = refuseRemoval(context, node);
  if (refusal !== undefined) return rejected(refusal);
  removeRow(context.state, tables.nodeTable, node);
  addToTally(context.state, "nodes", 0, -1);
  return applied({});
}

function refuseRemoval(context: ActContext, node: NodeId): RejectionCode | undefined {
  const { state, forge } = context;
  if (!isAdministrator(context)) return "forbidden";
  if (readRow(state, tables.nodeTable, node) === undefined) return "node-unknown";
  return forge.network().validators.some(({ nodeId }) => nodeId === node) ? "node-is-validator" : undefined;
}

function isAdministrator({ state, actor }: ActContext): boolean {
  return readRow(state, tables.accountTable, actor)!.isAdministrator === "yes";
}
