/** Everything that a core knows, and the few operations that all of its parts share. */
import { toHex } from "@guts/primitives";
import type { Evidence, SignedVote } from "../evidence.ts";
import type { ConsensusOptions, Execution, Misbehaviour, Peer } from "../ports.ts";
import { BlockTree } from "./block-tree.ts";
import type { Effect } from "./effects.ts";
import { Fetcher } from "./fetcher.ts";
import { Peers } from "./peers.ts";
import { Restoration, type Remembered } from "./restoration.ts";
import { termsOf, type Instant, type Terms } from "./terms.ts";
import { ViewTimers } from "./view-timers.ts";
import { Views } from "./views.ts";

/** The state of one core. Only `step` and what it calls change it. */
export class CoreState {
  readonly terms: Terms;
  readonly views: Views;
  readonly blocks: BlockTree;
  readonly peers: Peers;
  readonly timers: ViewTimers;
  readonly restoration: Restoration;
  readonly fetcher: Fetcher;
  readonly evidenceByValidator = new Map<number, Evidence>();
  /** The vote of the highest view by each validator: what a restored one asks for. */
  readonly newestVoteByValidator = new Map<number, SignedVote>();
  now: Instant;
  effects: Effect[] = [];
  /** The host has transactions that are not final. */
  hasWork = false;
  /** The host was not asked for a block since something changed. */
  shouldBuild = true;
  hasProposedInStep = false;
  proposedAt = -Infinity;
  behindAt = -Infinity;
  /** Where the next stand-still repair goes on. */
  repairFrom = 0;

  constructor(options: ConsensusOptions, execution: Execution, remembered: Remembered, now: Instant) {
    const { finalized, nonce } = options;
    this.terms = termsOf(options, execution);
    this.views = new Views(
      this.terms,
      { view: finalized.view, id: toHex(finalized.hash) },
      finalized.certificate?.epoch === options.epoch ? finalized.certificate : undefined,
    );
    this.blocks = new BlockTree(finalized);
    this.peers = new Peers(this.terms, now.monotonic);
    this.timers = new ViewTimers(this.terms, now.monotonic);
    this.restoration = new Restoration(this.terms, remembered, nonce, now.monotonic);
    this.fetcher = new Fetcher(this.terms);
    this.now = now;
  }

  emit(...effects: readonly Effect[]): void {
    this.effects.push(...effects);
  }

  report(from: Peer | undefined, reason: Misbehaviour): void {
    if (from !== undefined) this.emit({ type: "misbehaviour", from, reason });
  }

  /** Whether this node votes in `view` at all. */
  mayVote(view: number): boolean {
    const { standing, resumeAbove } = this.restoration;
    return standing === "voting" && this.terms.rules.mayVoteAgain(view, resumeAbove);
  }

  /** The timers of a view that was just entered begin. */
  onViewEntered(): void {
    const { current, floor } = this.views;
    this.views.forgetSkipped();
    this.timers.enter(current.view - floor.view - 2, this.now.monotonic);
    this.shouldBuild = true;
  }
}
