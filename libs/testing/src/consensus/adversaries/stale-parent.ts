import { approve } from "./bad-parent.ts";
import { scripted } from "./scripted.ts";

/** As leader it builds on genesis or on a block that has long been final, and on nothing newer. */
export const staleParent = scripted("stale-parent", (liar) => ({
  onView(view) {
    if (!liar.isLeaderOf(view)) return;
    const notarized = [...liar.notarizations.keys()].sort((one, other) => one - other);
    const old = notarized[liar.random.below(Math.max(1, Math.floor(notarized.length / 2)))];
    const parent = liar.random.oneIn(2) || old === undefined ? undefined : liar.notarizedBelow(old + 1);
    const block = liar.build(view, parent, { transactions: [view * 4 + 2] });
    liar.broadcast(liar.proposalOf(block, liar.random.below(view)));
    approve(liar, view, block.hash);
  },
}));
