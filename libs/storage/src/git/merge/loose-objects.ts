import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { isSystemError } from "../durable.ts";

/**
 * Writes a small object as git's loose files (gitrepository-layout, `objects/??`), for git to read in the same quarantine. Nothing is
 * synced: what stays of a quarantine leaves it as a pack, which is.
 */
export async function writeCommit(
  { directory, format }: { readonly directory: string; readonly format: ObjectFormat },
  content: Uint8Array,
): Promise<ObjectId> {
  const bytes = Buffer.concat([Buffer.from(`commit ${content.length}\0`), content]);
  const id = createHash(format).update(bytes).digest("hex");
  const folder = join(directory, id.slice(0, 2));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await writeFile(join(folder, id.slice(2)), deflateSync(bytes), { flag: "wx", mode: 0o400 });
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error; // The same content was written before.
  }
  return id as ObjectId;
}
