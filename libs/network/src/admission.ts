import type { ConnectionGater, PeerId } from "@libp2p/interface";

import type { NodeId } from "@guts/primitives";

import { nodeIdOfPeer } from "./identity.ts";

/** What decides about connections. */
export interface AdmissionOptions {
  /** Whether a node has a role, or is on the bootstrap list, and is not banned. */
  readonly isAdmitted: (nodeId: NodeId) => boolean;
  /** Ends earlier connections that stand in the way; false refuses the new one instead. */
  readonly makeWay: (nodeId: NodeId) => boolean;
  readonly onRefused: () => void;
}

/**
 * Who may connect: admitted nodes, once each. Strangers are refused right after the handshake that proves their key,
 * so they never open a stream. A node need not serve strangers: what is public is served over HTTP.
 */
export function createConnectionGater({ isAdmitted, makeWay, onRefused }: AdmissionOptions): ConnectionGater {
  const isKnown = (peerId: PeerId): boolean => {
    const nodeId = nodeIdOfPeer(peerId);
    return nodeId !== undefined && isAdmitted(nodeId);
  };
  const denyInbound = (peerId: PeerId): boolean => {
    if (isKnown(peerId)) return !makeWay(nodeIdOfPeer(peerId)!);
    onRefused();
    return true;
  };
  return {
    denyDialPeer: (peerId) => !isKnown(peerId),
    denyInboundEncryptedConnection: denyInbound,
    denyOutboundEncryptedConnection: (peerId) => !isKnown(peerId),
  };
}
