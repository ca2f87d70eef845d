/** What peers ask for and tell (docs/protocol/consensus.md, "Catching up"). */
import { equalBytes } from "@guts/primitives";
import { headerHash, type Certificate } from "@guts/verifier";
import type { Message, MessageOf, Tip } from "../messages.ts";
import type { Peer } from "../ports.ts";
import { isSigned, onCertificate, recognizeOwnVote } from "./collect.ts";
import type { CoreState } from "./core-state.ts";
import { statusOf } from "./tell-status.ts";
import { idOf } from "./terms.ts";

/** Bytes of one certificate without its votes, and of one vote in it. */
const certificateBytes = 64;
const certificateVoteBytes = 68;

/** Learns from a peer that is ahead, helps one that is behind, and answers questions. */
export function onStatus(core: CoreState, from: Peer, status: MessageOf<"status">): void {
  const provenView = onProvenView(core, from, status);
  if (status.answer !== undefined) onAnswer(core, from, status.answer, provenView);
  if (status.question !== undefined) answerQuestion(core, from, status.question);
  const { views, blocks } = core;
  if ((status.tip?.header.height ?? 0) < blocks.floor.height || provenView < views.current.view)
    sendCertificates(core, from, [blocks.floor.certificate, views.entry]);
}

/** Sends the certificates that the peer asks for by name. */
export function onCertificateRequest(core: CoreState, from: Peer, request: MessageOf<"certificateRequest">): void {
  const certificates = request.wanted.map(({ kind, view }) => {
    const state = core.views.find(view);
    return state?.certificate(kind) ?? (kind === "notarize" ? state?.certificate("finalize") : undefined);
  });
  sendCertificates(core, from, certificates);
  const isBelowFloor = request.wanted.some(({ view }) => view <= core.views.floor.view);
  if (isBelowFloor) sendCertificates(core, from, [core.blocks.floor.certificate]);
}

/** Sends a block that is not final yet or became so lately; who asks for an older one is told how far this node is. */
export function onBlockRequest(core: CoreState, from: Peer, { hash }: MessageOf<"blockRequest">): void {
  const proposal = core.blocks.findForPeer(hash);
  if (proposal !== undefined) {
    const { header, body } = proposal;
    answer(core, from, { type: "blockResponse", header, body }, body.length);
  } else answer(core, from, statusOf(core), certificateBytes * 8);
}

/** Takes a block that was asked for. */
export function onBlockResponse(core: CoreState, from: Peer, { header, body }: MessageOf<"blockResponse">): void {
  const hash = headerHash(header);
  const id = idOf(hash);
  const wanted = core.fetcher.wanted(id);
  if (wanted === undefined || core.blocks.get(id) !== undefined) return;
  // Nothing vouches for a block that only its leader has voted for: another's body for it would look like the leader's.
  const isVouched = !wanted.isFromFirstOnly || core.views.find(header.view)?.notarized === id;
  if (!isVouched && from !== wanted.first) return;
  core.blocks.add({ header, hash, body }, { source: from, isVouched, state: "received", isJournaled: false });
}

/** Adopts what a status proves; returns the view that it proves its sender to be in. */
function onProvenView(core: CoreState, from: Peer, { entry, tip }: MessageOf<"status">): number {
  let view = 1;
  if (tip !== undefined && onTip(core, from, tip)) view = Math.max(view, tip.certificate.view + 1);
  if (entry !== undefined && onEntry(core, from, entry)) view = Math.max(view, entry.view + 1);
  return view;
}

function onTip(core: CoreState, from: Peer, { header, certificate }: Tip): boolean {
  const isNamed = certificate.kind === "finalize" && equalBytes(certificate.header, headerHash(header));
  if (!isNamed || header.view !== certificate.view || header.epoch !== core.terms.epoch) {
    core.report(from, "wrong-certificate");
    return false;
  }
  if (!onEntry(core, from, certificate)) return false;
  const state = core.views.find(certificate.view);
  if (state !== undefined) state.finalizedHeight = header.height;
  return true;
}

/** Adopts a certificate. At or below the floor it is believed without a look: a lower view misleads nobody. */
function onEntry(core: CoreState, from: Peer, certificate: Certificate): boolean {
  if (certificate.view <= core.views.floor.view) return true;
  onCertificate(core, from, certificate);
  const { views } = core;
  return certificate.view <= views.floor.view || holds(core, certificate);
}

function holds(core: CoreState, certificate: Certificate): boolean {
  const held = core.views.find(certificate.view)?.certificate(certificate.kind);
  return held !== undefined && equalBytes(held.header, certificate.header);
}

function onAnswer(core: CoreState, from: Peer, answer: MessageOf<"status">["answer"] & {}, provenView: number): void {
  if (from >= core.terms.validatorCount || answer.question !== core.restoration.question) return;
  const vote = answer.newestVote;
  if (vote !== undefined) {
    const isMine = vote.validator === core.terms.self && vote.epoch === core.terms.epoch && isSigned(core, vote);
    if (!isMine) return core.report(from, "wrong-signature");
    recognizeOwnVote(core, vote);
  }
  core.restoration.onAnswer(from, answer.question, provenView);
}

function answerQuestion(core: CoreState, from: Peer, question: number): void {
  const newestVote = core.newestVoteByValidator.get(from);
  answer(core, from, statusOf(core, { question, newestVote }), certificateBytes * 8);
}

function sendCertificates(core: CoreState, to: Peer, certificates: readonly (Certificate | undefined)[]): void {
  for (const certificate of new Set(certificates)) {
    if (certificate === undefined || certificate.epoch !== core.terms.epoch) continue;
    answer(core, to, { type: "certificate", certificate }, certificateBytes);
  }
}

/** Sends an answer, as long as the peer does not ask for too much. */
function answer(core: CoreState, to: Peer, message: Message, bytesAtLeast: number): void {
  const bytes = bytesAtLeast + certificateVoteBytes * core.terms.validatorCount;
  if (core.peers.spend(to, bytes, core.now.monotonic)) core.emit({ type: "send", to, message });
}
