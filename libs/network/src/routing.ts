/**
 * The distributed hash table: who holds a key, and where a node is. Hints only; everything found is checked by whoever
 * uses it, and nothing that must work depends on it.
 */
import { createHash } from "node:crypto";

import type { ContentRouting, PeerRouting } from "@libp2p/interface";
import { kadDHT, passthroughMapper, type KadDHT, type KadDHTComponents } from "@libp2p/kad-dht";
import { CID } from "multiformats/cid";
import { create as createMultihash } from "multiformats/hashes/digest";

import type { NodeId } from "@guts/primitives";

import { withPeerId } from "./dialer.ts";
import { nodeIdOfPeer, peerIdOf } from "./identity.ts";

const rawCodec = 0x55;
const sha256Code = 0x12;

/**
 * Makes the libp2p service: every node is a server, on private addresses too. The defaults are for the public internet
 * and do nothing on a LAN.
 */
export function createRoutingService(protocol: string): (components: KadDHTComponents) => KadDHT {
  return kadDHT({
    protocol,
    clientMode: false,
    peerInfoMapper: passthroughMapper,
    allowQueryWithZeroPeers: true,
    initialQuerySelfInterval: 1_000,
    logPrefix: "guts:dht",
  });
}

/** Asks the table. */
export class Routing {
  readonly #content: ContentRouting;
  readonly #peers: PeerRouting;
  readonly #isAdmitted: (nodeId: NodeId) => boolean;

  constructor(content: ContentRouting, peers: PeerRouting, isAdmitted: (nodeId: NodeId) => boolean) {
    this.#content = content;
    this.#peers = peers;
    this.#isAdmitted = isAdmitted;
  }

  /** Announces that this node holds what the key names. */
  async provide(key: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#content.provide(contentIdOf(key), { signal });
  }

  /** Admitted nodes that announced the key, each once. */
  async *findProviders(key: Uint8Array, signal: AbortSignal): AsyncGenerator<NodeId, void> {
    signal.throwIfAborted();
    const seen = new Set<NodeId>();
    for await (const { id } of this.#content.findProviders(contentIdOf(key), { signal })) {
      const nodeId = nodeIdOfPeer(id);
      if (nodeId === undefined || seen.has(nodeId) || !this.#isAdmitted(nodeId)) continue;
      seen.add(nodeId);
      yield nodeId;
    }
  }

  /** Multiaddrs of a node; empty when no node knows one. */
  async findPeer(nodeId: NodeId, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted();
    const peerId = peerIdOf(nodeId);
    try {
      const { multiaddrs } = await this.#peers.findPeer(peerId, { signal });
      return multiaddrs.map((address) => withPeerId(address.toString(), peerId.toString()));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Error && error.name === "NotFoundError") return [];
      throw error;
    }
  }
}

/** The content id that stands for a key: keys of any length become one digest. */
function contentIdOf(key: Uint8Array): CID {
  return CID.createV1(rawCodec, createMultihash(sha256Code, createHash("sha256").update(key).digest()));
}
