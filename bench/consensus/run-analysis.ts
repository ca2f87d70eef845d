/** What the reports of all validators say together. */
import { quantile } from "../statistics.ts";
import type { Report } from "./validator-messages.ts";

/** The numbers of one run. */
export interface RunNumbers {
  /** From the leader's proposal until the block is final at every validator, of blocks with payloads, in milliseconds. */
  readonly finalityP50Ms: number;
  readonly finalityP99Ms: number;
  readonly blocksPerSecond: number;
  readonly payloadsPerSecond: number;
  readonly payloadsPerBlock: number;
  /** CPU milliseconds of one validator for each block, and CPU seconds for a thousand payloads. */
  readonly cpuMsPerBlock: number;
  readonly cpuSecondsPerThousand: number;
  /** Views that brought no block. */
  readonly skippedViews: number;
}

/** Joins the reports of one run. Throws when validators do not agree, or one lacks a block of another. */
export function analyzeRun(reports: readonly Report[]): RunNumbers {
  const [first, ...others] = reports;
  const blocks = first!.finalized.filter(({ payloadCount }) => payloadCount > 0);
  for (const other of others) assertAgreement(first!, other);
  const builtAt = new Map(reports.flatMap(({ built }) => built.map(({ hash, atMs }) => [hash, atMs])));
  const finalAt = new Map<string, number>();
  for (const { hash, atMs } of reports.flatMap(({ finalized }) => finalized))
    finalAt.set(hash, Math.max(atMs, finalAt.get(hash) ?? 0));
  const finality = blocks.map(({ hash }) => finalAt.get(hash)! - builtAt.get(hash)!);
  const started = Math.min(...reports.map(({ startedMs }) => startedMs));
  const seconds = (Math.max(...blocks.map(({ hash }) => finalAt.get(hash)!)) - started) / 1_000;
  const payloadCount = blocks.reduce((sum, block) => sum + block.payloadCount, 0);
  const cpuMs = reports.reduce((sum, report) => sum + report.cpuMs, 0) / reports.length;
  const views = first!.finalized.at(-1)!.view - first!.finalized[0]!.view + 1;
  return {
    finalityP50Ms: quantile(finality, 0.5),
    finalityP99Ms: quantile(finality, 0.99),
    blocksPerSecond: blocks.length / seconds,
    payloadsPerSecond: payloadCount / seconds,
    payloadsPerBlock: payloadCount / blocks.length,
    cpuMsPerBlock: cpuMs / blocks.length,
    cpuSecondsPerThousand: cpuMs / payloadCount,
    skippedViews: views - first!.finalized.length,
  };
}

/** The same block at every height, and every block with payloads at every validator. */
function assertAgreement(left: Report, right: Report): void {
  const hashByHeight = new Map(right.finalized.map(({ height, hash }) => [height, hash]));
  for (const { height, hash, payloadCount } of left.finalized) {
    const other = hashByHeight.get(height);
    if (other === undefined ? payloadCount > 0 : other !== hash)
      throw new Error(`two validators disagree about height ${height}: ${hash} and ${other ?? "none"}`);
  }
}
