/** Two servers under the same load, in turn, round by round: what each took, and their ratio. */
import { setTimeout as delay } from "node:timers/promises";

import type { ProcessGroup } from "./process-cost.ts";

/** One server under measurement. */
export interface MeasuredSide {
  readonly name: string;
  readonly group: ProcessGroup;
}

/** What one run of a case took. */
interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Requests that the run made, for the cases that make many. */
  readonly operations: number;
}

/** Something that both servers are made to do. */
export interface Case<Side> {
  readonly name: string;
  /** What each run needs and is not measured. */
  readonly prepare?: (side: Side, round: number) => Promise<void>;
  /** One measured run; resolves to how many operations it made. */
  readonly run: (side: Side, round: number) => Promise<number>;
  /** The CPU also counts what goes on after the answer: rows, housekeeping. */
  readonly hasAftermath?: boolean;
}

const quietIntervalMs = 400;
const quietCpuMsMax = 12;
const quietTriesMax = 1_500;

/** Compares two sides; medians are compared, and the order changes from round to round. */
export class Comparison<Side extends MeasuredSide> {
  readonly #sides: readonly [Side, Side];
  readonly #rounds: number;

  constructor(sides: readonly [Side, Side], rounds: number) {
    this.#sides = sides;
    this.#rounds = rounds;
  }

  /** The head of the table that `measure` prints lines of. */
  static readonly header = row("case", "guts ms", "peer ms", "speed", "guts CPU ms", "peer CPU ms", "CPU ratio");

  /** Runs a case in all rounds and answers its line. */
  async measure({ name, prepare, run, hasAftermath = false }: Case<Side>): Promise<string> {
    const samples = new Map<Side, Sample[]>(this.#sides.map((side) => [side, []]));
    for (let round = 0; round < this.#rounds; round++) {
      for (const side of round % 2 === 0 ? this.#sides : this.#sides.toReversed()) {
        await prepare?.(side, round);
        await this.untilQuiet();
        const cpuBefore = side.group.cpuMs();
        const start = process.hrtime.bigint();
        const operations = await run(side, round);
        const wallMs = Number(process.hrtime.bigint() - start) / 1e6;
        if (hasAftermath) await this.untilQuiet();
        samples.get(side)!.push({ wallMs, cpuMs: side.group.cpuMs() - cpuBefore, operations });
      }
    }
    const [guts, peer] = this.#sides.map((side) => summary(samples.get(side)!)) as [Summary, Summary];
    const columns = [guts.wallMs, peer.wallMs, peer.wallMs / guts.wallMs];
    return row(name, ...[...columns, guts.cpuMs, peer.cpuMs, guts.cpuMs / peer.cpuMs].map(shown));
  }

  /** Waits until neither server works any more, so that nobody's housekeeping is charged to the next run. */
  async untilQuiet(): Promise<void> {
    const total = (): number => this.#sides.reduce((sum, { group }) => sum + group.cpuMs(), 0);
    for (let tries = 0; tries < quietTriesMax; tries++) {
      const before = total();
      await delay(quietIntervalMs);
      if (total() - before < quietCpuMsMax) return;
    }
    throw new Error("the servers do not come to rest");
  }
}

interface Summary {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Medians of time and CPU for each operation, in milliseconds. */
function summary(samples: readonly Sample[]): Summary {
  const median = (values: readonly number[]): number =>
    [...values].sort((left, right) => left - right)[values.length >> 1]!;
  return {
    wallMs: median(samples.map(({ wallMs, operations }) => wallMs / operations)),
    cpuMs: median(samples.map(({ cpuMs, operations }) => cpuMs / operations)),
  };
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function row(...cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(18) : cell.padStart(12))).join("");
}
