import type { ObjectId } from "@guts/primitives";
import { pathSegments } from "../read/tree.ts";
import { treePathPartsMax } from "../limits.ts";
import { treeMode, type TreeItem } from "./object-encoding.ts";

/** What becomes of one path of a tree. */
export interface TreeChange {
  readonly path: string;
  /** Undefined takes the path away. Without a mode it keeps the one it has, or is a plain file. */
  readonly to: { readonly mode?: string | undefined; readonly id: ObjectId } | undefined;
}

/** Why a tree cannot be changed so. */
export interface TreeEditRejection {
  readonly outcome: "rejected";
  readonly code: "path-invalid" | "path-missing" | "path-conflict";
  readonly path: string;
}

/** Where trees come from and go to. */
export interface TreeAccess {
  read(id: ObjectId): Promise<readonly TreeItem[]>;
  add(items: Iterable<TreeItem>): ObjectId;
}

/** The changes by the first name of their paths. */
interface Branch {
  readonly path: string;
  change?: TreeChange;
  readonly children: Map<string, Branch>;
}

type Edited = { readonly outcome: "edited"; readonly items: ReadonlyMap<string, TreeItem> };

/** Applies changes to a tree; only the directories on their way are read. The result's root, which may be the empty tree. */
export async function editTree(
  trees: TreeAccess,
  root: ObjectId | undefined,
  changes: readonly TreeChange[],
): Promise<{ readonly outcome: "edited"; readonly tree: ObjectId } | TreeEditRejection> {
  const plan: Branch = { path: "", children: new Map() };
  for (const change of changes) {
    const rejected = plant(plan, change);
    if (rejected !== undefined) return rejected;
  }
  const edited = await applyBranch(trees, root, plan);
  return edited.outcome === "rejected" ? edited : { outcome: "edited", tree: trees.add(edited.items.values()) };
}

/** Puts a change where its path leads. A path is changed once, and nothing is below what becomes a file. */
function plant(plan: Branch, change: TreeChange): TreeEditRejection | undefined {
  const { path } = change;
  const segments = pathSegments(path);
  const isSound = segments !== undefined && segments.length > 0 && segments.length <= treePathPartsMax;
  if (!isSound || segments.join("/") !== path || segments.some(isReserved))
    return { outcome: "rejected", code: "path-invalid", path };
  let at = plan;
  for (const [index, segment] of segments.entries()) {
    if (at.change?.to !== undefined) return { outcome: "rejected", code: "path-conflict", path };
    const name = Buffer.from(segment).toString("latin1");
    const next = at.children.get(name) ?? { path: segments.slice(0, index + 1).join("/"), children: new Map() };
    at.children.set(name, next);
    at = next;
  }
  const isTaken = at.change !== undefined || (change.to !== undefined && at.children.size > 0);
  if (isTaken) return { outcome: "rejected", code: "path-conflict", path };
  at.change = change;
  return undefined;
}

/** Names that git gives no file, on whatever file system. */
function isReserved(segment: string): boolean {
  return /^\.git[. ]*$/i.test(segment);
}

async function applyBranch(
  trees: TreeAccess,
  id: ObjectId | undefined,
  { children }: Branch,
): Promise<Edited | TreeEditRejection> {
  const items = new Map((id === undefined ? [] : await trees.read(id)).map((item) => [item.name, item]));
  for (const [name, branch] of children) {
    const existing = items.get(name);
    const { change, path } = branch;
    if (change !== undefined) {
      if (change.to === undefined && existing === undefined) return { outcome: "rejected", code: "path-missing", path };
      items.delete(name);
      if (change.to !== undefined) items.set(name, { name, id: change.to.id, mode: modeOf(change.to.mode, existing) });
    }
    if (branch.children.size === 0) continue;
    // What was taken away leaves room for a directory; what is no directory does not.
    const present = items.get(name);
    if (present !== undefined && present.mode !== treeMode) return { outcome: "rejected", code: "path-conflict", path };
    const below = await applyBranch(trees, present?.id, branch);
    if (below.outcome === "rejected") return below;
    if (below.items.size === 0) items.delete(name);
    else items.set(name, { name, mode: treeMode, id: trees.add(below.items.values()) });
  }
  return { outcome: "edited", items };
}

function modeOf(mode: string | undefined, existing: TreeItem | undefined): string {
  if (mode !== undefined) return mode.replace(/^0+/, "");
  return existing === undefined || existing.mode === treeMode || existing.mode === "160000" ? "100644" : existing.mode;
}
