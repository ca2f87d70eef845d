/** Votes and certificates: verified, counted, adopted (docs/protocol/consensus.md, "Votes and certificates"). */
import { assert, equalBytes, zeroDigest, type Digest, type Signature } from "@guts/primitives";
import type { Certificate, VoteKind } from "@guts/verifier";
import { statementOf, type SignedVote } from "../evidence.ts";
import type { Peer } from "../ports.ts";
import type { CoreState } from "./core-state.ts";
import { catchUpWith } from "./tell-status.ts";
import { idOf } from "./terms.ts";
import { noVotes, type ViewState } from "./view-state.ts";

/** Signs a vote, remembers it before anybody can see it, and counts it. */
export function castVote(core: CoreState, state: ViewState, kind: VoteKind, header: Digest): SignedVote {
  const { networkId, epoch, self, signatures } = core.terms;
  assert(self !== undefined, "an observer votes");
  const terms = { kind, epoch, view: state.view, header };
  const vote = { ...terms, validator: self, signature: signatures.sign(statementOf(networkId, terms)) };
  state.setOwn(kind, idOf(header));
  core.emit({ type: "record", record: { type: "vote", vote } });
  countVote(core, state, vote);
  return vote;
}

/** A vote that its validator sent itself. */
export function onVote(core: CoreState, from: Peer, vote: SignedVote): void {
  const { views, terms } = core;
  if (vote.validator !== from || from === terms.self) return core.report(from, "impersonation");
  if ((vote.kind === "nullify") !== equalBytes(vote.header, zeroDigest)) return core.report(from, "malformed");
  if (vote.kind === "nullify" && vote.view < views.current.view) helpLaggard(core, from);
  if (vote.view > views.current.view + 1) catchUpWith(core, from);
  if (!views.isInWindow(vote.view)) return;
  const state = views.at(vote.view);
  if (!isNews(core, state, vote)) return;
  if (!isSigned(core, vote)) return core.report(from, "wrong-signature");
  // Copied: a vote is kept longer than the proposal whose frame it came in.
  const [header, signature] = [vote.header.slice() as Digest, vote.signature.slice() as Signature];
  countVote(core, state, { ...vote, header, signature });
}

/** A certificate from a peer. */
export function onCertificate(core: CoreState, from: Peer | undefined, certificate: Certificate): void {
  if (certificate.view <= core.views.floor.view) return;
  const held = core.views.find(certificate.view)?.certificate(certificate.kind);
  if (held !== undefined && equalBytes(held.header, certificate.header)) return;
  if (!isSound(core, certificate)) return core.report(from, "wrong-certificate");
  const isFork = held !== undefined && held.kind === "finalize";
  assert(!isFork, "a quorum finalized two blocks of one view");
  const state = core.views.at(certificate.view);
  if (held === undefined) adopt(core, state, certificate, from);
  for (const vote of votesOf(certificate)) countVote(core, state, vote);
}

/** Whether a quorum signed the certificate, each validator once, in order. */
export function isSound(core: CoreState, certificate: Certificate): boolean {
  const { rules, validatorCount } = core.terms;
  const { votes, kind, header, view } = certificate;
  if (!rules.isOfEpoch(certificate.epoch, core.terms.epoch) || view === 0) return false;
  if (!rules.isQuorum(votes.length, validatorCount)) return false;
  if ((kind === "nullify") !== equalBytes(header, zeroDigest)) return false;
  const signers = votes.map(({ validator }) => validator);
  if (!rules.areDistinct(signers, validatorCount)) return false;
  const counted = core.views.find(view)?.votes;
  return votesOf(certificate).every((vote) => counted?.has(vote) === true || isSigned(core, vote));
}

/** Whether the validator signed this vote. */
export function isSigned(core: CoreState, vote: SignedVote): boolean {
  const { networkId, signatures, validatorCount } = core.terms;
  if (vote.validator >= validatorCount) return false;
  return signatures.verify(vote.validator, statementOf(networkId, vote), vote.signature);
}

/** A verified vote of this node's own key turned up: one that the journal does not hold was forgotten, and is remembered from now on. */
export function recognizeOwnVote(core: CoreState, vote: SignedVote): void {
  const { restoration, views, terms } = core;
  if (vote.view <= Math.max(views.floor.view, restoration.resumeAbove)) return;
  const id = idOf(vote.header);
  const state = views.find(vote.view);
  if (!terms.rules.isForgotten(state?.own ?? noVotes, { kind: vote.kind, block: id })) return;
  restoration.onForgottenVote();
  core.emit({ type: "record", record: { type: "amnesia", view: vote.view } });
  if (views.isInWindow(vote.view)) remember(core, views.at(vote.view), vote);
}

/** Takes a vote of another life for this node's own, unless this life has voted otherwise already. */
function remember(core: CoreState, state: ViewState, vote: SignedVote): void {
  const { notarized, finalized } = state.own;
  if ((vote.kind === "notarize" && notarized !== undefined) || (vote.kind === "finalize" && finalized !== undefined))
    return;
  state.setOwn(vote.kind, idOf(vote.header));
  state.votes.add(vote);
  core.emit({ type: "record", record: { type: "vote", vote } });
}

/** Sends a peer that votes in a view that is over what lets it enter the current one. */
function helpLaggard(core: CoreState, peer: Peer): void {
  const certificate = core.views.entry;
  if (certificate === undefined || !core.peers.mayHelp(peer, core.now.monotonic)) return;
  core.emit({ type: "send", to: peer, message: { type: "certificate", certificate } });
}

/** Whether a vote can change anything: it may complete a certificate, or convict its validator. Others are not even verified. */
function isNews(core: CoreState, state: ViewState, vote: SignedVote): boolean {
  const canConvict = !core.evidenceByValidator.has(vote.validator) && state.votes.contradicting(vote) !== undefined;
  const canCount =
    state.votes.of(vote.validator, vote.kind) === undefined && state.certificate(vote.kind) === undefined;
  return canConvict || canCount;
}

function countVote(core: CoreState, state: ViewState, vote: SignedVote): void {
  const contradicted = state.votes.contradicting(vote);
  if (contradicted !== undefined) convict(core, contradicted, vote);
  state.votes.add(vote);
  rememberNewest(core, vote);
  if (vote.validator === core.terms.self) recognizeOwnVote(core, vote);
  if (state.certificate(vote.kind) === undefined) certify(core, state, vote);
}

/** Makes the certificate that the vote completes, if it does. */
function certify(core: CoreState, state: ViewState, { kind, header, view, epoch }: SignedVote): void {
  const { rules, validatorCount } = core.terms;
  if (!rules.isQuorum(state.votes.count(kind, header), validatorCount)) return;
  const certificate = state.votes.certificate({ epoch, view, kind, header });
  adopt(core, state, certificate, undefined);
  core.emit({ type: "broadcast", message: { type: "certificate", certificate } });
}

function adopt(core: CoreState, state: ViewState, certificate: Certificate, source: Peer | undefined): void {
  state.setCertificate(certificate, source);
  core.emit({ type: "record", record: { type: "certificate", certificate } });
  if (certificate.kind === "nullify") dropAbandoned(core, state);
  else vouch(core, certificate);
  if (core.views.leave(certificate)) core.onViewEntered();
}

/** A quorum holds the block for valid. */
function vouch(core: CoreState, { header }: Certificate): void {
  const block = core.blocks.get(idOf(header));
  if (block !== undefined) block.isVouched = true;
}

/** The proposal of a view that was skipped is of no use, unless a vote of this node may yet notarize it. */
function dropAbandoned(core: CoreState, state: ViewState): void {
  const block = state.proposed === undefined ? undefined : core.blocks.get(state.proposed);
  if (block === undefined || block.isVouched || state.own.notarized === block.id) return;
  core.blocks.delete(block.id);
  if (block.state === "valid") core.emit({ type: "discard", hash: block.proposal.hash });
}

function convict(core: CoreState, first: SignedVote, second: SignedVote): void {
  if (core.evidenceByValidator.has(first.validator)) return;
  const evidence = { first, second };
  core.evidenceByValidator.set(first.validator, evidence);
  core.emit({ type: "record", record: { type: "evidence", evidence } }, { type: "evidence", evidence });
}

function rememberNewest(core: CoreState, vote: SignedVote): void {
  const newest = core.newestVoteByValidator.get(vote.validator);
  if (newest === undefined || vote.view >= newest.view) core.newestVoteByValidator.set(vote.validator, vote);
}

function votesOf({ votes, kind, epoch, view, header }: Certificate): readonly SignedVote[] {
  return votes.map(({ validator, signature }) => ({ kind, epoch, view, header, validator, signature }));
}
