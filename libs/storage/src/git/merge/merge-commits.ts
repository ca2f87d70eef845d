/**
 * Merges, computed so that every node that computes them makes the same objects: from the two commits, the method, the persons, the
 * times and the message alone, by the settings of one strategy, in a quarantine that nobody else sees.
 */
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { commitBytesMax, mergeTimeoutMs, rebaseCommitsMax } from "../limits.ts";
import { QuarantineDirectory } from "../push/quarantine-directory.ts";
import { decodeCommit } from "../read/commit.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { encodePerson, readKeptParts } from "./commit-bytes.ts";
import type { Merged, MergeConflicts, MergeOutcome, MergeRefusal, MergeRequest } from "./merge-outcome.ts";
import { MergeWorkspace, type TreeOutcome } from "./merge-workspace.ts";
import { emptyTrees } from "./strategy.ts";

/** What merging needs of the engine. */
export interface MergeContext {
  readonly runner: GitRunner;
  readonly repositoryPath: string;
}

/** A merge whose persons and message are bytes: of a request, or of a commit that is said to be its result. */
export interface RawMerge extends Pick<MergeRequest, "method" | "base" | "head"> {
  readonly author: Uint8Array;
  readonly committer: Uint8Array;
  readonly message: Uint8Array;
}

/** The commit that a merge results in, or why there is none. */
export type ResultOutcome = Pick<Merged, "outcome" | "result" | "isUpToDate"> | MergeConflicts | MergeRefusal;

/** Merges in a new quarantine, which the outcome holds until it is disposed. Throws `timeout`, or the signal's reason. */
export async function mergeCommits(
  context: MergeContext,
  request: MergeRequest,
  signal: AbortSignal,
): Promise<MergeOutcome> {
  await using cleanup = new AsyncDisposableStack();
  const quarantine = await QuarantineDirectory.create(context.repositoryPath);
  cleanup.defer(() => quarantine.remove());
  const raw = {
    ...request,
    author: encodePerson(request.author),
    committer: encodePerson(request.committer),
    message: Buffer.from(request.message.toWellFormed().replaceAll("\0", "")),
  };
  const workspace = openWorkspace(context, { quarantine, format: formatOf(request.base), signal });
  const outcome = await computeMerge(workspace, raw);
  if (outcome.outcome !== "merged") return outcome;
  return new MergedCommit(outcome, workspace, { request, owned: cleanup.move() });
}

/** A workspace in a quarantine, for at most `mergeTimeoutMs`. */
export function openWorkspace(
  context: MergeContext,
  options: { readonly quarantine: QuarantineDirectory; readonly format: ObjectFormat; readonly signal: AbortSignal },
): MergeWorkspace {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(mergeTimeoutMs)]);
  return new MergeWorkspace({ ...context, ...options, signal });
}

/** The hash function of a repository, by the length of an id in it. */
export function formatOf(id: ObjectId): ObjectFormat {
  return id.length === 40 ? "sha1" : "sha256";
}

/** Computes what a merge results in; its objects are in the workspace. */
export async function computeMerge(workspace: MergeWorkspace, merge: RawMerge): Promise<ResultOutcome> {
  const { base, head, method } = merge;
  const sides = await readSides(workspace, merge);
  if (sides === undefined) return { outcome: "refused", code: "commit-missing" };
  const bases = await workspace.mergeBases(base, head);
  if (bases.length === 0) return { outcome: "refused", code: "unrelated-histories" };
  if (bases.includes(head)) return { outcome: "refused", code: "already-merged" };
  const isUpToDate = bases.includes(base);
  if (method === "fast-forward")
    return isUpToDate
      ? { outcome: "merged", result: head, isUpToDate }
      : { outcome: "refused", code: "not-fast-forward" };
  if (method === "rebase") return rebase(workspace, merge, { ours: sides.ours, isUpToDate });
  const trees = await mergeSides(workspace, { ...merge, ...sides, bases });
  if (trees.outcome === "conflicts") return { ...trees, commit: undefined };
  const parents = method === "merge" ? [base, head] : [base];
  const { author, committer, message } = merge;
  const result = await workspace.commit({ tree: trees.tree, parents, author, committer, encoding: undefined, message });
  return { outcome: "merged", result, isUpToDate };
}

/** The trees of both sides. */
type Sides = Readonly<Record<"ours" | "theirs", ObjectId>>;

async function readSides(workspace: MergeWorkspace, { base, head }: RawMerge): Promise<Sides | undefined> {
  const [ours, theirs] = [await workspace.readCommit(base), await workspace.readCommit(head)];
  if (ours === undefined || theirs === undefined) return undefined;
  return { ours: decodeCommit(base, ours).tree, theirs: decodeCommit(head, theirs).tree };
}

async function mergeSides(
  workspace: MergeWorkspace,
  { base, head, ours, theirs, bases }: RawMerge & Sides & { readonly bases: readonly ObjectId[] },
): Promise<TreeOutcome> {
  const [only, ...others] = bases;
  if (others.length > 0) return workspace.mergeCommits(base, head);
  const common = await workspace.readCommit(only!);
  return workspace.mergeTrees({ base: decodeCommit(only!, common!).tree, ours, theirs });
}

/**
 * Applies each commit of the head to the branch, as `git rebase` does: merges are left out, and so is a commit whose changes the
 * branch has already; one that changed nothing itself stays. Authors and messages are kept byte for byte; signatures cannot be.
 */
async function rebase(
  workspace: MergeWorkspace,
  { base, head, committer }: RawMerge,
  { ours, isUpToDate }: Pick<Sides, "ours"> & Pick<Merged, "isUpToDate">,
): Promise<ResultOutcome> {
  const commits = await workspace.commitsToRebase(base, head, rebaseCommitsMax + 1);
  if (commits.length > rebaseCommitsMax) return { outcome: "refused", code: "too-many-commits" };
  const treeOf = new Map<ObjectId, ObjectId>();
  let tip = { commit: base, tree: ours };
  for (const commit of commits) {
    const picked = await readPicked(workspace, commit, treeOf);
    if (picked === undefined) return { outcome: "refused", code: "too-large" };
    const { before, after, kept } = picked;
    const trees = await workspace.mergeTrees({ base: before, ours: tip.tree, theirs: after });
    if (trees.outcome === "conflicts") return { ...trees, commit };
    if (trees.tree === tip.tree && before !== after) continue;
    const parents = [tip.commit];
    tip = { commit: await workspace.commit({ ...kept, tree: trees.tree, parents, committer }), tree: trees.tree };
  }
  return tip.commit === base
    ? { outcome: "refused", code: "already-merged" }
    : { outcome: "merged", result: tip.commit, isUpToDate };
}

/** A commit to apply: the trees before and after it, and what of it is kept; undefined when it is too large to be read. */
async function readPicked(workspace: MergeWorkspace, commit: ObjectId, treeOf: Map<ObjectId, ObjectId>) {
  const bytes = await workspace.readCommit(commit);
  const kept = bytes === undefined || bytes.length > commitBytesMax ? undefined : readKeptParts(bytes);
  if (bytes === undefined || kept === undefined) return undefined;
  const { tree, parents } = decodeCommit(commit, bytes);
  treeOf.set(commit, tree);
  const parent = parents[0];
  if (parent === undefined) return { before: emptyTrees[formatOf(commit)], after: tree, kept };
  const before = treeOf.get(parent) ?? decodeCommit(parent, (await workspace.readCommit(parent))!).tree;
  return { before, after: tree, kept };
}

class MergedCommit implements Merged {
  readonly outcome = "merged";
  readonly result: ObjectId;
  readonly isUpToDate: boolean;
  readonly openPack: Merged["openPack"];
  readonly #owned: AsyncDisposableStack;

  constructor(
    { result, isUpToDate }: Pick<Merged, "result" | "isUpToDate">,
    workspace: MergeWorkspace,
    { request, owned }: { readonly request: MergeRequest; readonly owned: AsyncDisposableStack },
  ) {
    const { base, head } = request;
    this.result = result;
    this.isUpToDate = isUpToDate;
    this.#owned = owned;
    this.openPack = result === head ? undefined : (signal) => workspace.pack(result, [base, head], signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}
