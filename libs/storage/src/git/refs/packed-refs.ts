import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectId, RefName } from "@guts/primitives";
import { isSystemError, replaceFileDurably } from "../durable.ts";

/** A ref's value; `peeled` is what an annotated tag finally points to. */
export interface PackedRef {
  readonly id: ObjectId;
  readonly peeled: ObjectId | undefined;
}

/** The header that git writes: every tag has its `^` line and names are in byte order. */
const HEADER = "# pack-refs with: peeled fully-peeled sorted \n";

/** Reads a repository's packed-refs; empty when there is none. */
export async function readPackedRefs(repositoryPath: string): Promise<Map<RefName, PackedRef>> {
  const refs = new Map<RefName, PackedRef>();
  let last: RefName | undefined;
  for (const line of (await readText(join(repositoryPath, "packed-refs"))).split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("^")) {
      if (last !== undefined) refs.set(last, { id: refs.get(last)!.id, peeled: line.slice(1) as ObjectId });
      continue;
    }
    const space = line.indexOf(" ");
    last = line.slice(space + 1) as RefName;
    refs.set(last, { id: line.slice(0, space) as ObjectId, peeled: undefined });
  }
  return refs;
}

/** Replaces a repository's packed-refs, durably. */
export async function writePackedRefs(repositoryPath: string, refs: ReadonlyMap<RefName, PackedRef>): Promise<void> {
  const entries = Array.from(refs, ([name, ref]) => ({ key: Buffer.from(name), name, ref }));
  entries.sort((left, right) => Buffer.compare(left.key, right.key));
  const lines = entries.map(({ name, ref }) => `${ref.id} ${name}\n${ref.peeled ? `^${ref.peeled}\n` : ""}`);
  await replaceFileDurably(join(repositoryPath, "packed-refs"), HEADER + lines.join(""));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return "";
    throw error;
  }
}
