/** Finalize votes and what a finalization does (docs/protocol/consensus.md, "Finality"). */
import type { Certificate } from "@guts/verifier";
import type { FinalizedBlock, Proposal } from "../ports.ts";
import { castVote, onCertificate } from "./collect.ts";
import type { CoreState } from "./core-state.ts";
import { keepBlock } from "./proposals.ts";
import { idOf } from "./terms.ts";
import type { ViewState } from "./view-state.ts";

/** Votes to finalize what a quorum notarized, in every view that this node did not nullify. True: something changed. */
export function voteToFinalize(core: CoreState): boolean {
  let hasVoted = false;
  for (const state of core.views.ascending()) hasVoted = voteToFinalizeView(core, state) || hasVoted;
  return hasVoted;
}

/** Commits the highest finalized block and its ancestors, once all are here and executed. True: the floor moved. */
export function commitFinalized(core: CoreState): boolean {
  const certificate = core.views.finalization?.certificate("finalize");
  if (certificate === undefined) return false;
  const path = core.blocks.pathTo(certificate.header);
  if (path.outcome === "missing") return false;
  for (const block of path.blocks) block.isVouched = true;
  const last = path.blocks.at(-1);
  if (last === undefined || path.blocks.some((block) => block.state !== "valid")) return false;
  const proposals = path.blocks.map((block) => block.proposal);
  for (const proposal of proposals) core.emit({ type: "commit", proposal, certificate });
  moveFloor(core, finalizedBlockOf(last.proposal, certificate), proposals);
  return true;
}

/** The host's chain is ahead: it brought blocks by itself. */
export function onFinalizedByHost(core: CoreState, finalized: FinalizedBlock): void {
  if (finalized.height <= core.blocks.floor.height) return;
  moveFloor(core, finalized, []);
  // A certificate of a descendant: that one is final, too, and its block is looked for.
  if (finalized.certificate?.epoch === core.terms.epoch) onCertificate(core, undefined, finalized.certificate);
}

function voteToFinalizeView(core: CoreState, state: ViewState): boolean {
  const id = state.notarized;
  const block = id === undefined ? undefined : core.blocks.get(id);
  if (block?.state !== "valid" || state.own.finalized === block.id) return false;
  const isSkipped = state.certificate("nullify") !== undefined;
  if (isSkipped || !core.mayVote(state.view) || !core.terms.rules.mayFinalize(state.own, block.id)) return false;
  keepBlock(core, block);
  const vote = castVote(core, state, "finalize", block.proposal.hash);
  core.emit({ type: "broadcast", message: { type: "vote", vote } });
  return true;
}

function moveFloor(core: CoreState, finalized: FinalizedBlock, committed: readonly Proposal[]): void {
  const floor = { view: finalized.view, id: idOf(finalized.hash) };
  const certificate = finalized.certificate?.epoch === core.terms.epoch ? finalized.certificate : undefined;
  if (core.views.raiseFloor(floor, certificate)) core.onViewEntered();
  for (const { proposal } of core.blocks.raiseFloor(finalized, committed))
    core.emit({ type: "discard", hash: proposal.hash });
  core.timers.onFinalized(core.now.monotonic);
  core.shouldBuild = true;
}

function finalizedBlockOf({ header, hash }: Proposal, certificate: Certificate): FinalizedBlock {
  const { height, view, time } = header;
  return { hash, height, view, time, header, certificate };
}
