/** Tells nodes that are connected to no validator of final blocks. Consensus does not depend on it. */
import { encode, struct, type Height, type NodeId } from "@guts/primitives";
import type { Network } from "@guts/network";
import { finalityCodec, headerCodec, headerHash, refuseFinality } from "@guts/verifier";
import type { AppliedBlock, Chain } from "../chain/chain.ts";
import { tryDecode } from "@guts/transfer";

/** The topic of announcements. */
export const finalizedTopic = "finalized";
/** Bytes of one: a header and a certificate of at most 100 signatures. */
export const announcementBytesMax = 16 * 1024;

const announcementCodec = struct({ header: headerCodec, finality: finalityCodec });

/** Announces this node's newest block; only blocks that their own certificate finalizes, so that it stays small. */
export function announceFinalized(network: Network, { block, finality }: AppliedBlock): void {
  if (finality.descendants.length > 0) return;
  network.publish(finalizedTopic, encode(announcementCodec, { header: block.header, finality }));
}

/** Hears announcements that are true and new. */
export function hearFinalized(network: Network, chain: Chain, onNews: (height: Height, from: NodeId) => void): void {
  const { networkId, genesis } = chain.state;
  network.subscribe(finalizedTopic, announcementBytesMax, (from, bytes) => {
    const announcement = tryDecode(announcementCodec, bytes);
    if (announcement === undefined) return "reject";
    const { header, finality } = announcement;
    if (header.height <= chain.state.tip.height) return "ignore";
    if (refuseFinality(headerHash(header), finality, networkId, genesis.validators) !== undefined) return "reject";
    onNews(header.height, from);
    return "accept";
  });
}
