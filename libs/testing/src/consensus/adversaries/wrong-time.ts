import { viewOf } from "./liar.ts";
import { scripted } from "./scripted.ts";
import { approve } from "./bad-parent.ts";

/** How far its clock is off. */
const offMs = 3_600_000;

/** As leader it writes a time into its block that is an hour ahead, or not later than the parent's. */
export const wrongTime = scripted("wrong-time", (liar) => ({
  onView(view) {
    if (!liar.isLeaderOf(view)) return;
    const parent = liar.notarizedBelow(view);
    const time = liar.random.oneIn(2) ? liar.nowMs + offMs : (parent?.header.time ?? 0);
    const block = liar.build(view, parent, { transactions: [view * 4 + 3], time });
    liar.broadcast(liar.proposalOf(block, viewOf(parent)));
    approve(liar, view, block.hash);
  },
}));
