import type { OwnVotes } from "@guts/consensus";
import { assert } from "@guts/primitives";
import type { ModelBlock } from "./model-block.ts";

/** One validator's votes as bits: for each view a bit for every notarized block, one for nullify, one for every finalized. */
export type Ballot = number;

/** Reads, writes and packs the ballots of a model. */
export class Ballots {
  readonly #blocksOfView: readonly (readonly ModelBlock[])[];
  readonly #shiftOfView: readonly number[];
  readonly #votes = new Map<number, OwnVotes>();
  readonly #ballotOfId: Ballot[] = [0];
  readonly #idOfBallot = new Map<Ballot, number>([[0, 0]]);
  readonly #idsMax: number;
  readonly #honestCount: number;

  constructor(blocks: readonly ModelBlock[], viewCount: number, honestCount: number) {
    this.#blocksOfView = Array.from({ length: viewCount + 1 }, (_, view) =>
      blocks.filter((block) => block.view === view),
    );
    const shifts = [0];
    for (let view = 1; view <= viewCount; view++)
      shifts.push(shifts[view - 1]! + (view === 1 ? 0 : this.#widthOf(view - 1)));
    assert(shifts[viewCount]! + this.#widthOf(viewCount) <= 30, "a ballot fits into a small integer");
    this.#shiftOfView = shifts;
    this.#honestCount = honestCount;
    this.#idsMax = Math.floor(Number.MAX_SAFE_INTEGER ** (1 / honestCount));
  }

  blocksOf(view: number): readonly ModelBlock[] {
    return this.#blocksOfView[view]!;
  }

  hasNotarized(ballot: Ballot, block: ModelBlock): boolean {
    return (ballot & this.#notarizeBit(block)) !== 0;
  }

  hasNullified(ballot: Ballot, view: number): boolean {
    return (ballot & this.#nullifyBit(view)) !== 0;
  }

  hasFinalized(ballot: Ballot, block: ModelBlock): boolean {
    return (ballot & this.#finalizeBit(block)) !== 0;
  }

  withNotarized(ballot: Ballot, block: ModelBlock): Ballot {
    return ballot | this.#notarizeBit(block);
  }

  withNullified(ballot: Ballot, view: number): Ballot {
    return ballot | this.#nullifyBit(view);
  }

  withFinalized(ballot: Ballot, block: ModelBlock): Ballot {
    return ballot | this.#finalizeBit(block);
  }

  /** What a ballot says of one view, for the rules; made once for each pattern of bits. */
  votesIn(ballot: Ballot, view: number): OwnVotes {
    const bits = (ballot >>> this.#shiftOfView[view]!) & ((1 << this.#widthOf(view)) - 1);
    const key = bits * 16 + view;
    const known = this.#votes.get(key);
    if (known !== undefined) return known;
    const blocks = this.#blocksOfView[view]!;
    const votes: OwnVotes = {
      notarized: blocks.find((block) => this.hasNotarized(ballot, block))?.id,
      isNullified: this.hasNullified(ballot, view),
      finalized: blocks.find((block) => this.hasFinalized(ballot, block))?.id,
    };
    this.#votes.set(key, votes);
    return votes;
  }

  /** Packs the ballots of all honest validators. Which of them said what makes no difference, so they are sorted first. */
  pack(ballots: readonly Ballot[]): number {
    const ids = ballots.map((ballot) => this.#idOf(ballot)).sort((one, other) => one - other);
    return ids.reduce((state, id) => state * this.#idsMax + id, 0);
  }

  unpack(state: number): Ballot[] {
    const ballots: Ballot[] = [];
    for (let rest = state; ballots.length < this.#honestCount; rest = Math.floor(rest / this.#idsMax))
      ballots.push(this.#ballotOfId[rest % this.#idsMax]!);
    return ballots;
  }

  #idOf(ballot: Ballot): number {
    const known = this.#idOfBallot.get(ballot);
    if (known !== undefined) return known;
    const id = this.#ballotOfId.length;
    assert(id < this.#idsMax, "the ballots of a model are few enough to pack");
    this.#ballotOfId.push(ballot);
    this.#idOfBallot.set(ballot, id);
    return id;
  }

  #widthOf(view: number): number {
    return 2 * this.#blocksOfView[view]!.length + 1;
  }

  #positionOf(block: ModelBlock): number {
    return this.#shiftOfView[block.view]! + block.index - this.#blocksOfView[block.view]![0]!.index;
  }

  #notarizeBit(block: ModelBlock): number {
    return 1 << this.#positionOf(block);
  }

  #nullifyBit(view: number): number {
    return 1 << (this.#shiftOfView[view]! + this.#blocksOfView[view]!.length);
  }

  #finalizeBit(block: ModelBlock): number {
    return 1 << (this.#positionOf(block) + this.#blocksOfView[block.view]!.length + 1);
  }
}
