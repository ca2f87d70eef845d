import type { Genesis } from "@guts/ledger";
import type { NodeId, TimeMs } from "@guts/primitives";
import type { NetworkView, PeerView, SyncView } from "@guts/server";
import type { ChainThreadStatus, NodeSight } from "../chain-thread/contract.ts";

/** What the node knows of itself. */
export interface NetworkViewOptions {
  readonly nodeId: NodeId;
  readonly genesis: Genesis;
  readonly genesisBytes: Uint8Array;
  /** Multiaddrs to tell before the network is open. */
  readonly addresses: readonly string[];
  /** Whether the ledger, as far as this node has it, admits this node. */
  readonly isAdmitted: () => boolean;
  /** What the chain thread said last. */
  readonly status: () => ChainThreadStatus | undefined;
}

/** The network as the chain thread sees it: heights as the others told them, the rest at most a second old. */
export function threadNetworkView(options: NetworkViewOptions): NetworkView {
  const { genesis, genesisBytes, addresses, isAdmitted, status, nodeId } = options;
  const isOnlyValidator = genesis.validators.length === 1 && genesis.validators[0]!.nodeId === nodeId;
  return {
    addresses: () => status()?.addresses ?? addresses,
    peers: () => (status()?.nodes ?? []).map((node) => peerOf(node, status()!)),
    consensus: () => {
      const consensus = status()?.consensus;
      return {
        epoch: consensus?.epoch ?? 0,
        view: consensus?.view ?? 0,
        leader: consensus === undefined ? undefined : genesis.validators[consensus.leader]?.nodeId,
        nullifiedViewCount: consensus === undefined ? 0 : consensus.finalizedView - consensus.finalizedHeight,
        evidenceCount: consensus?.equivocatorCount ?? 0,
      };
    },
    sync: () => (isOnlyValidator ? { state: "current" } : syncOf(status(), isAdmitted())),
    clockAheadMs: () => status()?.clockAheadMs,
    genesis: () => genesisBytes,
  };
}

function peerOf(node: NodeSight, { peers }: ChainThreadStatus): PeerView {
  const connection = peers.find(({ nodeId }) => nodeId === node.nodeId);
  return {
    nodeId: node.nodeId,
    isConnected: node.isConnected && node.isAnswering,
    height: node.servedHeight,
    version: node.version,
    url: node.url === "" ? undefined : node.url,
    rttMs: node.rttMs,
    lastSeenMs: node.heardTime satisfies TimeMs | undefined,
    bytesReceived: connection?.bytesIn ?? 0,
    bytesSent: connection?.bytesOut ?? 0,
  };
}

/** A node that nobody lets in has only what it knows itself to tell why: the ledger that it has does not admit it. */
function syncOf(status: ChainThreadStatus | undefined, isAdmitted: boolean): SyncView {
  if (status?.syncTarget !== undefined) return { state: "catching-up", target: status.syncTarget };
  return status?.nodes.some(({ isConnected }) => isConnected) === true
    ? { state: "current" }
    : { state: isAdmitted ? "alone" : "not-admitted" };
}
