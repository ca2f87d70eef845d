/** The two ends of a transfer, and what they tell each other beside it. */
import { createHash } from "node:crypto";
import type { PackRef } from "@guts/ledger";
import {
  digestOf,
  nodeIdOf,
  parsePrivateSeed,
  parseRepositoryId,
  publicKeyOf,
  utf8,
  type NodeId,
  type PrivateSeed,
} from "@guts/primitives";
import type { PackOffer } from "@guts/transfer";

/** The network and the repository of the pack. */
export const networkId = digestOf("genesis", utf8("push bench"));
export const repository = parseRepositoryId(1)!;

/** A node's key by its name. */
export function seedOfName(name: string): PrivateSeed {
  return parsePrivateSeed(new Uint8Array(createHash("sha256").update(name).digest()))!;
}

/** And the node. */
export function nodeIdOfName(name: string): NodeId {
  return nodeIdOf(publicKeyOf(seedOfName(name)));
}

/** To the holder: an offer of the pack, or the CPU that it has used. */
export interface HolderCommand {
  readonly type: "offer" | "cpu";
  readonly pack: PackRef;
}

/** From the holder. */
export type HolderAnswer =
  | { readonly type: "ready"; readonly plainPort: number }
  | { readonly type: "offer"; readonly offer: PackOffer }
  | { readonly type: "cpu"; readonly cpuMs: number };
