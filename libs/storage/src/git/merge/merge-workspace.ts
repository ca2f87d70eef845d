import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { conflictPathsMax, mergeOutputBytesMax } from "../limits.ts";
import type { QuarantineDirectory } from "../push/quarantine-directory.ts";
import { packObjects } from "../replication/pack-objects.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import { type CommitParts, encodeCommit } from "./commit-bytes.ts";
import { writeCommit } from "./loose-objects.ts";
import type { MergeConflict } from "./merge-outcome.ts";
import { strategyEnvironment, strategyOptions } from "./strategy.ts";

/** Where a merge works. */
export interface WorkspaceOptions {
  readonly runner: GitRunner;
  readonly repositoryPath: string;
  readonly format: ObjectFormat;
  /** Takes what the merge makes; git sees the repository's objects through it. */
  readonly quarantine: QuarantineDirectory;
  readonly signal: AbortSignal;
}

/** What came of bringing two trees together. */
export type TreeOutcome =
  | { readonly outcome: "clean"; readonly tree: ObjectId }
  | { readonly outcome: "conflicts"; readonly conflicts: readonly MergeConflict[]; readonly conflictCount: number };

/** Runs git for one merge, in a quarantine and by the strategy's settings. */
export class MergeWorkspace {
  readonly #options: WorkspaceOptions;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  /** Adds a commit; returns its id. */
  commit(parts: CommitParts): Promise<ObjectId> {
    const { quarantine, format } = this.#options;
    return writeCommit({ directory: quarantine.objectDirectory, format }, encodeCommit(parts));
  }

  /**
   * Brings together what two trees changed since a third.
   *
   * Git's merge takes commits and finds their base itself; so it is given commits made for it, which have just that base. Nothing of
   * the real histories is walked, so neither their shape nor a commit-graph can change what comes of it.
   */
  async mergeTrees(trees: Readonly<Record<"base" | "ours" | "theirs", ObjectId>>): Promise<TreeOutcome> {
    const stand = (tree: ObjectId, parents: readonly ObjectId[]): Promise<ObjectId> =>
      this.commit({ tree, parents, author: nobody, committer: nobody, encoding: undefined, message: nothing });
    const base = await stand(trees.base, []);
    // Both sides may have the same tree, and would then be one commit; its own base is no base of two sides.
    if (trees.ours === trees.theirs) return { outcome: "clean", tree: trees.ours };
    return this.mergeCommits(await stand(trees.ours, [base]), await stand(trees.theirs, [base]));
  }

  /** Brings two commits together over all their merge bases, as git's recursive strategy does for criss-cross histories. */
  async mergeCommits(ours: ObjectId, theirs: ObjectId): Promise<TreeOutcome> {
    const args = [...strategyOptions, "merge-tree", "--write-tree", "-z", "--name-only", "--messages", ours, theirs];
    const { output, exitCode } = await this.#git(args, { acceptedCodes: [0, 1], bytesMax: mergeOutputBytesMax });
    const fields = output.toString("utf8").split("\0");
    const tree = fields[0] as ObjectId;
    return exitCode === 0 ? { outcome: "clean", tree } : { outcome: "conflicts", ...parseConflicts(fields) };
  }

  /** The best common ancestors of two commits, sorted by id; none when there are none. */
  async mergeBases(left: ObjectId, right: ObjectId): Promise<readonly ObjectId[]> {
    const { output } = await this.#git(["merge-base", "--all", left, right], { acceptedCodes: [0, 1] });
    return (output.toString("latin1").split("\n").filter(Boolean) as ObjectId[]).toSorted();
  }

  /** The commits that `head` has and `base` has not, without merges, parents first, at most `countMax`. */
  async commitsToRebase(base: ObjectId, head: ObjectId, countMax: number): Promise<readonly ObjectId[]> {
    const order = ["--topo-order", "--no-merges", `--max-count=${countMax}`];
    const args = [...strategyOptions, "rev-list", ...order, head, `^${base}`, "--"];
    const { output } = await this.#git(args);
    return (output.toString("latin1").split("\n").filter(Boolean) as ObjectId[]).toReversed();
  }

  /** The raw content of a commit that may still be in the quarantine; undefined when it is no commit. */
  async readCommit(id: ObjectId): Promise<Buffer | undefined> {
    const { output, exitCode } = await this.#git(["cat-file", "commit", id], { acceptedCodes: [0, 128] });
    return exitCode === 0 ? output : undefined;
  }

  /** Everything that `result` reaches and `haves` do not, as a pack. */
  pack(result: ObjectId, haves: readonly ObjectId[], signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { runner, repositoryPath } = this.#options;
    const environment = this.#environment;
    return packObjects(runner, repositoryPath, { wants: [result], haves, isThin: true, environment, signal });
  }

  get #environment(): Readonly<Record<string, string>> {
    const { quarantine, format } = this.#options;
    return { ...quarantine.environment, ...strategyEnvironment(format) };
  }

  #git(
    args: readonly string[],
    options: { readonly acceptedCodes?: readonly number[]; readonly bytesMax?: number } = {},
  ): Promise<{ readonly output: Buffer; readonly exitCode: number | null }> {
    const { runner, repositoryPath, signal } = this.#options;
    return collect(runner, { class: "read", args, repositoryPath, environment: this.#environment, signal }, options);
  }
}

const nobody = Buffer.from("merge <> 0 +0000");
const nothing = Buffer.alloc(0);

/**
 * Reads the fields after the tree: paths until an empty one, then messages, each with a count of paths, these, a type and a text
 * (git-merge-tree, "OUTPUT"). Types such as `CONFLICT (contents)` are stable; the texts are not.
 */
function parseConflicts(fields: readonly string[]): {
  readonly conflicts: readonly MergeConflict[];
  readonly conflictCount: number;
} {
  const reasons = new Map<string, Set<string>>();
  const end = fields.indexOf("", 1);
  for (const path of fields.slice(1, end)) reasons.set(path, new Set());
  for (let at = end + 1; at < fields.length - 1;) {
    const count = Number(fields[at]);
    const [paths, type] = [fields.slice(at + 1, at + 1 + count), fields[at + 1 + count] ?? ""];
    const reason = /^CONFLICT \((.+)\)$/.exec(type)?.[1];
    if (reason !== undefined) for (const path of paths) reasons.get(path)?.add(reason);
    at += count + 3;
  }
  const sorted = [...reasons].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const conflicts = sorted.slice(0, conflictPathsMax).map(([path, why]) => ({ path, reasons: [...why] }));
  return { conflicts, conflictCount: sorted.length };
}
