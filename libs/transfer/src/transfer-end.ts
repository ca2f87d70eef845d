/** How the bytes of a pack went: over the pack channel, or over the link when no address of the holder could be reached. */
export type TransferWay = "tls" | "stream";

/** One attempt to move a pack, told when it is over. */
export interface TransferEnd {
  /** Whether this node got the bytes or gave them. */
  readonly direction: "in" | "out";
  readonly way: TransferWay;
  /** `refused`: no byte was given. `broken`: the way, the peer or this node ended it before the last byte. */
  readonly outcome: "complete" | "refused" | "broken";
  /** Bytes of the pack that this attempt moved. */
  readonly bytes: number;
  readonly seconds: number;
  /** Whether it went on where an earlier attempt had broken off. */
  readonly isResumed: boolean;
}

/** Told of every attempt. Never throws. */
export type OnTransferEnd = (end: TransferEnd) => void;

/** Measures one attempt; its disposal tells of it. */
export class TransferMeasure {
  readonly #onEnd: OnTransferEnd;
  readonly #direction: TransferEnd["direction"];
  readonly #isResumed: boolean;
  readonly #startedMs = performance.now();
  way: TransferWay;
  bytes = 0;
  outcome: TransferEnd["outcome"] = "broken";

  constructor(
    onEnd: OnTransferEnd | undefined,
    { direction, way, offset }: Pick<TransferEnd, "direction" | "way"> & { readonly offset: number },
  ) {
    this.#onEnd = onEnd ?? (() => {});
    this.#direction = direction;
    this.#isResumed = offset > 0;
    this.way = way;
  }

  [Symbol.dispose](): void {
    const { way, outcome, bytes } = this;
    const seconds = (performance.now() - this.#startedMs) / 1000;
    this.#onEnd({ direction: this.#direction, way, outcome, bytes, seconds, isResumed: this.#isResumed });
  }
}
