/** Waits, for the conductor of writes, until the network has put a transaction in order and this node serves its block. */
import { toHex, type Digest, type Height } from "@guts/primitives";
import type { Content, RejectionCode } from "@guts/ledger";
import type { SubmitOutcome } from "@guts/server";
import type { FinalBlock, SubmitReceipt } from "../chain-thread/contract.ts";

/** What became of a transaction that was put in order. */
export type Sequenced =
  | { readonly outcome: "applied"; readonly height: Height; readonly result: Uint8Array }
  | { readonly outcome: "rejected"; readonly height: Height; readonly code: RejectionCode }
  /** No block will hold it, which the chain proves. */
  | { readonly outcome: "concluded"; readonly answer: ConcludedAnswer }
  /** It was not submitted, so no block will hold it. */
  | Exclude<SubmitReceipt, { readonly outcome: "queued" }>;

/** What a submitter may be told without a block that holds the transaction. */
export type ConcludedAnswer = Extract<SubmitOutcome<Uint8Array>, { outcome: "applied" | "rejected" }>;

/** A transaction that waits for its block. Its signatures have been verified. */
export interface Candidate {
  readonly id: Digest;
  readonly raw: Uint8Array;
  readonly contents: ReadonlyMap<string, Content>;
  /**
   * The answer that the chain proves although no block of it holds the transaction; undefined while one may come. This node
   * serves blocks up to `served`.
   */
  readonly conclude: (served: Height) => ConcludedAnswer | undefined;
}

/** Transactions that are asked after a block whether they still can be applied; the others' turn comes with later blocks. */
export const concludedPerBlockMax = 64;

/** Puts transactions in order. */
export interface Sequencer {
  /** Resolves when the block that holds the transaction is served here, or when it was not submitted. */
  submit(candidate: Candidate): Promise<Sequenced>;
  /** Nobody waits for a transaction any more; a block may still hold it. */
  forget(id: Digest): void;
}

/** Longest that an answer waits for the other validators to serve its height, in milliseconds (DESIGN D1). */
export const answerGraceMs = 250;

/** Where transactions go. */
export interface Submission {
  submit(raw: Uint8Array, contents: ReadonlyMap<string, Content>): Promise<SubmitReceipt>;
  /** The transaction needs no block any more. */
  withdraw(id: Digest): void;
}

interface Waiting {
  readonly candidate: Candidate;
  readonly promise: Promise<Sequenced>;
  readonly resolve: (sequenced: Sequenced) => void;
}

type Settled = readonly [Waiting, Sequenced];

/** The ordering by the network's validators. */
export class NetworkSequencer implements Sequencer {
  readonly #submission: Submission;
  readonly #waiting = new Map<string, Waiting>();
  readonly #graces = new Set<{ readonly height: number; readonly resolve: () => void }>();
  #peersServed = Number.MAX_SAFE_INTEGER;

  constructor(submission: Submission) {
    this.#submission = submission;
  }

  submit(candidate: Candidate): Promise<Sequenced> {
    const { id, raw, contents } = candidate;
    const name = toHex(id);
    const earlier = this.#waiting.get(name);
    if (earlier !== undefined) return earlier.promise;
    const { promise, resolve, reject } = Promise.withResolvers<Sequenced>();
    this.#waiting.set(name, { candidate, promise, resolve });
    const forget = (): void => void this.#waiting.delete(name);
    promise.then(forget, forget);
    this.#submission.submit(raw, contents).then((receipt) => {
      if (receipt.outcome !== "queued") resolve(receipt);
    }, reject);
    return promise;
  }

  forget(id: Digest): void {
    this.#waiting.delete(toHex(id));
  }

  /** This node serves a block: those who wait for its transactions are answered, after the grace. */
  async follow({ block }: FinalBlock): Promise<void> {
    const { height } = block.header;
    const settled = block.results.flatMap(({ transactionId, verdict }): readonly Settled[] => {
      const waiting = this.#waiting.get(toHex(transactionId));
      if (waiting === undefined) return [];
      const sequenced: Sequenced =
        verdict.type === "applied"
          ? { outcome: "applied", height, result: verdict.result }
          : { outcome: "rejected", height, code: verdict.code };
      return [[waiting, sequenced]];
    });
    settled.push(...this.#conclude(height, new Set(settled.map(([waiting]) => waiting))));
    if (settled.length === 0) return;
    await this.#untilPeersServe(height);
    for (const [waiting, sequenced] of settled) waiting.resolve(sequenced);
  }

  /** The answers to those whose transactions the chain has ruled out. Who has been asked goes behind the others. */
  #conclude(height: Height, settled: ReadonlySet<Waiting>): readonly Settled[] {
    const others = this.#waiting.entries().filter(([, waiting]) => !settled.has(waiting));
    return others
      .take(concludedPerBlockMax)
      .toArray()
      .flatMap(([name, waiting]): readonly Settled[] => {
        this.#waiting.delete(name);
        this.#waiting.set(name, waiting);
        const answer = waiting.candidate.conclude(height);
        if (answer === undefined) return [];
        this.#submission.withdraw(waiting.candidate.id);
        return [[waiting, { outcome: "concluded", answer }]];
      });
  }

  /** Every connected, healthy validator serves up to this height. */
  setPeersServed(height: number): void {
    this.#peersServed = height;
    for (const grace of this.#graces) if (grace.height <= height) grace.resolve();
  }

  async #untilPeersServe(height: Height): Promise<void> {
    if (this.#peersServed >= height) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const grace = { height, resolve };
    const timer = setTimeout(resolve, answerGraceMs);
    this.#graces.add(grace);
    await promise;
    this.#graces.delete(grace);
    clearTimeout(timer);
  }
}
