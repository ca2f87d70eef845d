import type { ObjectId } from "@guts/primitives";
import { uploadPackBytesMax } from "../limits.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { assertSuccess, outputOf } from "../spawner/output.ts";

/** What another node lacks. */
export interface PackObjectsOptions {
  readonly wants: readonly ObjectId[];
  /** Objects that the other node has with all that they reach. Each must be here. */
  readonly haves: readonly ObjectId[];
  /** Deltas may build on objects that the haves reach, which the pack then lacks. */
  readonly isThin: boolean;
  /** Added to git's environment, to see the objects of a quarantine. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * A pack of everything that the wants reach and the haves do not, as git makes it. Git ends when the consumer stops.
 *
 * Throws `git-failed` after the last byte when git ended with an error; what was yielded is then no whole pack.
 */
export async function* packObjects(
  runner: GitRunner,
  repositoryPath: string,
  { wants, haves, isThin, environment = {}, signal }: PackObjectsOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const thin = isThin ? ["--thin"] : [];
  const process = await runner.run({
    class: "fetch",
    args: ["pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset", ...thin],
    repositoryPath,
    environment,
    stdin: true,
    signal,
  });
  process.stdin.end([...wants.map((id) => `${id}\n`), ...haves.map((id) => `^${id}\n`)].join(""));
  yield* outputOf(process, uploadPackBytesMax);
  await assertSuccess(process);
}
