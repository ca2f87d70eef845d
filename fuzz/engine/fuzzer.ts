import type { Coverage } from "./coverage.ts";
import { minimize } from "./minimize.ts";
import { mutate } from "./mutator.ts";
import { Random } from "./random.ts";
import { execute, type Crash, type FuzzTarget } from "./target.ts";

/** One run of the fuzzer. */
export interface FuzzOptions {
  readonly target: FuzzTarget;
  readonly coverage: Coverage;
  /** Where to start. They run first, in this order. */
  readonly corpus: readonly Uint8Array[];
  readonly seed: number;
  readonly bytesMax: number;
  readonly executionsMax: number;
  /** Asked between batches. */
  readonly isTimeUp: () => boolean;
  /** Told before an input is tried, so that somebody else can name it when the target hangs. */
  readonly onInput: (input: Uint8Array) => void;
}

/** What a run found. `interesting` are the inputs that reached code which none before them did, the corpus included. */
export interface FuzzReport {
  readonly executionCount: number;
  readonly characterCount: number;
  readonly interesting: readonly Uint8Array[];
  readonly crash: { readonly input: Uint8Array; readonly crash: Crash } | undefined;
}

/** Reading the coverage costs as much as a hundred short inputs, so it is read once a batch. */
const BATCH_INPUTS = 32;
const MINIMIZE_ATTEMPTS_MAX = 4000;

/**
 * Tries mutations of the corpus until a crash, the end of the time or the last execution.
 *
 * The inputs depend on the seed, the corpus and the code alone: time decides only how many there are.
 */
export async function runFuzzer(options: FuzzOptions): Promise<FuzzReport> {
  const run = new Run(options);
  const crash = (await run.tryCorpus()) ?? (await run.tryMutations());
  return {
    executionCount: run.executionCount,
    characterCount: options.coverage.characterCount,
    interesting: run.pool,
    crash: crash === undefined ? undefined : await run.minimizeCrash(crash),
  };
}

interface Finding {
  readonly input: Uint8Array;
  readonly crash: Crash;
}

class Run {
  readonly pool: Uint8Array[] = [];
  executionCount = 0;
  readonly #options: FuzzOptions;
  readonly #random: Random;
  readonly #dictionary: readonly Uint8Array[];

  constructor(options: FuzzOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#dictionary = (options.target.dictionary ?? []).map((word) => Buffer.from(word, "latin1"));
  }

  async tryCorpus(): Promise<Finding | undefined> {
    for (const input of [new Uint8Array(0), ...this.#options.corpus]) {
      const crash = await this.#tryAlone(input);
      if (crash !== undefined) return crash;
    }
    return undefined;
  }

  async tryMutations(): Promise<Finding | undefined> {
    const { executionsMax, isTimeUp, coverage } = this.#options;
    while (this.executionCount < executionsMax && !isTimeUp()) {
      const batch = Array.from({ length: BATCH_INPUTS }, () => this.#mutation());
      for (const input of batch) {
        const crash = await this.#try(input);
        if (crash !== undefined) return crash;
      }
      const sample = coverage.take();
      if (!coverage.hasNew(sample)) continue;
      for (const input of batch) await this.#tryAlone(input);
      coverage.add(sample);
    }
    return undefined;
  }

  async minimizeCrash({ input, crash }: Finding): Promise<Finding> {
    const isSame = async (candidate: Uint8Array): Promise<boolean> => {
      this.#options.onInput(candidate);
      const verdict = await execute(this.#options.target, candidate);
      return verdict.outcome === "crash" && verdict.signature === crash.signature;
    };
    const smallest = await minimize(input, isSame, MINIMIZE_ATTEMPTS_MAX);
    const verdict = await execute(this.#options.target, smallest);
    return { input: smallest, crash: verdict.outcome === "crash" ? verdict : crash };
  }

  #mutation(): Uint8Array {
    const { pool } = this;
    const sources = { dictionary: this.#dictionary, others: pool, bytesMax: this.#options.bytesMax };
    return mutate(this.#pick(), this.#random, sources);
  }

  /** Later inputs reach deeper, so half of the choices are among the newest; of two, the shorter: it is hit more often. */
  #pick(): Uint8Array {
    const { pool } = this;
    const newest = pool.slice(-8);
    const [first, second] = [0, 1].map(() => this.#random.pick(this.#random.below(2) === 0 ? newest : pool));
    return first!.length < second!.length ? first! : second!;
  }

  /** Runs one input and keeps it when it reached something new. The first one, the empty input, is always kept. */
  async #tryAlone(input: Uint8Array): Promise<Finding | undefined> {
    const { coverage } = this.#options;
    const crash = await this.#try(input);
    const sample = coverage.take();
    if (coverage.hasNew(sample) || this.pool.length === 0) this.pool.push(input);
    coverage.add(sample);
    return crash;
  }

  async #try(input: Uint8Array): Promise<Finding | undefined> {
    this.executionCount++;
    this.#options.onInput(input);
    const verdict = await execute(this.#options.target, input);
    return verdict.outcome === "crash" ? { input, crash: verdict } : undefined;
  }
}
