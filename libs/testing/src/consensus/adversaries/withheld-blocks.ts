import { viewOf } from "./liar.ts";
import { scripted } from "./scripted.ts";
import { approve } from "./bad-parent.ts";

/**
 * As leader it shows its block to as few others as make a certificate with its own votes, or to fewer, and answers no request
 * for the body. Whoever lacks a block that became notarized must get it from the others.
 */
export const withheldBlocks = scripted("withheld-blocks", (liar) => ({
  onMessage(message) {
    if (message.type === "proposal") approve(liar, message.header.view, message.vote.header);
  },
  onView(view) {
    if (!liar.isLeaderOf(view)) return;
    const parent = liar.notarizedBelow(view);
    const block = liar.build(view, parent);
    const shownCount = liar.random.below(liar.quorum);
    for (const peer of liar.others.slice(0, shownCount)) liar.send(peer, liar.proposalOf(block, viewOf(parent)));
    approve(liar, view, block.hash);
  },
}));
