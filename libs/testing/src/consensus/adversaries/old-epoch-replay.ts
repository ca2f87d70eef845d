import type { Message, SignedVote } from "@guts/consensus";
import type { Digest } from "@guts/primitives";
import { simulatedEpoch } from "../world/cluster-options.ts";
import { viewOf, type Liar } from "./liar.ts";
import { scripted } from "./scripted.ts";

/**
 * Replays votes of the epoch before, which everyone really signed: as they are, and with the present epoch written over the old
 * one. As leader it tries to finalize two blocks of one view with them.
 */
export const oldEpochReplay = scripted("old-epoch-replay", (liar) => ({
  onTick() {
    for (const isRelabelled of [false, true]) {
      liar.broadcast(oldCertificate(liar, { kind: "nullify", view: liar.view, isRelabelled }));
      for (const validator of liar.others) {
        const vote = liar.oldVoteOf(validator, "nullify", liar.view);
        liar.broadcastVote(isRelabelled ? { ...vote, epoch: simulatedEpoch } : vote);
      }
    }
  },
  onView(view) {
    if (liar.isLeaderOf(view)) proposeWithOldVotes(liar);
  },
}));

function proposeWithOldVotes(liar: Liar): void {
  const parent = liar.notarizedBelow(liar.view);
  for (const [index, peer] of liar.others.entries()) {
    const block = liar.build(liar.view, parent, { transactions: [liar.view * 8 + (index % 2) * 4] });
    liar.send(peer, liar.proposalOf(block, viewOf(parent)));
    for (const kind of ["notarize", "finalize"] as const)
      for (const isRelabelled of [false, true])
        liar.send(peer, oldCertificate(liar, { kind, view: liar.view, header: block.hash, isRelabelled }));
  }
}

function oldCertificate(
  liar: Liar,
  terms: {
    readonly kind: SignedVote["kind"];
    readonly view: number;
    readonly header?: Digest;
    readonly isRelabelled: boolean;
  },
): Message {
  const { kind, view, header, isRelabelled } = terms;
  const votes = Array.from({ length: liar.validatorCount }, (_, validator) =>
    liar.oldVoteOf(validator, kind, view, header),
  );
  const epoch = isRelabelled ? simulatedEpoch : simulatedEpoch - 1;
  return { type: "certificate", certificate: { kind, epoch, view, header: votes[0]!.header, votes } };
}
