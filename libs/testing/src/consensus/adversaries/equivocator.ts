import type { Peer } from "@guts/consensus";
import { toHex, type Digest } from "@guts/primitives";
import { viewOf, type Liar, type MadeBlock } from "./liar.ts";
import { scripted } from "./scripted.ts";

/**
 * As leader it has two blocks and shows each peer the one or the other, again and again; in some views to two peers only, so that
 * neither block can be notarized and the view lasts. Otherwise, for every block that it sees, it notarizes, finalizes and
 * nullifies the view.
 */
export const equivocator = scripted("equivocator", (liar) => {
  const voted = new Set<string>();
  let blocks: readonly [MadeBlock, MadeBlock] | undefined;
  let parentView = 0;
  let peers: readonly Peer[] = [];
  const propose = (): void => {
    if (blocks === undefined || blocks[0].header.view !== liar.view) return;
    const first = liar.random.below(2);
    for (const [index, peer] of peers.entries())
      liar.send(peer, liar.proposalOf(blocks[(first + index) % 2]!, parentView));
  };
  return {
    onMessage(message) {
      if (message.type === "proposal") voteForAll(liar, message.header.view, message.vote.header, voted);
    },
    onView(view) {
      if (!liar.isLeaderOf(view)) return;
      const parent = liar.notarizedBelow(view);
      parentView = viewOf(parent);
      blocks = [liar.build(view, parent), liar.build(view, parent, { transactions: [view * 4] })];
      const isPatient = liar.random.oneIn(2);
      peers = isPatient ? liar.others.slice(0, 2) : liar.others;
      propose();
      if (!isPatient) for (const { hash } of blocks) voteForAll(liar, view, hash, voted);
    },
    onTick: propose,
  };
});

function voteForAll(liar: Liar, view: number, block: Digest, voted: Set<string>): void {
  const name = toHex(block);
  if (voted.has(name)) return;
  voted.add(name);
  for (const vote of [
    liar.vote("notarize", view, block),
    liar.vote("finalize", view, block),
    liar.vote("nullify", view),
  ])
    liar.broadcastVote(vote);
}
