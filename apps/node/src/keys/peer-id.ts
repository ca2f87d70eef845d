/**
 * A node's id as libp2p writes it.
 *
 * Rules (libp2p, "Peer Ids and Keys"): the public key as protobuf, in a multihash of the identity function since it is short,
 * in base58 with Bitcoin's alphabet. The network's own code gets it from libp2p; this form is for configurations, which are
 * written by commands that never load it.
 */
import { publicKeyOfNode, type NodeId } from "@guts/primitives";

/** Multihash: identity (0), 36 bytes; protobuf: field 1 (type) is Ed25519 (1), field 2 (data) has 32 bytes. */
const prefix = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20);
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** The peer id of a node, such as `12D3KooW...`. */
export function peerIdOf(nodeId: NodeId): string {
  return base58Of([...prefix, ...publicKeyOfNode(nodeId)]);
}

/** The multiaddr under which others connect to a node that listens at `address`. */
export function peerAddressOf(nodeId: NodeId, address: string): string {
  return `${address}/p2p/${peerIdOf(nodeId)}`;
}

function base58Of(bytes: readonly number[]): string {
  let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let digits = "";
  for (; number > 0n; number /= 58n) digits = alphabet.charAt(Number(number % 58n)) + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return alphabet.charAt(0).repeat(zeros) + digits;
}
