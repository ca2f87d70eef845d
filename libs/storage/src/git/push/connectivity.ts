import type { ObjectId } from "@guts/primitives";
import { commitGraphMax, foreignObjectsMax } from "../limits.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { linesOf } from "../spawner/output.ts";
import { explainWalkFailure } from "./index-pack-failure.ts";
import type { PackIndex } from "./pack-index.ts";
import type { QuarantineDirectory } from "./quarantine-directory.ts";
import type { ReceiveRejection } from "./receive-outcome.ts";

/** What to walk. */
export interface WalkOptions {
  readonly repositoryPath: string;
  readonly quarantine: QuarantineDirectory | undefined;
  /** The new sides of the commands. */
  readonly positives: readonly ObjectId[];
  /** Ids whose whole history is known to be here. */
  readonly negatives: Iterable<ObjectId>;
  /** The objects that the push brought, by pack. */
  readonly indexes: readonly PackIndex[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Everything that the positives reach and the negatives are not known to reach; all of it exists. */
export interface Walk {
  readonly outcome: "complete";
  readonly commitCount: number;
  /** Parents of the listed commits; without entries when there were more than `commitGraphMax`. */
  readonly parentsByCommit: ReadonlyMap<string, readonly string[]>;
  /** Listed objects that are not in the push's own packs; undefined when there are too many to name. */
  readonly foreign: readonly ObjectId[] | undefined;
}

/**
 * Proves that a push is complete, and lists what it adds, in one run of git.
 *
 * `rev-list --objects` fails at the first object that is not there. Fewer negatives are never wrong, they only make git
 * walk more. Ids go through stdin, so their number is not bound by a command line. Names are left out of the listing:
 * the paths of a tree bomb are longer than its objects.
 */
export async function walkNewObjects(runner: GitRunner, options: WalkOptions): Promise<Walk | ReceiveRejection> {
  const process = await runner.run({
    class: "push",
    args: ["rev-list", "--objects", "--stdin", "--no-object-names", "--no-commit-header", "--format=c %H %P"],
    repositoryPath: options.repositoryPath,
    environment: options.quarantine?.environment ?? {},
    stdin: true,
    limits: { timeoutMs: options.timeoutMs },
    signal: options.signal,
  });
  const negatives = Array.from(options.negatives, (id) => `^${id}\n`);
  process.stdin.end([...options.positives.map((id) => `${id}\n`), ...negatives].join(""));
  const listing = new Listing(options.indexes);
  for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) {
    for (const line of lines) listing.add(line);
  }
  const exit = await process.exited;
  options.signal.throwIfAborted();
  if (exit.code !== 0) return explainWalkFailure(exit, process.stderr);
  return listing.toWalk();
}

class Listing {
  readonly #indexes: readonly PackIndex[];
  readonly #parents = new Map<string, readonly string[]>();
  readonly #foreign: ObjectId[] = [];
  #commitCount = 0;

  constructor(indexes: readonly PackIndex[]) {
    this.#indexes = indexes;
  }

  add(line: string): void {
    const isCommit = line.startsWith("c ");
    const [id, ...parents] = isCommit ? line.slice(2).trimEnd().split(" ") : [line];
    if (isCommit && ++this.#commitCount <= commitGraphMax) this.#parents.set(id!, parents);
    const isBrought = this.#indexes.some((index) => index.has(id!));
    if (!isBrought && this.#foreign.length <= foreignObjectsMax) this.#foreign.push(id as ObjectId);
  }

  toWalk(): Walk {
    return {
      outcome: "complete",
      commitCount: this.#commitCount,
      parentsByCommit: this.#commitCount <= commitGraphMax ? this.#parents : new Map<string, readonly string[]>(),
      foreign: this.#foreign.length <= foreignObjectsMax ? this.#foreign : undefined,
    };
  }
}
