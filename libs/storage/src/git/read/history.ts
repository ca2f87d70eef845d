import type { ObjectId } from "@guts/primitives";
import { historyPageMax } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitJob, GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import type { Browser } from "./browser.ts";
import type { GitCommit } from "./commit.ts";
import type { ObjectReaders } from "./object-readers.ts";
import { pathSegments } from "./tree.ts";

/** Which commits of a history are wanted. */
export interface LogFilter {
  /** Only commits that change this file or directory. */
  readonly path?: string;
  /** Only commits that this one does not reach. */
  readonly exclude?: ObjectId;
  /** Text that `Name <email>` of the author holds, whatever its case. */
  readonly author?: string;
  readonly committer?: string;
  /** Only commits from this time on, and up to this one; by the committer, in seconds since 1970. */
  readonly sinceSeconds?: number;
  readonly untilSeconds?: number;
}

/** A page of a history. */
export interface LogOptions extends LogFilter {
  readonly from: ObjectId;
  readonly skip: number;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Two commits to compare. */
export interface CommitPair {
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly signal: AbortSignal;
}

/** How two commits are related. */
export interface AheadBehind {
  /** Commits of `head` that `base` does not have. */
  readonly ahead: number;
  /** Commits of `base` that `head` does not have. */
  readonly behind: number;
}

/** Walks histories; git finds the ids, the long-lived reader reads the commits. */
export class History {
  readonly #runner: GitRunner;
  readonly #browser: Browser;
  readonly #readers: ObjectReaders;

  constructor(runner: GitRunner, browser: Browser, readers: ObjectReaders) {
    this.#runner = runner;
    this.#browser = browser;
    this.#readers = readers;
  }

  /** Commits from `from` backwards, newest first; empty when it is not there. */
  async log(place: RepositoryPlace, options: LogOptions): Promise<readonly GitCommit[]> {
    const path = await this.#checkedPath(place, options);
    if (path === undefined) return [];
    const limit = Math.min(options.limit, historyPageMax);
    const range = [`--skip=${options.skip}`, `--max-count=${limit}`, ...filterArguments(options), options.from];
    if (options.exclude !== undefined) {
      if (!(await this.#areCommits(place, [options.exclude]))) return [];
      range.push(`^${options.exclude}`);
    }
    const { output } = await collect(this.#runner, revList(place, [...range, ...path], options.signal));
    const ids = output.toString("latin1").split("\n").slice(0, -1) as ObjectId[];
    return this.#browser.readCommits(place, ids, options.signal);
  }

  /** How many commits `from` reaches, or how many of them change `path`. */
  async countCommits(place: RepositoryPlace, options: Pick<LogOptions, "from" | "path" | "signal">): Promise<number> {
    const path = await this.#checkedPath(place, options);
    if (path === undefined) return 0;
    const args = ["--count", options.from, ...path];
    const { output } = await collect(this.#runner, revList(place, args, options.signal));
    return Number(output.toString("latin1"));
  }

  /** How many commits `head` reaches and `base` does not, at most `countMax`; undefined when either is not there. */
  async countNewCommits(
    place: RepositoryPlace,
    { base, head, countMax, signal }: CommitPair & { readonly countMax: number },
  ): Promise<number | undefined> {
    if (!(await this.#areCommits(place, [base, head]))) return undefined;
    const args = ["--count", `--max-count=${countMax}`, head, `^${base}`];
    const { output } = await collect(this.#runner, revList(place, args, signal));
    return Number(output.toString("latin1"));
  }

  /** Counts the commits that only one of two has; undefined when one of them is not there. */
  async aheadBehind(place: RepositoryPlace, { base, head, signal }: CommitPair): Promise<AheadBehind | undefined> {
    if (!(await this.#areCommits(place, [base, head]))) return undefined;
    const args = ["--count", "--left-right", `${base}...${head}`];
    const { output } = await collect(this.#runner, revList(place, args, signal));
    const [behind, ahead] = output.toString("latin1").trim().split("\t").map(Number);
    return { ahead: ahead!, behind: behind! };
  }

  /** The best common ancestor of two commits; undefined when they have none. */
  async mergeBase(place: RepositoryPlace, { base, head, signal }: CommitPair): Promise<ObjectId | undefined> {
    if (!(await this.#areCommits(place, [base, head]))) return undefined;
    const args = ["merge-base", base, head];
    const job: GitJob = { class: "read", args, repositoryPath: place.path, signal };
    const { output, exitCode } = await collect(this.#runner, job, { acceptedCodes: [0, 1] });
    return exitCode === 0 ? (output.toString("latin1").trim() as ObjectId) : undefined;
  }

  /** The path as arguments after `--`; undefined when there can be no history. */
  async #checkedPath(
    place: RepositoryPlace,
    { from, path }: Pick<LogOptions, "from" | "path">,
  ): Promise<readonly string[] | undefined> {
    const segments = pathSegments(path ?? "");
    if (segments === undefined || !(await this.#areCommits(place, [from]))) return undefined;
    return segments.length === 0 ? ["--"] : ["--", segments.join("/")];
  }

  async #areCommits(place: RepositoryPlace, ids: readonly ObjectId[]): Promise<boolean> {
    const infos = await this.#readers.infos(place, ids);
    return infos.every((info) => info?.type === "commit");
  }
}

/** A value goes into the same argument as its option, so it is never taken for one. */
function filterArguments({ author, committer, sinceSeconds, untilSeconds }: LogFilter): readonly string[] {
  const args: string[] = [];
  if (author !== undefined) args.push(`--author=${author}`);
  if (committer !== undefined) args.push(`--committer=${committer}`);
  if (args.length > 0) args.push("--fixed-strings", "--regexp-ignore-case");
  if (sinceSeconds !== undefined) args.push(`--max-age=${sinceSeconds}`);
  if (untilSeconds !== undefined) args.push(`--min-age=${untilSeconds}`);
  return args;
}

function revList(place: RepositoryPlace, args: readonly string[], signal: AbortSignal): GitJob {
  return { class: "read", args: ["rev-list", ...args], repositoryPath: place.path, signal };
}
