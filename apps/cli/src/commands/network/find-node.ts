import type { Network } from "@guts/api";
import { parseNodeId, type NodeId } from "@guts/primitives";
import { CliError, usageError } from "../../cli-error.ts";

/** A node of the network. */
export interface FoundNode {
  readonly node: NodeId;
  readonly name: string;
}

/** The node that a person means by its id or its name. Throws `not-found`, or `usage` when several are called so. */
export function findNode(network: Pick<Network, "nodes">, text: string): FoundNode {
  const found = network.nodes.filter(({ nodeId, name }) => nodeId === text.toLowerCase() || name === text);
  const [only] = found;
  if (only === undefined)
    throw new CliError("not-found", `the network has no node ${text}`, {
      hint: "See them with `guts network status`.",
    });
  if (found.length > 1) throw usageError(`several nodes are called ${text}`, "Give the node's id.");
  return { node: parseNodeId(only.nodeId)!, name: only.name ?? only.nodeId };
}
