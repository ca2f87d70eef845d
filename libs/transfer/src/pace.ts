import { setTimeout as delay } from "node:timers/promises";
import type { NodeId } from "@guts/primitives";
import { TransferError } from "./errors.ts";
import type { TransferPace } from "./limits.ts";

/** One peer's share: its transfers, and the moment at which all it was given would have gone out at its rate. */
interface Share {
  transfers: number;
  paidUntilMs: number;
}

/** A place among the transfers; disposing it makes room. */
export interface TransferPlace extends Disposable {
  /** Resolves when so many more bytes may go to this peer. */
  pay(bytes: number, signal: AbortSignal): Promise<void>;
}

/** Hands out places, and sees to it that no peer gets more bytes a second than its share. */
export class Pacer {
  readonly #pace: TransferPace;
  readonly #shares = new Map<NodeId, Share>();
  #transfers = 0;

  constructor(pace: TransferPace) {
    this.#pace = pace;
  }

  /** A place for one transfer to a peer, or undefined when it, or the node, has as many as it may. */
  enter(peer: NodeId): TransferPlace | undefined {
    const share = this.#shares.get(peer) ?? { transfers: 0, paidUntilMs: 0 };
    if (this.#transfers >= this.#pace.transfersMax || share.transfers >= this.#pace.transfersPerPeerMax)
      return undefined;
    this.#transfers += 1;
    share.transfers += 1;
    this.#shares.set(peer, share);
    let isOver = false;
    return {
      pay: (bytes, signal) => this.#pay(share, bytes, signal),
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#transfers -= 1;
        share.transfers -= 1;
        if (share.transfers === 0) this.#shares.delete(peer);
      },
    };
  }

  async #pay(share: Share, bytes: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const waitMs = share.paidUntilMs - now;
    share.paidUntilMs = Math.max(now, share.paidUntilMs) + (bytes / this.#pace.bytesPerSecondMax) * 1000;
    if (waitMs >= 1) await delay(waitMs, undefined, { signal });
  }
}

/** Ends a transfer that stalls or crawls: its signal aborts with `too-slow`. */
export class ProgressWatch implements Disposable {
  readonly #pace: Pick<TransferPace, "stallMs" | "bytesPerSecondMin">;
  readonly #abort = new AbortController();
  readonly #startedMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #movedBytes = 0;
  #movedMs = this.#startedMs;

  constructor(pace: Pick<TransferPace, "stallMs" | "bytesPerSecondMin">) {
    this.#pace = pace;
    this.#timer = setInterval(() => this.#check(), Math.max(1, pace.stallMs / 10)).unref();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** So many bytes went through. */
  moved(bytes: number): void {
    this.#movedBytes += bytes;
    this.#movedMs = performance.now();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const { stallMs, bytesPerSecondMin } = this.#pace;
    const now = performance.now();
    const ageMs = now - this.#startedMs;
    const isStalled = now - this.#movedMs > stallMs;
    const isSlow = ageMs > stallMs && this.#movedBytes < (bytesPerSecondMin * (ageMs - stallMs)) / 1000;
    if (!isStalled && !isSlow) return;
    clearInterval(this.#timer);
    const data = { movedBytes: this.#movedBytes };
    this.#abort.abort(new TransferError("too-slow", "the peer is too slow for this transfer", data));
  }
}
