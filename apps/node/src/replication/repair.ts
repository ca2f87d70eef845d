/**
 * `guts node repair`: looks through the repositories for damage, and has the damaged ones made anew from other nodes.
 *
 * The command leaves a note in the data directory; the node carries it out at its next start, when it can reach others, and
 * serves meanwhile. The note goes when every repository is whole, so that a stop in between repairs nothing half.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { scanRows, tables, type ForgeState } from "@guts/ledger";
import type { RepositoryId } from "@guts/primitives";
import type { GitEngine } from "@guts/storage";
import { writeFileDurably } from "../data/data-directory.ts";
import type { CompletionLogger, ObjectCompleteness } from "./object-completeness.ts";

/** Names of the note, and of what the last repair found and did, in a data directory. */
export const repairNoteName = "repair-requested";
export const repairReportName = "repair-report.txt";

/** How thoroughly to look. */
export type RepairDepth = "connectivity" | "full";

/** Leaves the note for the next start. */
export function requestRepair(dataDirectory: string, depth: RepairDepth): void {
  writeFileDurably(join(dataDirectory, repairNoteName), `${depth}\n`);
}

/** What the note asks for, if there is one. */
export function requestedRepair(dataDirectory: string): RepairDepth | undefined {
  const note = join(dataDirectory, repairNoteName);
  if (!existsSync(note)) return undefined;
  return readFileSync(note, "utf8").trim() === "full" ? "full" : "connectivity";
}

/** What a repair works with. */
export interface RepairOptions {
  readonly dataDirectory: string;
  readonly depth: RepairDepth;
  readonly forge: ForgeState;
  readonly git: Pick<GitEngine, "verifyRepository">;
  readonly completeness: Pick<ObjectCompleteness, "restore" | "whenComplete" | "isComplete">;
  readonly logger: CompletionLogger;
}

/** What was found and done. */
export interface RepairReport {
  readonly checkedCount: number;
  readonly repaired: readonly { readonly repository: RepositoryId; readonly detail: string }[];
}

/** Checks every repository, restores the damaged ones, and writes the report. Throws the signal's reason. */
export async function repair(options: RepairOptions, signal: AbortSignal): Promise<RepairReport> {
  const { dataDirectory, depth, forge, git, completeness, logger } = options;
  const repaired: { repository: RepositoryId; detail: string }[] = [];
  const ids = Array.from(scanRows(forge.reader, tables.repositoryTable), ([id]) => id);
  for (const repository of ids) {
    if (!completeness.isComplete(repository)) continue; // It is being completed already.
    const tips = [...new Set(Array.from(forge.refs(repository), ([, id]) => id))];
    const found = await git.verifyRepository(repository, { tips, isFull: depth === "full", signal });
    if (found.outcome === "sound") continue;
    logger.warn({ repository, detail: found.detail }, "a repository is damaged; it is made anew from other nodes");
    repaired.push({ repository, detail: found.detail });
    completeness.restore(repository);
  }
  for (const repository of ids) await completeness.whenComplete(repository, signal);
  const report = { checkedCount: ids.length, repaired };
  writeFileDurably(join(dataDirectory, repairReportName), reportText(report, depth));
  rmSync(join(dataDirectory, repairNoteName), { force: true });
  logger.info({ checked: ids.length, repaired: repaired.length }, "the repair is done");
  return report;
}

function reportText({ checkedCount, repaired }: RepairReport, depth: RepairDepth): string {
  const how = depth === "full" ? "every object was read" : "that everything is there was checked";
  const lines = [
    `${checkedCount} repositories were looked through; ${how}.`,
    repaired.length === 0
      ? "None was damaged."
      : `${repaired.length} were damaged and were made anew from other nodes:`,
    ...repaired.map(({ repository, detail }) => `  repository ${repository}: ${detail}`),
  ];
  return `${lines.join("\n")}\n`;
}
