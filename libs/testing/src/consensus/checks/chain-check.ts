import type { Property } from "./violation.ts";

/** A block as an honest validator finalized it; digests in hexadecimal. */
export interface FinalBlock {
  readonly height: number;
  readonly view: number;
  readonly hash: string;
  readonly parent: string;
  readonly timeMs: number;
  readonly hasInvalidTransaction: boolean;
}

/**
 * The full prefix check. All honest validators finalize along one chain: the first to finalize a height fixes it, every
 * other must agree, and each block's parent is the block below. So every final block is an ancestor of every later one.
 */
export class ChainCheck {
  readonly #chain: FinalBlock[] = [];
  readonly #heightOfValidator = new Map<number, number>();
  readonly #genesis: string;
  readonly #aheadMsMax: number;
  readonly #report: (property: Property, detail: string) => void;

  /** A block's time may be `aheadMsMax` ahead: what voters tolerate, and what their clocks are off. */
  constructor(options: {
    readonly genesis: string;
    readonly aheadMsMax: number;
    readonly report: (property: Property, detail: string) => void;
  }) {
    this.#genesis = options.genesis;
    this.#aheadMsMax = options.aheadMsMax;
    this.#report = options.report;
  }

  /** Height of the newest block that any honest validator finalized; 0 before the first. */
  get height(): number {
    return this.#chain.length;
  }

  heightOf(validator: number): number {
    return this.#heightOfValidator.get(validator) ?? 0;
  }

  /** `nowMs` is true time, as clocks that are right show it. */
  onFinalized(validator: number, block: FinalBlock, nowMs: number): void {
    const expected = this.heightOf(validator) + 1;
    if (block.height !== expected)
      this.#report("in-order", `validator ${validator} finalized height ${block.height} after ${expected - 1}`);
    this.#heightOfValidator.set(validator, Math.max(block.height, expected - 1));
    const known = this.#chain[block.height - 1];
    if (known === undefined) this.#extend(validator, block, nowMs);
    else if (known.hash !== block.hash)
      this.#report(
        "one-chain",
        `height ${block.height} is ${known.hash.slice(0, 8)} of view ${known.view}; ` +
          `validator ${validator} finalized ${block.hash.slice(0, 8)} of view ${block.view}`,
      );
  }

  /** A validator came back with `height` durable blocks: no fewer than it had reported. */
  onRestarted(validator: number, height: number): void {
    if (height < this.heightOf(validator))
      this.#report(
        "durable",
        `validator ${validator} had ${this.heightOf(validator)} blocks and came back with ${height}`,
      );
  }

  /** A validator's directory was set back to a copy that ends at `height`. */
  onSetBack(validator: number, height: number): void {
    this.#heightOfValidator.set(validator, height);
  }

  #extend(validator: number, block: FinalBlock, nowMs: number): void {
    const below = this.#chain.at(-1);
    const isNext = block.height === this.#chain.length + 1;
    if (!isNext || block.parent !== (below?.hash ?? this.#genesis)) {
      this.#report("one-chain", `validator ${validator}: the parent of height ${block.height} is not the block below`);
      return;
    }
    if (block.timeMs > nowMs + this.#aheadMsMax)
      this.#report("time", `height ${block.height} is ${block.timeMs - nowMs} ms ahead of true time`);
    if (below !== undefined && block.timeMs <= below.timeMs)
      this.#report("time", `height ${block.height} is not later than its parent`);
    if (block.hasInvalidTransaction)
      this.#report("valid-blocks", `height ${block.height} holds an invalid transaction`);
    this.#chain.push(block);
  }
}
