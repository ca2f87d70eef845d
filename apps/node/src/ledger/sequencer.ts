/** Waits, for the conductor of writes, until the network has put a transaction in order and this node serves its block. */
import { toHex, type Digest, type Height } from "@guts/primitives";
import type { Content, RejectionCode } from "@guts/ledger";
import type { FinalBlock, SubmitReceipt } from "../chain-thread/contract.ts";

/** What became of a transaction that was put in order. */
export type Sequenced =
  | { readonly outcome: "applied"; readonly height: Height; readonly result: Uint8Array }
  | { readonly outcome: "rejected"; readonly height: Height; readonly code: RejectionCode }
  /** It was not submitted, so no block will hold it. */
  | Exclude<SubmitReceipt, { readonly outcome: "queued" }>;

/** A transaction that waits for its block. Its signatures have been verified. */
export interface Candidate {
  readonly id: Digest;
  readonly raw: Uint8Array;
  readonly contents: ReadonlyMap<string, Content>;
}

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
}

interface Waiting {
  readonly promise: Promise<Sequenced>;
  readonly resolve: (sequenced: Sequenced) => void;
}

/** The ordering by the network's validators. */
export class NetworkSequencer implements Sequencer {
  readonly #submission: Submission;
  readonly #waiting = new Map<string, Waiting>();
  readonly #graces = new Set<{ readonly height: number; readonly resolve: () => void }>();
  #peersServed = Number.MAX_SAFE_INTEGER;

  constructor(submission: Submission) {
    this.#submission = submission;
  }

  submit({ id, raw, contents }: Candidate): Promise<Sequenced> {
    const name = toHex(id);
    const earlier = this.#waiting.get(name);
    if (earlier !== undefined) return earlier.promise;
    const { promise, resolve, reject } = Promise.withResolvers<Sequenced>();
    this.#waiting.set(name, { promise, resolve });
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
    const settled = block.results.flatMap(({ transactionId, verdict }): readonly (readonly [Waiting, Sequenced])[] => {
      const waiting = this.#waiting.get(toHex(transactionId));
      if (waiting === undefined) return [];
      const sequenced: Sequenced =
        verdict.type === "applied"
          ? { outcome: "applied", height, result: verdict.result }
          : { outcome: "rejected", height, code: verdict.code };
      return [[waiting, sequenced]];
    });
    if (settled.length === 0) return;
    await this.#untilPeersServe(height);
    for (const [waiting, sequenced] of settled) waiting.resolve(sequenced);
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
