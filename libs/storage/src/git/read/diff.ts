import type { ObjectId } from "@guts/primitives";
import { diffDefaults, diffOutputBytesMax, renameCandidatesMax } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitProcess, GitRunner } from "../spawner/git-process.ts";
import { assertSuccess, outputOf } from "../spawner/output.ts";
import type { Browser } from "./browser.ts";
import { type DiffLimits, type GitFileDiff, parseDiff } from "./diff-parser.ts";
import type { ObjectReaders } from "./object-readers.ts";
import { pathSegments } from "./tree.ts";

/** What to compare: a commit with its first parent (or with nothing, when it has none), or two commits. */
export type DiffOptions = ({ readonly commit: ObjectId } | { readonly base: ObjectId; readonly head: ObjectId }) & {
  readonly limits?: Partial<DiffLimits>;
  /** Only what is in this file or directory. */
  readonly path?: string;
  readonly signal: AbortSignal;
};

/** What changed between two trees. */
export interface GitDiff {
  readonly files: readonly GitFileDiff[];
  /** Lines added and deleted in the files that are listed. */
  readonly additions: number;
  readonly deletions: number;
  /** Files are missing because there were too many. */
  readonly isTruncated: boolean;
}

const EMPTY_TREE = {
  40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
} as const;

/** Compares trees with `git diff-tree`: renames found, nothing of a repository's configuration run. */
export class Differ {
  readonly #runner: GitRunner;
  readonly #browser: Browser;
  readonly #readers: ObjectReaders;

  constructor(runner: GitRunner, browser: Browser, readers: ObjectReaders) {
    this.#runner = runner;
    this.#browser = browser;
    this.#readers = readers;
  }

  /** Undefined when a commit is not there. A diff that is too long or too slow is cut, and says so. */
  async diff(place: RepositoryPlace, options: DiffOptions): Promise<GitDiff | undefined> {
    const trees = await this.#treesOf(place, options);
    const segments = pathSegments(options.path ?? "");
    if (trees === undefined || segments === undefined) return undefined;
    const path = segments.length === 0 ? [] : [segments.join("/")];
    const process = await this.#runner.run({
      class: "read",
      args: ["diff-tree", ...DIFF_ARGUMENTS, ...trees, "--", ...path],
      repositoryPath: place.path,
      signal: options.signal,
    });
    const { bytes, isWhole } = await readUpTo(process, diffOutputBytesMax);
    const limits = { ...diffDefaults, ...options.limits };
    const { files, isCut } = parseDiff(bytes, { limits, isWhole });
    return {
      files,
      additions: files.reduce((sum, file) => sum + file.additions, 0),
      deletions: files.reduce((sum, file) => sum + file.deletions, 0),
      isTruncated: isCut,
    };
  }

  async #treesOf(
    place: RepositoryPlace,
    options: DiffOptions,
  ): Promise<readonly [base: string, head: string] | undefined> {
    if ("base" in options) return this.#resolveTrees(place, options.base, options.head);
    const commit = await this.#browser.readCommit(place, options.commit, options.signal);
    if (commit === undefined) return undefined;
    const [parent] = commit.parents;
    if (parent !== undefined) return this.#resolveTrees(place, parent, options.commit);
    return [EMPTY_TREE[commit.id.length as 40 | 64], commit.tree];
  }

  async #resolveTrees(
    place: RepositoryPlace,
    base: ObjectId,
    head: ObjectId,
  ): Promise<readonly [base: string, head: string] | undefined> {
    const [from, to] = await this.#readers.infos(place, [`${base}^{tree}`, `${head}^{tree}`]);
    return from === undefined || to === undefined ? undefined : [from.id, to.id];
  }
}

const DIFF_ARGUMENTS = [
  "-r",
  "-z",
  "--raw",
  "--numstat",
  "--patch",
  "--full-index",
  "-M",
  `-l${renameCandidatesMax}`,
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** All of git's output, or as much as came before it was too much or took too long. */
async function readUpTo(
  process: GitProcess,
  bytesMax: number,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of outputOf(process, Number.POSITIVE_INFINITY)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= bytesMax) return { bytes: Buffer.concat(chunks), isWhole: false };
  }
  const isTimeout = (await process.exited).killedFor === "timeout";
  if (!isTimeout) await assertSuccess(process);
  return { bytes: Buffer.concat(chunks), isWhole: !isTimeout };
}
