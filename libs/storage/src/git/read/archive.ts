import type { ObjectId } from "@guts/primitives";
import { archiveBytesMax } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { assertSuccess, outputOf } from "../spawner/output.ts";

/** The files of a commit in one file. */
export interface ArchiveOptions {
  readonly commit: ObjectId;
  readonly format: "tar.gz" | "zip";
  /** The directory that all files are in, without a slash. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/**
 * Streams `git archive`, which leaves out what `.gitattributes` marks `export-ignore` and fills in `export-subst`. The same commit gives
 * the same bytes: times are the commit's, and gzip writes neither name nor time. Git ends when the consumer stops, when it has written
 * too much or taken too long; the stream then fails, so that nobody takes a part for the whole.
 */
export async function* archive(
  runner: GitRunner,
  place: RepositoryPlace,
  { commit, format, prefix, signal }: ArchiveOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const args = ["archive", `--format=${format}`, `--prefix=${prefix}/`, commit];
  const process = await runner.run({ class: "archive", args, repositoryPath: place.path, signal });
  yield* outputOf(process, archiveBytesMax);
  await assertSuccess(process);
}
