import { viewOf, type SeenBlock, type Liar } from "./liar.ts";
import { scripted } from "./scripted.ts";

/**
 * As leader it leaves out the newest notarized block and builds on an older one, as if the views between had been skipped; or on
 * a newer one that was never notarized, which it may have shown to one or two validators for that end: the next leader may be
 * its accomplice. Honest code never does either, so twins cannot find what this finds.
 */
export const badParent = scripted("bad-parent", (liar) => ({
  onMessage(message) {
    if (message.type === "proposal") approve(liar, message.header.view, message.vote.header);
  },
  onView(view) {
    if (!liar.isLeaderOf(view)) return;
    const newest = liar.notarizedBelow(view);
    const uncertified = liar.uncertifiedBetween(viewOf(newest) + 1, view);
    if (uncertified === undefined && liar.random.oneIn(3)) {
      const block = liar.build(view, newest, { transactions: [view * 4 + 1] });
      const accomplice = (liar.self + 1) % liar.validatorCount;
      for (const peer of [liar.random.pick(liar.others)!, accomplice])
        liar.send(peer, liar.proposalOf(block, viewOf(newest)));
      return;
    }
    const parent = uncertified ?? liar.notarizedBelow(viewOf(newest));
    const block = liar.build(view, parent, { transactions: [view * 4 + 1] });
    // Sometimes it tells the truth about the parent's view, sometimes it claims the view before its own.
    liar.broadcast(liar.proposalOf(block, liar.random.oneIn(2) ? viewOf(parent) : view - 1));
    approve(liar, view, block.hash);
  },
}));

/** Votes that help a block to its certificates. */
export function approve(liar: Liar, view: number, block: SeenBlock["hash"]): void {
  liar.broadcastVote(liar.vote("notarize", view, block));
  liar.broadcastVote(liar.vote("finalize", view, block));
}
