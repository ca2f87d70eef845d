import { LRUCache } from "lru-cache";
import type { ObjectId } from "@guts/primitives";
import { randomToken } from "../durable.ts";
import { cachedLastCommitsMax, lastCommitsDeadlineMs } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitJob, GitRunner } from "../spawner/git-process.ts";
import { assertSuccess, collect, outputOf } from "../spawner/output.ts";
import type { Browser } from "./browser.ts";
import type { GitCommit } from "./commit.ts";
import { pathSegments } from "./tree.ts";

/** The directory of a commit. */
export interface LastCommitsOptions {
  readonly commit: ObjectId;
  readonly path: string;
  /** How long to look; what was found until then is returned. */
  readonly deadlineMs?: number;
  readonly signal: AbortSignal;
}

/** For each entry of a directory, the newest commit that changed it or something in it. */
export interface LastCommits extends ReadonlyMap<string, GitCommit> {
  /** False when the deadline came first; then entries are missing. */
  readonly isComplete: boolean;
}

class FoundCommits extends Map<string, GitCommit> implements LastCommits {
  readonly isComplete: boolean;

  constructor(entries: Iterable<readonly [string, GitCommit]>, isComplete: boolean) {
    super(entries);
    this.isComplete = isComplete;
  }
}

type IdByName = ReadonlyMap<string, ObjectId>;

interface Search {
  readonly place: RepositoryPlace;
  readonly commit: ObjectId;
  /** The directory, without slashes around it; empty for the root. */
  readonly path: string;
  readonly names: ReadonlySet<string>;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Finds the last commit of each entry of a directory with one `git log` that is stopped when every entry was seen.
 *
 * One old file makes that walk the whole history, so answers are kept: they never change. A newer commit of the same
 * directory walks only back to the one that is known, which must be its ancestor: what was not touched since then is as
 * it was.
 */
export class LastCommitFinder {
  readonly #runner: GitRunner;
  readonly #browser: Browser;
  readonly #found = new LRUCache<string, IdByName>({
    maxSize: cachedLastCommitsMax,
    sizeCalculation: (ids) => ids.size + 1,
  });
  readonly #newestKnown = new LRUCache<string, ObjectId>({ max: 4096 });

  constructor(runner: GitRunner, browser: Browser) {
    this.#runner = runner;
    this.#browser = browser;
  }

  /** Empty when there is no such directory. */
  async find(place: RepositoryPlace, options: LastCommitsOptions): Promise<LastCommits> {
    const tree = await this.#browser.resolve(place, options);
    const lines = tree?.type === "tree" ? await this.#browser.treeLines(place, tree.id, options.signal) : [];
    if (lines.length === 0) return new FoundCommits([], true);
    const search: Search = {
      place,
      commit: options.commit,
      path: pathSegments(options.path)!.join("/"),
      names: new Set(lines.map(({ name }) => name)),
      deadlineMs: options.deadlineMs ?? lastCommitsDeadlineMs,
      signal: options.signal,
    };
    const ids = await this.#findIds(search);
    const commits = await this.#browser.readCommits(place, [...new Set(ids.values())], options.signal);
    const byId = new Map(commits.map((commit) => [commit.id, commit]));
    const pairs = [...ids].flatMap(([name, id]) => (byId.has(id) ? [[name, byId.get(id)!] as const] : []));
    return new FoundCommits(pairs, pairs.length === search.names.size);
  }

  async #findIds(search: Search): Promise<IdByName> {
    const { place, commit, path, names } = search;
    const key = `${place.id}:${commit}:${path}`;
    const cached = this.#found.get(key);
    if (cached !== undefined) return cached;
    const directory = `${place.id}:${path}`;
    const known = await this.#knownAncestor(search, this.#newestKnown.get(directory));
    const fresh = await this.#walk(search, known?.commit);
    const ids = new Map([...(known?.ids ?? []), ...fresh].filter(([name]) => names.has(name)));
    if (ids.size === names.size) {
      this.#found.set(key, ids);
      this.#newestKnown.set(directory, commit);
    }
    return ids;
  }

  async #knownAncestor(
    { place, path, commit, signal }: Search,
    candidate: ObjectId | undefined,
  ): Promise<{ readonly commit: ObjectId; readonly ids: IdByName } | undefined> {
    const ids = candidate && this.#found.get(`${place.id}:${candidate}:${path}`);
    if (!ids) return undefined;
    const args = ["merge-base", "--is-ancestor", candidate, commit];
    const job: GitJob = { class: "read", args, repositoryPath: place.path, signal };
    const { exitCode } = await collect(this.#runner, job, { acceptedCodes: [0, 1, 128] });
    return exitCode === 0 ? { commit: candidate, ids } : undefined;
  }

  /** The first commit in git's order that lists each name. A merge counts when it differs from all its parents. */
  async #walk(search: Search, since: ObjectId | undefined): Promise<IdByName> {
    const marker = randomToken(); // A file cannot be named like it, whatever someone pushes.
    const range = since === undefined ? [search.commit] : [search.commit, `^${since}`];
    const format = ["--no-renames", "--name-only", "-c", "-z", `--format=${marker}%H`];
    const process = await this.#runner.run({
      class: "read",
      args: ["log", ...format, ...range, "--", ...(search.path === "" ? [] : [search.path])],
      repositoryPath: search.place.path,
      signal: search.signal,
    });
    const timer = setTimeout(() => process.kill("timeout"), search.deadlineMs);
    try {
      const found = new Map<string, ObjectId>();
      const isAll = await this.#scan(outputOf(process, Number.POSITIVE_INFINITY), { ...search, marker }, found);
      if (!isAll && (await process.exited).killedFor !== "timeout") await assertSuccess(process);
      return found;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads until every name has its commit; true then. */
  async #scan(
    output: AsyncIterable<Uint8Array>,
    { marker, path, names }: Search & { readonly marker: string },
    found: Map<string, ObjectId>,
  ): Promise<boolean> {
    const prefix = path === "" ? "" : `${path}/`;
    let current = "" as ObjectId;
    let isFirstName = false; // The first name after a commit has a line feed before it.
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of output) {
      const bytes = Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
        const token = bytes.toString("utf8", isFirstName && bytes[start] === 10 ? start + 1 : start, end);
        start = end + 1;
        isFirstName = token.startsWith(marker);
        if (isFirstName) current = token.slice(marker.length) as ObjectId;
        else if (token.startsWith(prefix)) {
          const name = token.slice(prefix.length).split("/", 1)[0]!;
          if (names.has(name) && !found.has(name)) found.set(name, current);
          if (found.size === names.size) return true;
        }
      }
      rest = bytes.subarray(start);
    }
    return false;
  }
}
