import type { Network, NetworkNode, Validator } from "@guts/api";
import { toHex, type NodeId } from "@guts/primitives";

import type { PeerView } from "../ports/index.ts";
import { isoTime } from "../rest/iso-time.ts";
import type { Services } from "../services.ts";
import { quorumState, quorumWords } from "./quorum.ts";

type Needs = Pick<Services, "ledger" | "network" | "clock" | "version">;

/** Every node that the ledger admits, with what this node sees of it: validators in their order, then the others by name. */
export function networkNodes(needs: Needs): NetworkNode[] {
  const state = needs.ledger.state();
  const { validators } = state.network();
  const order = new Map(validators.map(({ nodeId }, index) => [nodeId, index]));
  const peers = new Map(needs.network.peers().map((peer) => [peer.nodeId, peer]));
  const rankOf = (nodeId: NodeId): number => order.get(nodeId) ?? order.size;
  return Array.from(state.nodes())
    .toSorted(([left, { name: a }], [right, { name: b }]) => rankOf(left) - rankOf(right) || (a < b ? -1 : 1))
    .map(([nodeId, { name }]) => ({ nodeId, name, isValidator: order.has(nodeId), ...seen(needs, nodeId, peers) }));
}

/** The nodes that vote, with their keys and whose turn it is. */
export function networkValidators(needs: Needs): Validator[] {
  const { validators } = needs.ledger.state().network();
  const nodes = new Map(networkNodes(needs).map((node) => [node.nodeId, node]));
  const { leader } = needs.network.consensus();
  return validators.flatMap(({ nodeId, consensusKey }) => {
    const node = nodes.get(nodeId);
    return node === undefined ? [] : { ...node, consensusKey: toHex(consensusKey), isLeader: nodeId === leader };
  });
}

/** The network as this node sees it right now; nothing of it is on the ledger. */
export function networkNow(needs: Needs): Pick<Network, "addresses" | "quorum" | "sync" | "consensus"> {
  const { ledger, network } = needs;
  const quorum = quorumState(ledger.state(), network, ledger.nodeId);
  const sync = network.sync();
  const { epoch, view, leader } = network.consensus();
  return {
    addresses: [...network.addresses()],
    quorum: { ...quorum, summary: quorumWords(quorum) },
    sync: { state: sync.state, target: sync.state === "catching-up" ? sync.target : null },
    consensus: { epoch, view, leader: leader ?? null },
  };
}

type Seen = Omit<NetworkNode, "nodeId" | "name" | "isValidator">;

function seen({ ledger, clock, version }: Needs, nodeId: NodeId, peers: ReadonlyMap<NodeId, PeerView>): Seen {
  const height = ledger.height();
  if (nodeId === ledger.nodeId)
    return {
      url: null,
      isSelf: true,
      isConnected: true,
      height,
      lag: 0,
      version,
      rttMs: 0,
      lastSeenAt: isoTime(clock.nowMs()),
    };
  const peer = peers.get(nodeId);
  return {
    url: peer?.url ?? null,
    isSelf: false,
    isConnected: peer?.isConnected ?? false,
    height: peer?.height ?? null,
    lag: peer?.height === undefined ? null : Math.max(0, height - peer.height),
    version: peer?.version ?? null,
    rttMs: peer?.rttMs ?? null,
    lastSeenAt: peer?.lastSeenMs === undefined ? null : isoTime(peer.lastSeenMs),
  };
}
