import type { NodeId } from "@guts/primitives";
import type { NetworkView } from "@guts/server";

/** What a node sees that orders transactions alone: nobody else, and always itself as leader. */
export function soloNetworkView(self: {
  readonly nodeId: NodeId;
  readonly addresses: readonly string[];
  readonly genesis: Uint8Array;
  /** The height of the newest block: alone, each view makes one. */
  readonly height: () => number;
}): NetworkView {
  return {
    addresses: () => self.addresses,
    peers: () => [],
    consensus: () => ({
      epoch: 0,
      view: self.height(),
      leader: self.nodeId,
      nullifiedViewCount: 0,
      evidenceCount: 0,
    }),
    sync: () => ({ state: "current" }),
    genesis: () => self.genesis,
  };
}
