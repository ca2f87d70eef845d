import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { openDataDirectory } from "../data/data-directory.ts";
import { holdDirectory } from "../data/hold-directory.ts";
import { repairReportName, requestRepair } from "../replication/repair.ts";

/** How `guts node repair` was called. */
export interface NodeRepairOptions {
  readonly dataDirectory: string;
  /** Reads and hashes every object, instead of checking that each is there. */
  readonly isFull: boolean;
  readonly print: (line: string) => void;
}

/**
 * `guts node repair`: has the next start look through the repositories and make damaged ones anew from other nodes.
 *
 * Only a running node can reach others, so this leaves a note and says so. The node must not run: a repair while it does would
 * race with it. Throws `data-directory-in-use`.
 */
export function repairNode({ dataDirectory, isFull, print }: NodeRepairOptions): void {
  openDataDirectory(dataDirectory, "node");
  using held = new DisposableStack();
  held.use(holdDirectory(dataDirectory));
  const report = join(dataDirectory, repairReportName);
  if (existsSync(report)) rmSync(report);
  requestRepair(dataDirectory, isFull ? "full" : "connectivity");
  print("The next start looks through the repositories and fetches damaged ones from other nodes:");
  print(`  guts node start --data ${dataDirectory}`);
  print(`It serves meanwhile. When it is done, ${report} says what was found and repaired.`);
}
