/**
 * The pure step of consensus: `(state, inputs, time) -> effects`.
 *
 * Inputs only change what is known. Then every rule is asked what it allows, until none does anything: rules look at the state, never
 * at what led to it, so the order of messages, repeats and a recovery from the journal need no cases of their own.
 */
import { epochOf, type Message } from "../messages.ts";
import type { ConsensusStatus, Peer } from "../ports.ts";
import { onBlockRequest, onBlockResponse, onCertificateRequest, onStatus } from "./answers.ts";
import { onCertificate, onVote } from "./collect.ts";
import type { CoreState } from "./core-state.ts";
import type { Effect, Input } from "./effects.ts";
import { commitFinalized, onFinalizedByHost, voteToFinalize } from "./finality.ts";
import { executeVouched, heartbeatAt, isHeartbeatDue, onProposal, propose, voteForProposal } from "./proposals.ts";
import { fetchMissing, repeatWhatIsDue } from "./repeat.ts";
import { isWaiting, nullifyView } from "./skip.ts";
import { statusOf } from "./tell-status.ts";
import type { Instant } from "./terms.ts";

/** Takes `inputs` in order, at `now`, and returns what follows. `now.monotonic` never goes back. */
export function step(core: CoreState, inputs: readonly Input[], now: Instant): readonly Effect[] {
  core.now = now;
  core.effects = [];
  core.hasProposedInStep = false;
  const standing = core.restoration.standing;
  for (const input of inputs) onInput(core, input);
  do {
    settle(core);
    core.timers.arm(isWaiting(core), now.monotonic);
  } while (nullifyView(core));
  repeatWhatIsDue(core);
  fetchMissing(core);
  if (core.restoration.standing !== standing) core.emit({ type: "standing", standing: core.restoration.standing });
  return core.effects;
}

/** When `step` has to be called again, even without inputs: a monotonic time, or Infinity. */
export function nextStepAt(core: CoreState): number {
  const { timers, fetcher, restoration, now } = core;
  const untilHeartbeat = isHeartbeatDue(core) ? Infinity : now.monotonic + heartbeatAt(core) - now.wall;
  return Math.min(
    timers.statusAt(restoration.question),
    timers.resendAt,
    timers.repairAt,
    fetcher.retryAt,
    restoration.waitsUntil,
    untilHeartbeat,
    nullifyAt(core),
    proposeAt(core),
  );
}

/** What an operator sees. */
export function consensusStatus(core: CoreState): ConsensusStatus {
  const { views, blocks, restoration, terms, peers, now } = core;
  return {
    standing: restoration.standing,
    epoch: terms.epoch,
    view: views.current.view,
    leader: views.current.leader,
    finalizedHeight: blocks.floor.height,
    finalizedView: blocks.floor.view,
    viewCount: views.ascending().length,
    notarizedCount: views.ascending().filter((state) => state.notarized !== undefined).length,
    activeCount: peers.activeCount(now.monotonic),
    quorum: terms.quorum,
    equivocatorCount: core.evidenceByValidator.size,
  };
}

function onInput(core: CoreState, input: Input): void {
  switch (input.type) {
    case "message":
      return onMessage(core, input.from, input.message);
    case "malformed":
      return core.report(input.from, "malformed");
    case "pending":
      core.hasWork = input.hasWork;
      core.shouldBuild ||= input.hasWork;
      return undefined;
    case "connection":
      core.peers.setConnected(input.peer, input.isConnected, core.now.monotonic);
      if (input.isConnected) core.emit({ type: "send", to: input.peer, message: statusOf(core) });
      return undefined;
    case "finalized":
      return onFinalizedByHost(core, input.finalized);
  }
}

function onMessage(core: CoreState, from: Peer, message: Message): void {
  if (from === core.terms.self) return core.report(from, "impersonation");
  const { rules, epoch } = core.terms;
  if (!rules.isOfEpoch(epochOf(message), epoch)) return core.report(from, "wrong-epoch");
  core.peers.hear(from, core.now.monotonic);
  switch (message.type) {
    case "proposal":
      return onProposal(core, from, message);
    case "vote":
      return onVote(core, from, message.vote);
    case "certificate":
      return onCertificate(core, from, message.certificate);
    case "certificateRequest":
      return onCertificateRequest(core, from, message);
    case "blockRequest":
      return onBlockRequest(core, from, message);
    case "blockResponse":
      return onBlockResponse(core, from, message);
    case "status":
      return onStatus(core, from, message);
  }
}

/** Applies the rules until none changes anything. */
function settle(core: CoreState): void {
  let hasChanged = true;
  while (hasChanged) {
    hasChanged = regainVote(core);
    hasChanged = executeVouched(core) || hasChanged;
    hasChanged = voteForProposal(core) || hasChanged;
    hasChanged = voteToFinalize(core) || hasChanged;
    hasChanged = commitFinalized(core) || hasChanged;
    hasChanged = propose(core) || hasChanged;
  }
}

/** Lets a restarted validator vote as soon as it is safe. */
function regainVote(core: CoreState): boolean {
  const { restoration, views, now } = core;
  const decided = restoration.decide(views.floor.view, now.monotonic);
  if (typeof decided === "object")
    core.emit(
      { type: "record", record: { type: "instance" } },
      { type: "record", record: { type: "resume", view: decided.resumeAbove } },
    );
  return decided !== "unchanged";
}

function nullifyAt(core: CoreState): number {
  const { current } = core.views;
  if (current.own.isNullified || !core.mayVote(current.view)) return Infinity;
  return current.proposed === undefined ? core.timers.leaderAt : core.timers.advanceAt;
}

/** When this node, as the leader, may have to propose. */
function proposeAt(core: CoreState): number {
  const { terms, views, timers, now } = core;
  const { current } = views;
  const canPropose = current.leader === terms.self && core.mayVote(current.view) && !current.own.isNullified;
  if (!canPropose || current.own.notarized !== undefined) return Infinity;
  const intervalEndsAt = core.proposedAt + terms.timing.blockIntervalMs;
  if (core.hasProposedInStep && core.hasWork) return Math.max(now.monotonic, intervalEndsAt);
  const isBlocked = core.hasWork && core.shouldBuild && now.monotonic < intervalEndsAt;
  if (isBlocked) return intervalEndsAt;
  return isWaiting(core) && now.monotonic < timers.emptyBlockAt ? timers.emptyBlockAt : Infinity;
}
