/**
 * The driver: takes the core's turns and performs their effects.
 *
 * One turn is
 *
 * 1. drain what came in,
 * 2. decide everything (`step`),
 * 3. append all records to the journal,
 * 4. sync it once, when a vote, a block or a promise is among them,
 * 5. publish: commit, send, report, in the order in which they were decided.
 *
 * A crash before 4 loses votes that nobody saw. A crash after 4 leaves votes that recovery sends again. A commit is after the sync
 * of the votes that led to it, so the chain is never ahead of what the journal knows this node signed.
 */
import { assert } from "@guts/primitives";
import type { CoreState } from "./core/core-state.ts";
import type { Effect } from "./core/effects.ts";
import { consensusStatus, nextStepAt, step } from "./core/step.ts";
import type { Instant } from "./core/terms.ts";
import { Inbox } from "./inbox.ts";
import { encodeJournalRecord, type JournalRecord } from "./journal-record.ts";
import { journalBytesMax, turnInputsMax } from "./limits.ts";
import { encodeMessage } from "./messages.ts";
import type { Consensus, ConsensusOptions, ConsensusPorts, ConsensusStatus, FinalizedBlock, Peer } from "./ports.ts";
import { recoverCore, snapshotRecords } from "./recovery.ts";

/** Consensus of one epoch at one node. */
export class ConsensusEngine implements Consensus {
  readonly #options: ConsensusOptions;
  readonly #ports: ConsensusPorts;
  readonly #inbox: Inbox;
  #core: CoreState | undefined;
  #cancelTimer: (() => void) | undefined;
  #isInTurn = false;
  /** The next turn comes as soon as it can. */
  #isTurnDue = false;
  #isStopped = false;

  constructor(options: ConsensusOptions, ports: ConsensusPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#inbox = new Inbox(options.validators.length);
  }

  start(): void {
    assert(this.#core === undefined, "the engine was started before");
    const { execution, journal } = this.#ports;
    this.#guard(() => {
      const { core, effects } = recoverCore(this.#options, execution, journal.read(), this.#now());
      this.#core = core;
      this.#perform(effects);
      this.#perform(step(core, [], this.#now()));
    });
  }

  receive(from: Peer, frame: Uint8Array): void {
    if (this.#core === undefined || this.#isStopped) return;
    if (this.#inbox.offer(from, frame)) this.#schedule();
    else this.#ports.events.onMisbehaviour?.(from, "flooding");
  }

  setPending(hasWork: boolean): void {
    this.#inbox.push({ type: "pending", hasWork });
    this.#schedule();
  }

  setConnected(peer: Peer, isConnected: boolean): void {
    this.#inbox.push({ type: "connection", peer, isConnected });
    this.#schedule();
  }

  raiseFloor(finalized: FinalizedBlock): void {
    this.#inbox.push({ type: "finalized", finalized });
    this.#schedule();
  }

  status(): ConsensusStatus {
    assert(this.#core !== undefined, "the engine was not started");
    return consensusStatus(this.#core);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  #turn(core: CoreState): void {
    this.#guard(() => {
      // 1. to 5., numbered above.
      const effects = step(core, this.#inbox.take(turnInputsMax), this.#now());
      this.#perform(effects);
      if (this.#ports.journal.bytes >= journalBytesMax) this.#ports.journal.compact(snapshotRecords(core));
    });
  }

  #perform(effects: readonly Effect[]): void {
    const { journal } = this.#ports;
    let isPromise = false;
    // 3.
    for (const effect of effects) {
      if (effect.type !== "record") continue;
      journal.append(encodeJournalRecord(effect.record));
      isPromise ||= mustBeDurable(effect.record);
    }
    // 4.
    if (isPromise) journal.sync();
    // 5.
    for (const effect of effects) this.#publish(effect);
  }

  #publish(effect: Effect): void {
    const { execution, transport, events } = this.#ports;
    switch (effect.type) {
      case "record":
        return undefined;
      case "send":
        return transport.send(effect.to, encodeMessage(effect.message));
      case "broadcast":
        return transport.broadcast(encodeMessage(effect.message));
      case "commit":
        return execution.commit(effect.proposal, effect.certificate);
      case "discard":
        return execution.discard(effect.hash);
      case "behind":
        return events.onBehind?.(effect.behind);
      case "evidence":
        return events.onEvidence?.(effect.evidence);
      case "misbehaviour":
        return events.onMisbehaviour?.(effect.from, effect.reason);
      case "diverged":
        return events.onDiverged?.(effect);
      case "standing":
        return events.onStanding?.(effect.standing);
    }
  }

  /** Runs one turn; whatever fails in it ends the engine: the core may be ahead of the journal then. */
  #guard(turn: () => void): void {
    this.#isInTurn = true;
    this.#isTurnDue = false;
    try {
      turn();
    } catch (failure) {
      this.stop();
      this.#ports.events.onFailure(failure);
    } finally {
      this.#isInTurn = false;
    }
    this.#schedule();
  }

  /** The next turn: at once when something came in, else when the core says. */
  #schedule(): void {
    const core = this.#core;
    if (core === undefined || this.#isInTurn || this.#isStopped || this.#isTurnDue) return;
    this.#cancelTimer?.();
    const { clock } = this.#ports;
    this.#isTurnDue = !this.#inbox.isEmpty;
    const at = this.#isTurnDue ? -Infinity : nextStepAt(core);
    this.#cancelTimer =
      at === Infinity ? undefined : clock.setTimer(Math.max(0, at - clock.monotonic()), () => this.#turn(core));
  }

  #now(): Instant {
    const { clock } = this.#ports;
    return { wall: clock.now(), monotonic: clock.monotonic() };
  }
}

/** Whether a record is a promise to others. A certificate is proof by itself and can be had again. */
function mustBeDurable(record: JournalRecord): boolean {
  return record.type !== "certificate";
}
