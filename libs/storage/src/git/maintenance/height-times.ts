/**
 * When this node saw which height finalized: the bridge from receipts, which hold until a height, to git, which keeps objects by
 * the age of their files.
 *
 * An object of a receipt came here when the chain stood at some height h, and is promised until at most h + holdBlocks. So it
 * may go once the chain has passed that: when its file is older than the moment at which height `newest - holdBlocks` was
 * finalized. That moment is taken from this record, never from a clock alone: one that jumps ahead makes files look old, but
 * no height.
 */
import { readFile } from "node:fs/promises";
import { isSystemError, replaceFileDurably } from "../durable.ts";

/** Samples in one span of `holdBlocks`. */
const samplesPerHold = 20;

interface Sample {
  readonly height: number;
  readonly timeMs: number;
}

/** Notes heights with the time at which they were seen, sparsely, on disk. */
export class HeightTimes {
  readonly #path: string;
  readonly #holdBlocks: number;
  #samples: readonly Sample[];
  #height = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, holdBlocks: number, samples: readonly Sample[]) {
    this.#path = path;
    this.#holdBlocks = holdBlocks;
    this.#samples = samples;
  }

  /** Reads the record; one that cannot be read counts as empty, which keeps objects longer. */
  static async open(path: string, holdBlocks: number): Promise<HeightTimes> {
    return new HeightTimes(path, holdBlocks, await readSamples(path));
  }

  /** The chain has finalized this height. */
  follow(height: number, nowMs: number): void {
    this.#height = Math.max(this.#height, height);
    const last = this.#samples.at(-1);
    if (last !== undefined && height < last.height + this.#holdBlocks / samplesPerHold) return;
    this.#samples = [...this.#samples, { height, timeMs: nowMs }].slice(-2 * samplesPerHold);
    const text = JSON.stringify(this.#samples);
    this.#writing = this.#writing.then(() => replaceFileDurably(this.#path, text)).catch(() => {});
  }

  /** Files from before this moment are promised by no receipt; undefined while that is not known of any. */
  releasedBeforeMs(): number | undefined {
    const released = this.#samples.filter(({ height }) => height < this.#height - this.#holdBlocks);
    const later = this.#samples.slice(Math.max(0, released.length - 1)).map(({ timeMs }) => timeMs);
    // A clock that was set back makes an earlier height look later: the earliest moment since is the safe one.
    return released.length === 0 ? undefined : Math.min(...later);
  }

  /** Resolves when what was noted is on disk. */
  settled(): Promise<void> {
    return this.#writing;
  }
}

async function readSamples(path: string): Promise<readonly Sample[]> {
  try {
    const raw: unknown = JSON.parse(await readFile(path, "utf8"));
    return Array.isArray(raw) && raw.every(isSample) ? raw : [];
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}

function isSample(value: unknown): value is Sample {
  const { height, timeMs } = (value ?? {}) as Partial<Sample>;
  return Number.isSafeInteger(height) && Number.isFinite(timeMs);
}
