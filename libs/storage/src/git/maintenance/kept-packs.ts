/**
 * Keeps the packs that a repack replaces until what replaces them is durable.
 *
 * git syncs the bytes of new packs and never their names, and then removes the old ones: after a power loss the removals may
 * have reached the disk and the new names not. So (1) every pack gets a second name in a directory of its own, durably,
 * (2) git repacks, (3) the new names are made durable, (4) the second names go. A power loss between (1) and (4) leaves the
 * directory, from which the next start brings back what is missing.
 */
import { link, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, randomToken, syncDirectory } from "../durable.ts";
import { markRepository } from "../reachability.ts";

/** The prefix of directories under `objects/` with the second names. */
export const keptPacksPrefix = "repacking-";

/** Runs `work`, which replaces packs, under the rules above. */
export async function keepingPacks(repositoryPath: string, work: () => Promise<void>): Promise<void> {
  const objects = join(repositoryPath, "objects");
  const kept = join(objects, keptPacksPrefix + randomToken());
  await mkdir(kept, { mode: 0o700 });
  try {
    for (const name of await packFiles(join(objects, "pack"))) {
      await linkUnlessThere(join(objects, "pack", name), join(kept, name)); // (1)
    }
    await syncDirectory(kept);
    await syncDirectory(objects);
    await work(); // (2)
  } finally {
    await syncResults(objects); // (3)
    await rm(kept, { recursive: true, force: true }); // (4)
  }
}

/**
 * Brings back the packs of a repack that was interrupted. What is derived from packs is dropped, since it may name packs that are not
 * there; and unreachable objects may be back, so that is noted first.
 */
export async function restoreKeptPacks(repositoryPath: string): Promise<void> {
  const objects = join(repositoryPath, "objects");
  const names = (await readdir(objects)).filter((name) => name.startsWith(keptPacksPrefix));
  if (names.length === 0) return;
  await markRepository(repositoryPath);
  const packs = join(objects, "pack");
  for (const name of await readdir(packs)) {
    if (name.startsWith("multi-pack-index")) await rm(join(packs, name), { force: true });
  }
  for (const name of ["commit-graph", "commit-graphs"])
    await rm(join(objects, "info", name), { recursive: true, force: true });
  for (const name of names) {
    for (const file of await packFiles(join(objects, name)))
      await linkUnlessThere(join(objects, name, file), join(packs, file));
  }
  await syncResults(objects);
  for (const name of names) await rm(join(objects, name), { recursive: true, force: true });
}

/** The files of packs, an index behind its pack, since git takes a pack for there when it sees the index. */
async function packFiles(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => name.startsWith("pack-"));
  return names.toSorted((left, right) => Number(left.endsWith(".idx")) - Number(right.endsWith(".idx")));
}

/** A pack that another step has removed meanwhile, or that is there already, is fine. */
async function linkUnlessThere(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isSystemError(error, "EEXIST", "ENOENT")) throw error;
  }
}

/** git does not sync the list of a split commit-graph either. */
async function syncResults(objects: string): Promise<void> {
  const graphs = join(objects, "info", "commit-graphs");
  try {
    await using chain = await open(join(graphs, "commit-graph-chain"), "r");
    await chain.sync();
    await syncDirectory(graphs);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  await syncDirectory(join(objects, "info"));
  await syncDirectory(join(objects, "pack"));
}
