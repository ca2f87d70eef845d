/** Proposals: received, examined, voted for, and made (docs/protocol/consensus.md, "Proposals"). */
import { assert, equalBytes, type TimeMs } from "@guts/primitives";
import { headerHash, type Header } from "@guts/verifier";
import type { MessageOf } from "../messages.ts";
import type { Peer, Proposal } from "../ports.ts";
import type { KnownBlock, Place } from "./block-tree.ts";
import { castVote, onVote } from "./collect.ts";
import type { CoreState } from "./core-state.ts";
import { idOf, leaderOf } from "./terms.ts";
import type { ViewState } from "./view-state.ts";

/** A leader's block with its notarize vote. */
export function onProposal(core: CoreState, from: Peer, message: MessageOf<"proposal">): void {
  const { header, vote, body, parentView } = message;
  const { view } = header;
  if (from !== leaderOf(view, core.terms)) return core.report(from, "not-the-leader");
  const hash = headerHash(header);
  if (vote.kind !== "notarize" || vote.view !== view || !equalBytes(vote.header, hash) || !isOurs(core, header))
    return core.report(from, "wrong-header");
  onVote(core, from, vote);
  const [id, state] = [idOf(hash), core.views.find(view)];
  const isVouched = state?.notarized === id;
  const isCandidate = state?.proposed === id && !state.isRefused && view >= core.views.current.view;
  if (core.blocks.get(id) !== undefined || !(isVouched || isCandidate)) return;
  if (state !== undefined) state.parentView = parentView;
  core.blocks.add({ header, hash, body }, { source: from, isVouched, state: "received", isJournaled: false });
}

/** Notarizes the current view's proposal when every rule allows it; a wrong one is refused. True: something changed. */
export function voteForProposal(core: CoreState): boolean {
  const state = core.views.current;
  const id = state.proposed;
  const block = id === undefined ? undefined : core.blocks.get(id);
  if (block === undefined || state.isRefused || state.own.notarized === block.id) return false;
  const parent = core.blocks.placeOf(block.parent);
  if (parent === undefined || !core.mayVote(state.view)) return false;
  const { rules } = core.terms;
  const parentRef = { view: parent.view, id: block.parent };
  if (!parent.isExecuted || !rules.extendsCertified(state.view, parentRef, core.views)) return false;
  if (!isWellPlaced(core, block.proposal.header, parent)) state.isRefused = true;
  else if (block.state === "received") executeBlock(core, block);
  if (state.isRefused || block.state !== "valid") return state.isRefused;
  if (!rules.mayNotarize(state.own, block.id)) return false;
  keepBlock(core, block);
  const vote = castVote(core, state, "notarize", block.proposal.hash);
  core.emit({ type: "broadcast", message: { type: "vote", vote } });
  return true;
}

/** Executes every block that a certificate vouches for and whose parent was executed. True: something changed. */
export function executeVouched(core: CoreState): boolean {
  const blocks = core.blocks.ascending();
  for (const block of blocks.toReversed()) {
    const parent = block.isVouched ? core.blocks.get(block.parent) : undefined;
    if (parent !== undefined) parent.isVouched = true;
  }
  let hasChanged = false;
  for (const block of blocks) {
    if (!block.isVouched || block.state !== "received") continue;
    if (core.blocks.placeOf(block.parent)?.isExecuted === true) {
      executeBlock(core, block);
      hasChanged = true;
    }
  }
  return hasChanged;
}

/** Makes the current view's block when this node leads it and has reason to. At most one in a step. */
export function propose(core: CoreState): boolean {
  const { views, terms, now, timers } = core;
  const state = views.current;
  if (state.leader !== terms.self || core.hasProposedInStep || !core.mayVote(state.view)) return false;
  if (state.own.notarized !== undefined || state.own.isNullified) return false;
  const parent = terms.rules.chooseParent(state.view, views);
  const place = parent && core.blocks.placeOf(parent.id);
  if (place?.isExecuted !== true || now.monotonic < core.proposedAt + terms.timing.blockIntervalMs) return false;
  const isParentFinal = parent?.view === views.floor.view;
  const mustPropose = isParentFinal ? isHeartbeatDue(core) : now.monotonic >= timers.emptyBlockAt;
  if (!mustPropose && !(core.hasWork && core.shouldBuild)) return false;
  const proposal = build(core, state, { id: parent!.id, place, mustPropose });
  if (proposal === undefined) return false;
  publishProposal(core, state, proposal, place.view);
  return true;
}

/** Whether the last finalized block is so old that the network shows that it lives. */
export function isHeartbeatDue(core: CoreState): boolean {
  return core.now.wall >= heartbeatAt(core);
}

/** Wall time of the next heartbeat. */
export function heartbeatAt(core: CoreState): number {
  return core.blocks.floor.time + core.terms.timing.heartbeatMs;
}

/** Makes a block durable that this node votes for. */
export function keepBlock(core: CoreState, block: KnownBlock): void {
  if (block.isJournaled) return;
  const { header, body } = block.proposal;
  core.emit({ type: "record", record: { type: "block", header, body } });
  block.isJournaled = true;
}

function build(
  core: CoreState,
  state: ViewState,
  parent: { readonly id: string; readonly place: Place; readonly mustPropose: boolean },
): Proposal | undefined {
  const { terms, blocks, now } = core;
  core.shouldBuild = false;
  const place = {
    parent: blocks.get(parent.id)?.proposal.hash ?? blocks.floor.hash,
    ...{ epoch: terms.epoch, view: state.view, proposer: state.leader },
    time: Math.max(Math.floor(now.wall), parent.place.time + 1) as TimeMs,
  };
  const built = terms.execution.build(place, { mustPropose: parent.mustPropose });
  assert(built !== undefined || !parent.mustPropose, "the host gave no block where one must be proposed");
  if (built === undefined) {
    // With a final parent nothing waits at all; else what waits may be in the blocks between.
    if (blocks.floorId === parent.id) core.hasWork = false;
    return undefined;
  }
  assert(isOurs(core, built.header) && built.header.height === parent.place.height + 1, "the host built another block");
  return { ...built, hash: headerHash(built.header) };
}

function publishProposal(core: CoreState, state: ViewState, proposal: Proposal, parentView: number): void {
  core.hasProposedInStep = true;
  core.proposedAt = core.now.monotonic;
  const { header, body, hash } = proposal;
  const from = { source: undefined, isVouched: false, state: "valid", isJournaled: false } as const;
  keepBlock(core, core.blocks.add(proposal, from));
  const vote = castVote(core, state, "notarize", hash);
  core.emit({ type: "broadcast", message: { type: "proposal", parentView, header, body, vote } });
}

/** Whether a header is of this network, this epoch and its view's leader. */
function isOurs({ terms }: CoreState, header: Header): boolean {
  const isOfEpoch = header.epoch === terms.epoch && equalBytes(header.networkId, terms.networkId);
  return isOfEpoch && header.view > 0 && header.proposer === leaderOf(header.view, terms);
}

function isWellPlaced({ terms, now }: CoreState, header: Header, parent: Place): boolean {
  if (header.height !== parent.height + 1) return false;
  return terms.rules.isTimely(header.time, parent.time, now.wall, terms.timing.clockSkewMs);
}

function executeBlock(core: CoreState, block: KnownBlock): void {
  const outcome = core.terms.execution.execute(block.proposal);
  if (outcome.outcome === "valid") {
    block.state = "valid";
    return;
  }
  const { hash, header } = block.proposal;
  if (outcome.outcome === "invalid" && block.isVouched) {
    block.state = "invalid";
    core.emit({ type: "diverged", hash, height: header.height, code: outcome.code });
    return;
  }
  if (outcome.outcome === "not-the-body") core.report(block.source, "wrong-body");
  core.blocks.delete(block.id);
  core.fetcher.giveUpOn(block.id);
  const state = core.views.find(header.view);
  if (state?.proposed === block.id) state.isRefused = true;
}
