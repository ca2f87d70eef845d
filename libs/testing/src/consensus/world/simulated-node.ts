import {
  decodeMessage,
  encodeMessage,
  freshJournalRecords,
  type Clock,
  type Consensus,
  type ConsensusPorts,
  type FinalizedBlock,
  type Peer,
} from "@guts/consensus";
import type { Height, TimeMs } from "@guts/primitives";
import { epochStartMs, type NodeQuirks, type NodeSurroundings } from "./node-surroundings.ts";
import { SimulatedHost, type HostFinalBlock, type HostTerms, type SimulatedTransaction } from "./simulated-host.ts";
import { SimulatedJournal } from "./simulated-journal.ts";

/** What survives a crash. */
export interface Disk {
  journal: SimulatedJournal;
  chain: HostFinalBlock[];
}

/** The machine died at this call of a port. Thrown into the core, which must not survive it. */
class PowerLoss extends Error {}

/** One process: the real core with its ports to a simulated machine. */
export class SimulatedNode {
  readonly id: number;
  readonly peer: Peer;
  readonly disk: Disk;
  /** Wall clock against true time; changes as clocks are set. */
  skewMs = 0;
  readonly #world: NodeSurroundings;
  readonly #quirks: NodeQuirks;
  #consensus: Consensus | undefined;
  #host: SimulatedHost | undefined;
  /** Counts starts, so that nothing of an earlier process acts in a later one. */
  #life = 0;
  #portCallsLeft = Infinity;
  #whilePaused: (() => void)[] | undefined;

  constructor(id: number, peer: Peer, world: NodeSurroundings, quirks: NodeQuirks) {
    this.id = id;
    this.peer = peer;
    this.#world = world;
    this.#quirks = quirks;
    const isValidator = world.options.self !== undefined;
    this.disk = {
      journal: new SimulatedJournal(world.journalScale, isValidator ? freshJournalRecords() : []),
      chain: [],
    };
  }

  get isUp(): boolean {
    return this.#consensus !== undefined;
  }

  get isPaused(): boolean {
    return this.#whilePaused !== undefined;
  }

  get consensus(): Consensus | undefined {
    return this.#consensus;
  }

  /** What the application above holds; undefined while the process is down. */
  get host(): SimulatedHost | undefined {
    return this.#host;
  }

  start(): void {
    this.#life += 1;
    this.#portCallsLeft = Infinity;
    const world = this.#world;
    const host = new SimulatedHost({
      terms: world.terms,
      behaviour: this.#quirks.host ?? {},
      chain: this.disk.chain,
      onFinal: (block) => {
        world.onFinal(this, block);
        this.#refreshPending();
      },
    });
    this.#host = host;
    this.#consensus = world.make(
      { ...world.options, finalized: finalizedOf(host.tip, world.terms), nonce: world.random.below(2 ** 31) },
      this.#ports(host, this.#life),
    );
    this.#run(() => this.#consensus?.start());
  }

  /** The process dies now; what it did not sync is lost. */
  kill(): void {
    if (this.isUp) this.#die(undefined);
  }

  /** The process will die in the middle of whatever makes its `calls`th call of a port from now. */
  killAfter(calls: number): void {
    this.#portCallsLeft = calls;
  }

  /** SIGSTOP: nothing happens here, time goes on, frames wait. */
  pause(): void {
    if (this.isUp) this.#whilePaused ??= [];
  }

  resume(): void {
    const waiting = this.#whilePaused ?? [];
    this.#whilePaused = undefined;
    for (const action of waiting) this.#run(action);
  }

  receive(from: Peer, frame: Uint8Array): void {
    this.#run(() => this.#consensus?.receive(from, frame));
  }

  setConnected(peer: Peer, isConnected: boolean): void {
    this.#run(() => this.#consensus?.setConnected(peer, isConnected));
  }

  /** Puts a transaction into the pool; answers whether it is new there. */
  submit(transaction: SimulatedTransaction): boolean {
    if (this.#host?.submit(transaction) !== true) return false;
    this.#run(() => this.#consensus?.setPending(true));
    return true;
  }

  /** The blocks that follow this node's newest one, brought by block sync. */
  catchUp(blocks: readonly HostFinalBlock[]): void {
    this.#run(() => {
      const host = this.#host;
      if (host === undefined) return;
      for (const block of blocks) if (block.header.height === host.height + 1) host.commit(block, block.certificate);
      this.#consensus?.raiseFloor(finalizedOf(host.tip, this.#world.terms));
    });
  }

  #ports(host: SimulatedHost, life: number): ConsensusPorts {
    const { random } = this.#world;
    const { disk } = this;
    const journal = (): SimulatedJournal => {
      this.#spend(life);
      return disk.journal;
    };
    return {
      execution: {
        build: (place, options) => {
          const built = host.build(place, options);
          if (built !== undefined) this.#world.onBuilt(built.header);
          return built;
        },
        execute: (proposal) => host.execute(proposal),
        commit: (proposal, certificate) => {
          this.#spend(life);
          host.commit(proposal, certificate);
        },
        discard: (hash) => host.discard(hash),
      },
      journal: {
        read: () => disk.journal.read(),
        append: (record) => journal().append(record),
        sync: () => journal().sync(),
        get bytes() {
          return disk.journal.bytes;
        },
        compact: (keep) => {
          if (this.#portCallsLeft === 1) disk.journal.crashInCompaction(keep, random);
          journal().compact(keep);
        },
      },
      transport: {
        send: (to, frame) => this.#send([to], frame, life),
        broadcast: (frame) => this.#send(this.#world.peers, frame, life),
      },
      clock: this.#clock(life),
      events: {
        onBehind: (behind) => this.#world.onBehind(this, behind),
        onEvidence: (evidence) => this.#world.onEvidence(this, evidence),
        onMisbehaviour: (from, reason) => this.#world.onMisbehaviour(this, from, reason),
        onFailure: (failure) => {
          if (life === this.#life) this.#die(failure);
        },
      },
    };
  }

  #clock(life: number): Clock {
    const { scheduler } = this.#world;
    return {
      now: () => epochStartMs + scheduler.nowMs + this.skewMs,
      monotonic: () => scheduler.nowMs + 1_000 * this.id,
      setTimer: (delayMs, fire) => {
        const event = scheduler.after(Math.max(0, delayMs), () => {
          if (life === this.#life) this.#run(fire);
        });
        return () => event.cancel();
      },
    };
  }

  #send(peers: readonly Peer[], frame: Uint8Array, life: number): void {
    const { outgoing } = this.#quirks;
    if (outgoing === undefined) this.#world.onSend(this, frame);
    for (const to of peers) {
      this.#spend(life);
      const replacement = outgoing?.(decodeMessage(frame)!, to);
      if (replacement === undefined) this.#world.transmit(to, frame);
      else for (const message of replacement) this.#world.transmit(to, encodeMessage(message));
    }
  }

  #refreshPending(): void {
    const life = this.#life;
    this.#world.scheduler.after(0, () => {
      if (life === this.#life) this.#run(() => this.#consensus?.setPending((this.#host?.waiting.size ?? 0) > 0));
    });
  }

  /** One call of a port: the last one of this process's life, perhaps. */
  #spend(life: number): void {
    if (life !== this.#life) throw new PowerLoss();
    this.#portCallsLeft -= 1;
    if (this.#portCallsLeft > 0) return;
    this.#die(undefined);
    throw new PowerLoss();
  }

  /** Runs something of the process, unless the process is stopped (then later) or gone. */
  #run(action: () => void): void {
    if (!this.isUp) return;
    if (this.#whilePaused !== undefined) {
      this.#whilePaused.push(action);
      return;
    }
    try {
      action();
    } catch (failure) {
      if (!(failure instanceof PowerLoss)) this.#die(failure);
    }
  }

  #die(failure: unknown): void {
    if (!this.isUp) return;
    this.#life += 1;
    const consensus = this.#consensus;
    this.#consensus = undefined;
    this.#host = undefined;
    this.#whilePaused = undefined;
    this.disk.journal.crash(this.#world.random);
    this.#world.onDeath(this, failure instanceof PowerLoss ? undefined : failure);
    consensus?.stop();
  }
}

/** The newest final block as the consensus wants it. */
function finalizedOf(tip: HostFinalBlock | undefined, { networkId }: HostTerms): FinalizedBlock {
  if (tip === undefined)
    return { hash: networkId, height: 0 as Height, view: 0, time: (epochStartMs - 60_000) as TimeMs };
  const { hash, header, certificate } = tip;
  return { hash, height: header.height, view: header.view, time: header.time, header, certificate };
}
