import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { openDataDirectory, readMarker } from "../data/data-directory.ts";
import { holdDirectory } from "../data/hold-directory.ts";

/**
 * Deletes a devnet's directory, for `--fresh`.
 *
 * Only a directory with our marker, and only while neither a devnet nor one of its nodes holds a lock in it: all locks are taken
 * first and kept until the files are gone, so nothing can start in between.
 */
export function deleteDevnet(root: string): void {
  openDataDirectory(root, "devnet");
  using held = new DisposableStack();
  held.use(holdDirectory(root));
  for (const name of readdirSync(root)) {
    const folder = join(root, name);
    if (readMarker(folder)?.guts === "node") held.use(holdDirectory(folder));
  }
  rmSync(root, { recursive: true });
}

/** Whether there is a devnet in `root` that `deleteDevnet` could be asked to delete. */
export function hasDevnet(root: string): boolean {
  return existsSync(root) && readdirSync(root).length > 0;
}
