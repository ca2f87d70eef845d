import type { Certificate, VoteKind } from "@guts/verifier";
import type { SignedVote } from "@guts/consensus";
import { viewOf, type Liar } from "./liar.ts";
import { scripted } from "./scripted.ts";

/**
 * Makes certificates of its own signature alone: repeated until it is a quorum, or beside names of others. As leader it proposes
 * two blocks of one view to two halves and sends each half the finalization of its block.
 */
export const duplicateSigners = scripted("duplicate-signers", (liar) => ({
  onTick() {
    liar.broadcast(certificateOf(liar.vote("nullify", liar.view), liar, repeat));
    liar.broadcast(certificateOf(liar.vote("nullify", liar.view), liar, underOtherNames));
  },
  onView(view) {
    if (!liar.isLeaderOf(view)) return;
    const parent = liar.notarizedBelow(view);
    for (const [index, peer] of liar.others.entries()) {
      const block = liar.build(view, parent, { transactions: [view * 8 + (index % 2) * 4 + 3] });
      liar.send(peer, liar.proposalOf(block, viewOf(parent)));
      for (const kind of ["notarize", "finalize"] satisfies VoteKind[])
        liar.send(peer, certificateOf(liar.vote(kind, view, block.hash), liar, repeat));
    }
  },
}));

type Votes = Certificate["votes"];

function certificateOf(vote: SignedVote, liar: Liar, votesOf: (vote: SignedVote, liar: Liar) => Votes) {
  const { kind, epoch, view, header } = vote;
  return { type: "certificate", certificate: { kind, epoch, view, header, votes: votesOf(vote, liar) } } as const;
}

function repeat({ validator, signature }: SignedVote, { quorum }: Liar): Votes {
  return Array.from({ length: quorum }, () => ({ validator, signature }));
}

function underOtherNames({ signature }: SignedVote, { quorum }: Liar): Votes {
  return Array.from({ length: quorum }, (_, validator) => ({ validator, signature }));
}
