import type { NetworkNode } from "@guts/api";
import { scanRows, tables, type ForgeState } from "@guts/ledger";

/** The nodes that the ledger admitted, validators among them. Addresses are not ledger facts yet. */
export function networkNodes(state: ForgeState): NetworkNode[] {
  const validators = new Set(state.network().validators.map(({ nodeId }) => nodeId));
  return Array.from(scanRows(state.reader, tables.nodeTable), ([nodeId, { name }]) => ({
    nodeId,
    name,
    url: null,
    isValidator: validators.has(nodeId),
  }));
}
