import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";

/** What ran between two looks, by function. */
export type CoverageSample = ReadonlyMap<string, Uint8Array>;

/**
 * Which parts of the code under test have run, from V8's precise block coverage through `node:inspector`.
 *
 * V8 reports, for each function that ran since the last time, nested ranges with their counts, and leaves out a range
 * whose count is that of the range around it. So ranges are painted over each other, outer ones first, and what counts
 * is the set of characters that ran, function by function.
 */
export class Coverage implements Disposable {
  readonly #session = new Session();
  readonly #isCounted: (url: string) => boolean;
  readonly #runByFunction = new Map<string, Uint8Array>();
  #characterCount = 0;

  /** Starts to watch the scripts whose URL satisfies `isCounted`. */
  constructor(isCounted: (url: string) => boolean) {
    this.#isCounted = isCounted;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Characters of source code that have run since the start. */
  get characterCount(): number {
    return this.#characterCount;
  }

  /** What ran since the last call, by function: one byte for each of its characters, 1 where it ran. */
  take(): CoverageSample {
    const sample = new Map<string, Uint8Array>();
    for (const script of this.#post()) {
      if (!this.#isCounted(script.url)) continue;
      for (const { ranges } of script.functions) {
        const { startOffset, endOffset } = ranges[0]!;
        const run = new Uint8Array(endOffset - startOffset);
        for (const range of ranges)
          run.fill(Math.min(range.count, 1), range.startOffset - startOffset, range.endOffset - startOffset);
        sample.set(`${script.url}:${startOffset}-${endOffset}`, run);
      }
    }
    return sample;
  }

  /** Whether a sample holds anything that was not added yet. */
  hasNew(sample: CoverageSample): boolean {
    for (const [key, run] of sample) {
      const known = this.#runByFunction.get(key);
      if (run.some((hasRun, index) => hasRun > (known?.[index] ?? 0))) return true;
    }
    return false;
  }

  /** Adds a sample. */
  add(sample: CoverageSample): void {
    for (const [key, run] of sample) {
      const known = this.#runByFunction.get(key) ?? new Uint8Array(run.length);
      this.#runByFunction.set(key, known);
      for (let index = 0; index < run.length; index++) {
        if (run[index] === 0 || known[index] === 1) continue;
        known[index] = 1;
        this.#characterCount++;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }

  /** A session of one's own thread answers before `post` returns. */
  #post(): Profiler.ScriptCoverage[] {
    let scripts: Profiler.ScriptCoverage[] = [];
    this.#session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
      scripts = result;
    });
    return scripts;
  }
}
