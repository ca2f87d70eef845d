import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { restoreKeptPacks } from "./maintenance/kept-packs.ts";
import { incomingPrefix, promotedPrefix } from "./push/quarantine-directory.ts";
import { markRepository } from "./reachability.ts";

/**
 * Repairs what a crash left in one repository: repacks half done, quarantines, half-written packs and locks.
 *
 * A push that was promoted and whose projection is unknown may have left objects without a ref, so that is noted first.
 */
export async function sweepRepository(path: string): Promise<void> {
  await restoreKeptPacks(path);
  const objects = join(path, "objects");
  const names = await readdir(objects);
  if (names.some((name) => name.startsWith(promotedPrefix))) await markRepository(path);
  const quarantines = names.filter((name) => name.startsWith(incomingPrefix) || name.startsWith(promotedPrefix));
  for (const name of quarantines) await rm(join(objects, name), { recursive: true, force: true });
  const packs = await readdir(join(objects, "pack"));
  const stale = packs.filter((name) => /^\.?tmp[-_]/.test(name) || name.endsWith(".lock"));
  for (const name of stale) await rm(join(objects, "pack", name), { force: true });
  await removeStaleLocks(path);
}

/**
 * Removes the lock files of refs. The engine is the only writer, so a lock that is there while no writer runs is left
 * over from one that was killed. No ref's name ends in `.lock`.
 */
export async function removeStaleLocks(path: string): Promise<void> {
  const names = [
    ...(await readdir(path)),
    ...(await readdir(join(path, "refs"), { recursive: true })).map((name) => join("refs", name)),
  ];
  for (const name of names.filter((candidate) => candidate.endsWith(".lock"))) {
    await rm(join(path, name), { force: true });
  }
}
