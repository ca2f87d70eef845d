/**
 * Explicit-state check of the voting rules: every state that any schedule of messages can lead to.
 *
 * - Honest validators take any vote that the rules allow, in any order, in any view. Nothing about time, delivery or the
 *   order of views is assumed, so that whatever a network can do is among the runs.
 * - Byzantine validators have cast every vote for everything from the start; that is the most they can do.
 * - A certificate exists as soon as its votes do, and the adversary may show it to anyone.
 * - Honest validators are alike: states that differ only in who is who are one state.
 *
 * The property is that of the whole chain: any two final blocks are on one chain (not merely equal in equal views).
 */
import type { BlockId, CertifiedViews, VotingRules } from "@guts/consensus";
import { areOnOneChain, modelBlocks, modelGenesis, type ModelBlock } from "./model-block.ts";
import { Ballots, type Ballot } from "./model-state.ts";
import { StateSet } from "./state-set.ts";

/** A network to check: its size, how many of it lie, and for how many views. */
export interface Model {
  readonly validatorCount: number;
  readonly byzantineCount: number;
  readonly viewCount: number;
  /** The rules under test: the core's own, or a mutation of them. */
  readonly rules: VotingRules;
  /** States after which to give up and say so; without it the check goes on to the end. */
  readonly statesMax?: number;
}

/** What the check found. */
export interface ModelReport {
  /** `safe`: every reachable state was seen and none has a fork. `open`: `statesMax` ended the search. */
  readonly verdict: "safe" | "fork" | "open";
  readonly stateCount: number;
  /** With a fork: the votes that lead to it, one a line, and the two final blocks. */
  readonly counterexample: readonly string[];
}

/** Explores every state of `model`, and stops at the first fork. */
export function checkModel(model: Model): ModelReport {
  const blocks = modelBlocks(model.viewCount);
  const honestCount = model.validatorCount - model.byzantineCount;
  const ballots = new Ballots(blocks, model.viewCount, honestCount);
  const tally = new Tally(model, blocks, ballots);
  const states = new StateSet();
  states.add(ballots.pack(Array<Ballot>(honestCount).fill(0)), -1);
  for (let position = 0; position < states.size; position++) {
    const state = ballots.unpack(states.at(position));
    tally.count(state);
    const fork = tally.fork();
    if (fork !== undefined) {
      const path = states.pathTo(position).map((packed) => ballots.unpack(packed));
      return { verdict: "fork", stateCount: position + 1, counterexample: describe({ path, fork, blocks, ballots }) };
    }
    if (states.size > (model.statesMax ?? Infinity))
      return { verdict: "open", stateCount: states.size, counterexample: [] };
    for (const next of successors(model, state, tally, ballots)) states.add(next, position);
  }
  return { verdict: "safe", stateCount: states.size, counterexample: [] };
}

/** Votes of one state, and what they certify. */
class Tally {
  readonly #blocks: readonly ModelBlock[];
  readonly #ballots: Ballots;
  readonly #model: Model;
  readonly #notarize: Uint8Array;
  readonly #finalize: Uint8Array;
  readonly #nullify: Uint8Array;
  readonly #shown: readonly CertifiedViews[];

  constructor(model: Model, blocks: readonly ModelBlock[], ballots: Ballots) {
    this.#blocks = blocks;
    this.#ballots = ballots;
    this.#model = model;
    this.#notarize = new Uint8Array(blocks.length);
    this.#finalize = new Uint8Array(blocks.length);
    this.#nullify = new Uint8Array(model.viewCount + 1);
    this.#shown = blocks.map(({ parent }) => ({
      floor: modelGenesis,
      notarizedIn: (view) => this.#notarizedIn(view, parent),
      isNullified: (view) => this.#isQuorum(this.#nullify[view]!),
    }));
  }

  count(state: readonly Ballot[]): void {
    this.#notarize.fill(this.#model.byzantineCount);
    this.#finalize.fill(this.#model.byzantineCount);
    this.#nullify.fill(this.#model.byzantineCount);
    for (const ballot of state) {
      for (const block of this.#blocks) {
        if (this.#ballots.hasNotarized(ballot, block)) this.#notarize[block.index]! += 1;
        if (this.#ballots.hasFinalized(ballot, block)) this.#finalize[block.index]! += 1;
      }
      for (let view = 1; view < this.#nullify.length; view++)
        if (this.#ballots.hasNullified(ballot, view)) this.#nullify[view]! += 1;
    }
  }

  isNotarized(block: ModelBlock): boolean {
    return this.#isQuorum(this.#notarize[block.index]!);
  }

  /** The certificates that a validator may hold when it is shown `block`; they change with every count. */
  shownWith(block: ModelBlock): CertifiedViews {
    return this.#shown[block.index]!;
  }

  /** Two final blocks that are not on one chain. */
  fork(): readonly [ModelBlock, ModelBlock] | undefined {
    let newest: ModelBlock | undefined;
    for (const block of this.#blocks) {
      if (!this.#isQuorum(this.#finalize[block.index]!)) continue;
      if (newest !== undefined && !areOnOneChain(newest, block)) return [newest, block];
      newest = block;
    }
    return undefined;
  }

  /** Of two certificates of one view (more lie than may), the adversary shows the one that suits it. */
  #notarizedIn(view: number, wanted: ModelBlock | undefined): BlockId | undefined {
    if (wanted?.view === view && this.isNotarized(wanted)) return wanted.id;
    return this.#ballots.blocksOf(view).find((block) => this.isNotarized(block))?.id;
  }

  #isQuorum(votes: number): boolean {
    return this.#model.rules.isQuorum(votes, this.#model.validatorCount);
  }
}

/** Every state that one more vote of one honest validator leads to. */
function* successors(model: Model, state: readonly Ballot[], tally: Tally, ballots: Ballots): Iterable<number> {
  for (const [validator, ballot] of state.entries()) {
    if (state.indexOf(ballot) !== validator) continue;
    for (const next of votesFrom(model, ballot, tally, ballots)) yield ballots.pack(state.with(validator, next));
  }
}

function* votesFrom({ viewCount, rules }: Model, ballot: Ballot, tally: Tally, ballots: Ballots): Iterable<Ballot> {
  for (let view = 1; view <= viewCount; view++) {
    const own = ballots.votesIn(ballot, view);
    if (!own.isNullified && rules.mayNullify(own)) yield ballots.withNullified(ballot, view);
    for (const block of ballots.blocksOf(view)) {
      const parent = block.parent ?? modelGenesis;
      const canNotarize = !ballots.hasNotarized(ballot, block) && rules.mayNotarize(own, block.id);
      if (canNotarize && rules.extendsCertified(view, parent, tally.shownWith(block)))
        yield ballots.withNotarized(ballot, block);
      const canFinalize = !ballots.hasFinalized(ballot, block) && tally.isNotarized(block);
      if (canFinalize && rules.mayFinalize(own, block.id)) yield ballots.withFinalized(ballot, block);
    }
  }
}

interface Counterexample {
  readonly path: readonly (readonly Ballot[])[];
  readonly fork: readonly [ModelBlock, ModelBlock];
  readonly blocks: readonly ModelBlock[];
  readonly ballots: Ballots;
}

/** The new vote of each step: who is who does not matter in the model, so a step names only the vote. */
function describe({ path, fork, blocks, ballots }: Counterexample): readonly string[] {
  const said = path.map((state) => state.flatMap((ballot) => wordsOf(ballot, blocks, ballots)).sort());
  const steps = said.slice(1).map((words, step) => {
    const before = [...said[step]!];
    return words.find((word) => {
      const at = before.indexOf(word);
      if (at >= 0) before.splice(at, 1);
      return at < 0;
    })!;
  });
  const chain = (block: ModelBlock): string =>
    `${block.id} on ${block.parent === undefined ? "genesis" : chain(block.parent)}`;
  return [...steps, `final: ${chain(fork[0])}; and ${chain(fork[1])}`];
}

function wordsOf(ballot: Ballot, blocks: readonly ModelBlock[], ballots: Ballots): readonly string[] {
  const views = [...new Set(blocks.map(({ view }) => view))];
  return [
    ...blocks.filter((block) => ballots.hasNotarized(ballot, block)).map(({ id }) => `notarize ${id}`),
    ...blocks.filter((block) => ballots.hasFinalized(ballot, block)).map(({ id }) => `finalize ${id}`),
    ...views.filter((view) => ballots.hasNullified(ballot, view)).map((view) => `nullify ${view}`),
  ];
}
