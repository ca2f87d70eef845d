/** What is sent again, and asked for, because it may have been lost (docs/protocol/consensus.md, "Repair"). */
import type { Digest, Height } from "@guts/primitives";
import type { Certificate } from "@guts/verifier";
import { fetchTriesMax, nearBlocksMax, repairBytesMax, wantedCertificatesMax } from "../limits.ts";
import { encodeMessage, type CertificateName, type Message } from "../messages.ts";
import type { SignedVote } from "../evidence.ts";
import type { Path } from "./block-tree.ts";
import type { CoreState } from "./core-state.ts";
import type { WantedBlock } from "./fetcher.ts";
import { statusOf } from "./tell-status.ts";
import { idOf } from "./terms.ts";
import type { ViewState } from "./view-state.ts";

/** Sends what is due by the timers. */
export function repeatWhatIsDue(core: CoreState): void {
  const { timers, now, restoration } = core;
  if (now.monotonic >= timers.statusAt(restoration.question)) tellStatus(core);
  if (now.monotonic >= timers.resendAt) resend(core);
  if (now.monotonic >= timers.repairAt) repair(core);
}

/** Tells every peer where this node is. */
export function tellStatus(core: CoreState): void {
  core.timers.onStatusSent(core.restoration.question, core.now.monotonic);
  core.emit({ type: "broadcast", message: statusOf(core) });
}

/** Repeats this node's votes of the current view, with the certificate that lets peers enter it. */
export function resend(core: CoreState): void {
  core.timers.onSent(core.now.monotonic);
  const { current, entry } = core.views;
  const votes = ownVotes(core, current);
  if (votes.length === 0) return;
  if (entry !== undefined) core.emit({ type: "broadcast", message: { type: "certificate", certificate: entry } });
  for (const vote of votes) core.emit({ type: "broadcast", message: { type: "vote", vote } });
}

/** Repeats the last finalization and everything above it: certificates, and own votes where one is missing. Bounded. */
export function repair(core: CoreState): void {
  core.timers.onRepaired(core.now.monotonic);
  const states = core.views.ascending();
  const later = states.filter(({ view }) => view >= core.repairFrom);
  let bytes = 0;
  for (const state of later.length > 0 ? later : states) {
    core.repairFrom = state.view + 1;
    for (const message of repairOf(core, state)) {
      core.emit({ type: "broadcast", message });
      bytes += encodeMessage(message).length;
    }
    if (bytes >= repairBytesMax) break;
  }
  if (core.repairFrom > core.views.current.view) core.repairFrom = 0;
  const { certificate } = core.blocks.floor;
  if (certificate !== undefined) core.emit({ type: "broadcast", message: { type: "certificate", certificate } });
}

/** Asks for blocks and certificates without which this node cannot vote or commit. */
export function fetchMissing(core: CoreState): void {
  const { fetcher, now, terms } = core;
  for (const { to, hash } of fetcher.update(wantedBlocks(core), now.monotonic))
    core.emit({ type: "send", to, message: { type: "blockRequest", epoch: terms.epoch, hash } });
  fetchCertificates(core);
}

function fetchCertificates(core: CoreState): void {
  const { fetcher, now, terms, views } = core;
  const wanted = missingCertificates(core).slice(0, wantedCertificatesMax);
  if (wanted.length === 0) return fetcher.onCertificatesComplete();
  const message: Message = { type: "certificateRequest", epoch: terms.epoch, wanted };
  const { leader, view } = views.current;
  const whom = fetcher.askForCertificates(view, now.monotonic);
  if (whom === "leader" && leader !== terms.self) core.emit({ type: "send", to: leader, message });
  else if (whom !== undefined) core.emit({ type: "broadcast", message });
}

/** The certificates between the floor and the current view, of the parent of the proposal or of any parent. */
function missingCertificates(core: CoreState): readonly CertificateName[] {
  const { views, blocks, terms } = core;
  const { current, floor } = views;
  const names: CertificateName[] = [];
  if (terms.rules.chooseParent(current.view, views) === undefined) {
    for (let view = current.view - 1; view > floor.view && names.length < wantedCertificatesMax; view--)
      if (views.find(view) === undefined || views.find(view)!.certificates.length === 0)
        names.push({ kind: "notarize", view }, { kind: "nullify", view });
  }
  const proposal = current.proposed === undefined ? undefined : blocks.get(current.proposed);
  if (proposal === undefined || current.isRefused) return names;
  const parentView = blocks.placeOf(proposal.parent)?.view ?? current.parentView ?? current.view;
  if (parentView < floor.view || parentView >= current.view) return names;
  if (parentView > floor.view && views.notarizedIn(parentView) === undefined)
    names.push({ kind: "notarize", view: parentView });
  for (let view = parentView + 1; view < current.view && names.length < wantedCertificatesMax; view++)
    if (!views.isNullified(view)) names.push({ kind: "nullify", view });
  return names;
}

/** The blocks that certificates name, the parents of those, and the proposal of the current view. */
function wantedBlocks(core: CoreState): ReadonlyMap<string, WantedBlock> {
  const wanted = new Map<string, WantedBlock>();
  const want = (hash: Digest, first: number | undefined, isFromFirstOnly = false): void => {
    const id = idOf(hash);
    if (core.blocks.placeOf(id) === undefined && !wanted.has(id)) wanted.set(id, { hash, first, isFromFirstOnly });
  };
  const finalization = core.views.finalization;
  const certificate = finalization?.certificate("finalize");
  if (certificate !== undefined) {
    want(certificate.header, finalization?.source);
    if (reportIfBehind(core, finalization!, certificate)) return wanted;
  }
  for (const state of core.views.ascending()) wantNotarized(state, want);
  for (const block of core.blocks.ascending()) if (block.isVouched) want(block.proposal.header.parent, block.source);
  const { current } = core.views;
  const vote = current.isRefused ? undefined : current.votes.of(current.leader, "notarize");
  if (vote !== undefined && current.leader !== core.terms.self) want(vote.header, current.leader, true);
  return wanted;
}

function wantNotarized(state: ViewState, want: (hash: Digest, first: number | undefined) => void): void {
  const certificate = state.certificate("finalize") ?? state.certificate("notarize");
  if (certificate !== undefined) want(certificate.header, state.source);
}

/** Tells the host when peers do not have the missing blocks at hand. Returns whether they are too many to ask for one by one. */
function reportIfBehind(core: CoreState, state: ViewState, certificate: Certificate): boolean {
  const { blocks, fetcher, now, terms } = core;
  const path = blocks.pathTo(certificate.header);
  if (path.outcome === "whole") return false;
  const height = heightOf(core, state, path);
  if (height === undefined) return false;
  const isFar = (path.child?.proposal.header.height ?? height) - blocks.floor.height > nearBlocksMax;
  const isGone = fetcher.triesFor(idOf(path.hash)) >= fetchTriesMax;
  if ((isFar || isGone) && now.monotonic - core.behindAt >= terms.timing.fetchMs) {
    core.behindAt = now.monotonic;
    const anybody = (state.leader === terms.self ? state.leader + 1 : state.leader) % terms.validatorCount;
    const from = state.source ?? anybody;
    core.emit({ type: "behind", behind: { height, view: state.view, certificate, from } });
  }
  return isFar;
}

function heightOf(core: CoreState, state: ViewState, path: Path & { readonly outcome: "missing" }): Height | undefined {
  const target = core.blocks.get(state.notarized ?? "");
  return target?.proposal.header.height ?? state.finalizedHeight ?? path.child?.proposal.header.height;
}

/** What the peers of this node may lack of a view. */
function repairOf(core: CoreState, state: ViewState): readonly Message[] {
  const certificates = state.certificates.map((certificate) => ({ type: "certificate", certificate }) as const);
  const isOver = state.certificate("finalize") !== undefined || state.certificate("nullify") !== undefined;
  const votes = isOver ? [] : ownVotes(core, state).map((vote) => ({ type: "vote", vote }) as const);
  return [...certificates, ...votes];
}

function ownVotes(core: CoreState, { votes }: ViewState): readonly SignedVote[] {
  const { self } = core.terms;
  if (self === undefined) return [];
  const kinds = ["notarize", "nullify", "finalize"] as const;
  return kinds.map((kind) => votes.of(self, kind)).filter((vote) => vote !== undefined);
}
