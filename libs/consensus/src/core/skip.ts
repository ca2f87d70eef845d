/** Giving a view up (docs/protocol/consensus.md, "Timers"). */
import { zeroDigest } from "@guts/primitives";
import { castVote } from "./collect.ts";
import type { CoreState } from "./core-state.ts";
import { isHeartbeatDue } from "./proposals.ts";
import type { ViewState } from "./view-state.ts";

/** Whether anything waits for this view to end: only then its timers run, so an idle network is silent. */
export function isWaiting(core: CoreState): boolean {
  const { views, terms } = core;
  if (terms.self === undefined) return false;
  const { current } = views;
  const isViewBegun = current.proposed !== undefined || current.own.isNullified || current.own.notarized !== undefined;
  if (core.hasWork || isViewBegun || isHeartbeatDue(core)) return true;
  // One of so many is correct, and waits.
  if (current.votes.count("nullify", zeroDigest) > terms.faultyMax) return true;
  return terms.rules.chooseParent(current.view, views)?.view !== views.floor.view || views.finalization !== undefined;
}

/** Nullifies the current view when its leader failed, its time is up, or its proposal is wrong. True: something changed. */
export function nullifyView(core: CoreState): boolean {
  const { current } = core.views;
  if (current.own.isNullified || !core.mayVote(current.view) || !hasFailed(core, current)) return false;
  if (!core.terms.rules.mayNullify(current.own)) return false;
  const vote = castVote(core, current, "nullify", zeroDigest);
  core.timers.onSent(core.now.monotonic);
  core.emit({ type: "broadcast", message: { type: "vote", vote } });
  return true;
}

function hasFailed(core: CoreState, state: ViewState): boolean {
  const { timers, now, peers, terms } = core;
  const { monotonic } = now;
  if (state.isRefused || monotonic >= timers.advanceAt) return true;
  if (state.proposed !== undefined) return false;
  const isLeaderInactive =
    timers.leaderAt < Infinity &&
    peers.isSilent(state.leader, monotonic) &&
    terms.rules.isQuorum(peers.activeCount(monotonic), terms.validatorCount);
  return isLeaderInactive || monotonic >= timers.leaderAt;
}
