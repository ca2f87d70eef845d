/**
 * Puts admitted transactions into blocks: the ordering of a network of one validator.
 *
 * Whatever waits when the event loop comes round makes one block, so a busy node batches by itself. A network without
 * transactions makes a heartbeat block a minute: expiry moves, and a freeze shows.
 */
import { finalizeAlone } from "@guts/consensus";
import { toHex, type Digest, type Height, type PrivateSeed, type TimeMs } from "@guts/primitives";
import {
  BlockExecution,
  type AddRefusal,
  type BlockPlace,
  type Content,
  type LedgerEvent,
  type RejectionCode,
} from "@guts/ledger";
import type { AppliedBlock, Chain } from "./chain.ts";

/** What became of a transaction that was put in order. */
export type Sequenced =
  | { readonly outcome: "applied"; readonly height: Height; readonly event: LedgerEvent }
  | { readonly outcome: "rejected"; readonly height: Height; readonly code: RejectionCode }
  /** No block holds it and none will: this node was the only one that had it. */
  | { readonly outcome: "dropped"; readonly code: AddRefusal };

/** A transaction that waits for its block. Its signatures have been verified. */
export interface Candidate {
  readonly id: Digest;
  readonly raw: Uint8Array;
  readonly contents: ReadonlyMap<string, Content>;
}

/** Puts transactions in order. */
export interface Sequencer {
  /** Resolves when the block that holds the transaction is applied. Refuses at once when too many wait. */
  submit(candidate: Candidate): Promise<Sequenced> | "queue-full";
}

/** Transactions that may wait for a block, and their bytes. */
export const pendingTransactionsMax = 10_000;
export const pendingBytesMax = 64 * 1024 * 1024;

/** How long a quiet network goes without a block. */
export const heartbeatMs = 60_000;

interface Pending {
  readonly candidate: Candidate;
  readonly resolve: (sequenced: Sequenced) => void;
  readonly reject: (failure: unknown) => void;
}

/** What the sequencer needs of its node. */
export interface SequencerOptions {
  readonly chain: Chain;
  readonly consensusSeed: PrivateSeed;
  readonly now: () => number;
  /** Brings git and the read model to a block; answers wait for it. */
  readonly onApplied: (applied: AppliedBlock) => Promise<void>;
  /** A block could not be made or applied: the node must stop, or it would answer from a state it cannot keep. */
  readonly onFailure: (failure: unknown) => void;
}

/** The ordering of a network of one. */
export class SoloSequencer implements Sequencer, Disposable {
  readonly #options: SequencerOptions;
  readonly #pending: Pending[] = [];
  readonly #pendingById = new Map<string, Promise<Sequenced>>();
  readonly #heartbeat: NodeJS.Timeout;
  #pendingBytes = 0;
  #isScheduled = false;
  #isStopped = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
    this.#heartbeat.unref();
  }

  submit(candidate: Candidate): Promise<Sequenced> | "queue-full" {
    const name = toHex(candidate.id);
    const earlier = this.#pendingById.get(name);
    if (earlier !== undefined) return earlier;
    const isFull =
      this.#pending.length >= pendingTransactionsMax || this.#pendingBytes + candidate.raw.length > pendingBytesMax;
    if (isFull || this.#isStopped) return "queue-full";
    const { promise, resolve, reject } = Promise.withResolvers<Sequenced>();
    this.#pending.push({ candidate, resolve, reject });
    this.#pendingBytes += candidate.raw.length;
    this.#pendingById.set(name, promise);
    const forget = (): void => void this.#pendingById.delete(name);
    promise.then(forget, forget);
    this.#schedule();
    return promise;
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    clearInterval(this.#heartbeat);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#produce({ isHeartbeat: false });
      if (this.#pending.length > 0) this.#schedule();
    });
  }

  #beat(): void {
    const { chain, now } = this.#options;
    if (now() - chain.state.tip.time >= heartbeatMs) this.#produce({ isHeartbeat: true });
  }

  /** Makes one block of what waits. What does not fit waits for the next one. */
  #produce({ isHeartbeat }: { readonly isHeartbeat: boolean }): void {
    if (this.#isStopped) return;
    const taken = this.#pending.splice(0);
    this.#pendingBytes = 0;
    try {
      const settle = this.#fillBlock(taken, isHeartbeat);
      settle();
    } catch (failure) {
      this.#isStopped = true;
      for (const { reject } of taken) reject(failure);
      this.#options.onFailure(failure);
    }
  }

  #fillBlock(taken: readonly Pending[], isHeartbeat: boolean): () => void {
    const execution = new BlockExecution(this.#options.chain.state, this.#nextPlace());
    const included: (readonly [Pending, Exclude<Sequenced, { outcome: "dropped" }>])[] = [];
    const height = (this.#options.chain.state.tip.height + 1) as Height;
    for (const pending of taken) {
      const outcome = execution.add(pending.candidate.raw, pending.candidate.contents, true);
      if (outcome.outcome === "applied") included.push([pending, { outcome: "applied", height, event: outcome.event }]);
      else if (outcome.outcome === "rejected")
        included.push([pending, { outcome: "rejected", height, code: outcome.code }]);
      else if (outcome.code === "block-full") this.#requeue(pending);
      else pending.resolve({ outcome: "dropped", code: outcome.code });
    }
    if (included.length === 0 && !isHeartbeat) return () => {};
    const applied = this.#finalize(execution);
    return () => this.#answerWhenApplied(applied, included);
  }

  #finalize(execution: BlockExecution): AppliedBlock {
    const { chain, consensusSeed } = this.#options;
    const block = execution.seal();
    const { epoch, view } = block.header;
    const { networkId, genesis } = chain.state;
    const network = { networkId, validators: genesis.validators, seed: consensusSeed };
    const applied = { block, certificate: finalizeAlone(network, { epoch, view, header: block.hash }) };
    chain.append(applied);
    return applied;
  }

  #answerWhenApplied(applied: AppliedBlock, included: readonly (readonly [Pending, Sequenced])[]): void {
    this.#options.onApplied(applied).then(
      () => {
        for (const [{ resolve }, sequenced] of included) resolve(sequenced);
      },
      (failure: unknown) => {
        for (const [{ reject }] of included) reject(failure);
        this.#options.onFailure(failure);
      },
    );
  }

  #requeue(pending: Pending): void {
    this.#pending.push(pending);
    this.#pendingBytes += pending.candidate.raw.length;
  }

  #nextPlace(): BlockPlace {
    const { chain, now } = this.#options;
    const parent = chain.state.tip;
    const time = Math.max(now(), parent.time + 1) as TimeMs;
    return { networkId: chain.state.networkId, epoch: 0, view: parent.height + 1, proposer: 0, time, parent };
  }
}
