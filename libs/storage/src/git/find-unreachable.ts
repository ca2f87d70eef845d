import type { ObjectId } from "@guts/primitives";
import { unreachableCheckTimeoutMs } from "./limits.ts";
import type { GitProcess, GitRunner } from "./spawner/git-process.ts";
import { assertSuccess, collect, linesOf } from "./spawner/output.ts";

/** What to look for, and from where. */
export interface FindUnreachableOptions {
  readonly repositoryPath: string;
  readonly wants: readonly ObjectId[];
  readonly tips: Iterable<ObjectId>;
  readonly signal: AbortSignal;
}

/** The wants that are not objects of this repository at all. */
export async function findMissing(
  runner: GitRunner,
  options: Omit<FindUnreachableOptions, "tips">,
): Promise<readonly ObjectId[]> {
  const { output } = await collect(
    runner,
    {
      class: "read",
      args: ["cat-file", "--batch-check=%(objectname)"],
      repositoryPath: options.repositoryPath,
      signal: options.signal,
    },
    { input: options.wants.map((id) => `${id}\n`).join("") },
  );
  return output
    .toString("latin1")
    .split("\n")
    .filter((line) => line.endsWith(" missing"))
    .map((line) => line.slice(0, -" missing".length) as ObjectId);
}

/**
 * The wants that no tip reaches, exactly.
 *
 * 1. What `wants ^tips` does not list is reached: git only leaves out what it met on its way from a tip. For commits the
 *    listing is exact, for other objects too where a bitmap covers the tips.
 * 2. A tag, tree or blob that is still listed is looked for among everything that the tips reach; that walk ends when
 *    all are found. Throws `timeout` when a walk takes too long: not knowing is not a yes.
 */
export async function findUnreachable(
  runner: GitRunner,
  options: FindUnreachableOptions,
): Promise<readonly ObjectId[]> {
  const missing = await findMissing(runner, options);
  const present = new Set(options.wants).difference(new Set(missing));
  if (present.size === 0) return missing;
  const tips = [...options.tips];
  const listed = await listedOf(runner, options, present, tips);
  const commits = await commitsAmong(runner, options, listed);
  const others = listed.difference(commits);
  const found = others.size === 0 ? new Set<ObjectId>() : await reachedOf(runner, options, others, tips);
  return [...missing, ...commits, ...others.difference(found)];
}

async function listedOf(
  runner: GitRunner,
  options: FindUnreachableOptions,
  wants: ReadonlySet<ObjectId>,
  tips: readonly ObjectId[],
): Promise<Set<ObjectId>> {
  const process = await startWalk(runner, options);
  process.stdin.end([...Array.from(wants, (id) => `${id}\n`), ...tips.map((id) => `^${id}\n`)].join(""));
  const listed = new Set<ObjectId>();
  for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) {
    for (const line of lines) if (wants.has(line as ObjectId)) listed.add(line as ObjectId);
  }
  await assertSuccess(process);
  return listed;
}

async function reachedOf(
  runner: GitRunner,
  options: FindUnreachableOptions,
  wants: ReadonlySet<ObjectId>,
  tips: readonly ObjectId[],
): Promise<Set<ObjectId>> {
  const process = await startWalk(runner, options);
  process.stdin.end(tips.map((id) => `${id}\n`).join(""));
  const found = new Set<ObjectId>();
  for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) {
    for (const line of lines) if (wants.has(line as ObjectId)) found.add(line as ObjectId);
    if (found.size === wants.size) return found;
  }
  await assertSuccess(process);
  return found;
}

function startWalk(runner: GitRunner, options: FindUnreachableOptions): Promise<GitProcess> {
  return runner.run({
    class: "read",
    args: ["rev-list", "--objects", "--use-bitmap-index", "--no-object-names", "--stdin"],
    repositoryPath: options.repositoryPath,
    stdin: true,
    limits: { timeoutMs: unreachableCheckTimeoutMs },
    signal: options.signal,
  });
}

async function commitsAmong(
  runner: GitRunner,
  options: FindUnreachableOptions,
  ids: ReadonlySet<ObjectId>,
): Promise<Set<ObjectId>> {
  if (ids.size === 0) return new Set();
  const { output } = await collect(
    runner,
    {
      class: "read",
      args: ["cat-file", "--batch-check=%(objecttype) %(objectname)"],
      repositoryPath: options.repositoryPath,
      signal: options.signal,
    },
    { input: Array.from(ids, (id) => `${id}\n`).join("") },
  );
  const lines = output.toString("latin1").split("\n");
  return new Set(lines.filter((line) => line.startsWith("commit ")).map((line) => line.slice(7) as ObjectId));
}
