/** What a node says of itself. */
import { equalBytes } from "@guts/primitives";
import type { SignedVote } from "../evidence.ts";
import type { MessageOf, Tip } from "../messages.ts";
import type { Peer } from "../ports.ts";
import type { CoreState } from "./core-state.ts";

/** This node's status; it carries the question about its own votes while that is open. */
export function statusOf(
  core: CoreState,
  answer?: { readonly question: number; readonly newestVote: SignedVote | undefined },
): MessageOf<"status"> {
  const { views, terms, restoration } = core;
  const tip = tipOf(core);
  const isEntryInTip = tip !== undefined && tip.certificate.view === views.entry?.view;
  return {
    type: "status",
    epoch: terms.epoch,
    view: views.current.view,
    entry: isEntryInTip ? undefined : views.entry,
    tip,
    question: restoration.question,
    answer,
  };
}

/** A peer seems to be ahead: told where this node is, it sends what is missing. Not too often. */
export function catchUpWith(core: CoreState, peer: Peer): void {
  if (core.peers.mayAsk(peer, core.now.monotonic)) core.emit({ type: "send", to: peer, message: statusOf(core) });
}

/** The last finalized block with a certificate that names it: after a sync by the host there may be none yet. */
export function tipOf(core: CoreState): Tip | undefined {
  const { header, certificate, hash } = core.blocks.floor;
  if (header === undefined || certificate === undefined || certificate.epoch !== core.terms.epoch) return undefined;
  return equalBytes(certificate.header, hash) ? { header, certificate } : undefined;
}
