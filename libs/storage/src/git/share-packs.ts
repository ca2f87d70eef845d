/**
 * Gives a new repository the objects of another at once, whatever their size: its packs by second names of the same files.
 *
 * Packs never change, so both repositories may do with theirs what they like: a repack replaces names, and the file goes with its
 * last one. So neither a repack, nor a removal, nor another visibility of the one takes anything from the other, and what
 * comes to one later is not in the other: a pool of objects that both look into would promise less. The price is that packs which
 * either joins anew are no longer shared.
 */
import { link, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, syncDirectory } from "./durable.ts";
import { GitEngineError } from "./errors.ts";
import { markRepository } from "./reachability.ts";

/** What a pack consists of that another repository can use; a bitmap over several packs is about where those are. */
const shared = /^pack-[0-9a-f]+\.(pack|idx|rev|mtimes)$/;

/** Listings until one holds still: each is passed by at most one repack, which takes much longer. */
const listingsMax = 10;

/**
 * Links every pack of `from` into `to`, which nobody uses yet, durably. What refs of `to` do not reach is there, too, so that is
 * noted. A repack meanwhile puts a new pack in place before it removes the old ones; then the listing is read again.
 */
export async function sharePacks(from: string, to: string): Promise<void> {
  await markRepository(to);
  const [source, target] = [from, to].map((path) => join(path, "objects/pack")) as [string, string];
  for (let listing = 0; listing < listingsMax; listing++) {
    const names = (await readdir(source)).filter((name) => shared.test(name));
    const isWhole = await Promise.all(names.map((name) => linkUnlessThere(join(source, name), join(target, name))));
    if (!isWhole.includes(false)) return syncDirectory(target);
  }
  throw new GitEngineError("git-failed", "the packs of a repository do not hold still", {
    exitCode: null,
    signal: null,
    stderr: "",
  });
}

/** False when the file has gone. */
async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return true;
    if (isSystemError(error, "ENOENT")) return false;
    throw error;
  }
}
