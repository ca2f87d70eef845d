/**
 * What `mergeStrategy` 1 fixes. Nodes with different settings would compute different trees, so nothing that decides a merge may come
 * from a default, which later releases of git change, from a file, or from the repository that is merged.
 *
 * Attributes are off: git releases differ in whether they read `.gitattributes` in a bare repository, and a merge driver is a program.
 */
import { mergeRenameLimit } from "../limits.ts";
import type { ObjectFormat, ObjectId } from "@guts/primitives";

const settings: readonly (readonly [name: string, value: string])[] = [
  ["merge.renames", "true"],
  ["merge.renameLimit", String(mergeRenameLimit)],
  ["merge.directoryRenames", "conflict"],
  ["merge.renormalize", "false"],
  ["merge.conflictStyle", "merge"],
  ["diff.renames", "true"],
  ["diff.renameLimit", String(mergeRenameLimit)],
  ["diff.algorithm", "histogram"],
  ["core.attributesFile", "/dev/null"],
  ["core.autocrlf", "false"],
  ["core.ignoreCase", "false"],
  // A commit-graph changes the order in which several merge bases are found, and not every node has the same one.
  ["core.commitGraph", "false"],
];

/** The options before git's command that fix every setting a merge depends on. */
export const strategyOptions: readonly string[] = settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]);

/** The ids of the tree without entries, which git knows without being given it. */
export const emptyTrees: Readonly<Record<ObjectFormat, ObjectId>> = {
  sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904" as ObjectId,
  sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321" as ObjectId,
};

/** Git that knows `GIT_ATTR_SOURCE` (2.41 and later) reads attributes from there only: from nowhere. */
export function strategyEnvironment(format: ObjectFormat): Readonly<Record<string, string>> {
  return { GIT_ATTR_SOURCE: emptyTrees[format] };
}
