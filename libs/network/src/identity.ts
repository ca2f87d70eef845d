/** One identity, two spellings: `NodeId` is the hexadecimal of the Ed25519 key whose multihash is libp2p's peer id. */
import { privateKeyFromRaw, publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { Ed25519PeerId, PeerId, PrivateKey } from "@libp2p/interface";
import { peerIdFromPublicKey, peerIdFromString } from "@libp2p/peer-id";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";

import {
  concatBytes,
  nodeIdOf,
  parsePublicKey,
  publicKeyOf,
  publicKeyOfNode,
  type NodeId,
  type PrivateSeed,
} from "@guts/primitives";

import { NetworkError } from "./errors.ts";

/** The key of a node as libp2p wants it: seed, then public key. */
export function privateKeyOfSeed(seed: PrivateSeed): PrivateKey {
  return privateKeyFromRaw(concatBytes(seed, publicKeyOf(seed)));
}

/** The peer id of a node. */
export function peerIdOf(nodeId: NodeId): Ed25519PeerId {
  return peerIdFromPublicKey(publicKeyFromRaw(publicKeyOfNode(nodeId))) as Ed25519PeerId;
}

/** The node with this peer id; undefined for keys that are not Ed25519, which no node has. */
export function nodeIdOfPeer(peerId: PeerId): NodeId | undefined {
  if (peerId.type !== "Ed25519") return undefined;
  const key = parsePublicKey(peerId.publicKey.raw);
  return key && nodeIdOf(key);
}

/** The node with this peer id in text, or undefined. */
export function parsePeerId(text: string): NodeId | undefined {
  try {
    return nodeIdOfPeer(peerIdFromString(text));
  } catch {
    return undefined;
  }
}

/** A dialable address of a node. */
export interface NodeAddress {
  readonly nodeId: NodeId;
  readonly multiaddr: Multiaddr;
}

/** A multiaddr that ends with the `/p2p/` of a node. Throws `bad-address`. */
export function parseNodeAddress(text: string): NodeAddress {
  const address = parseMultiaddr(text);
  const last = address.getComponents().at(-1);
  const nodeId = last?.name === "p2p" && last.value !== undefined ? parsePeerId(last.value) : undefined;
  if (nodeId === undefined)
    throw new NetworkError("bad-address", "the address does not end with the peer id of an Ed25519 key", {});
  return { nodeId, multiaddr: address };
}

function parseMultiaddr(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (cause) {
    throw new NetworkError("bad-address", "the address is no multiaddr", {}, { cause });
  }
}
