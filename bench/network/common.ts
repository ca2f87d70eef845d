import { createHash } from "node:crypto";

import type { NetworkOptions } from "@guts/network";
import { parseDigest, parsePrivateSeed, type NodeId, type PrivateSeed } from "@guts/primitives";

/** Bytes of the pieces that bulk is sent in. */
export const chunkBytes = 64 * 1024;

/** What the peer process says. */
export type PeerMessage =
  | { readonly kind: "ready"; readonly port: number; readonly nodeId: NodeId }
  | { readonly kind: "cpu"; readonly microseconds: number };

const hash = (text: string): Uint8Array => new Uint8Array(createHash("sha256").update(text).digest());

/** The key of a node of the benchmark. */
export const seedOf = (name: string): PrivateSeed => parsePrivateSeed(hash(name))!;

/** A node of the benchmark's network, on a free port of loopback. */
export function benchNetwork(name: string, peers: readonly string[]): NetworkOptions {
  return {
    seed: seedOf(name),
    networkId: parseDigest(hash("bench/network"))!,
    listen: { host: "127.0.0.1", port: 0 },
    peers,
    roleOf: () => "validator",
  };
}
