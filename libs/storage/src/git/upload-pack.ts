import { uploadPackBytesMax } from "./limits.ts";
import type { GitRunner } from "./spawner/git-process.ts";
import { assertSuccess, outputOf } from "./spawner/output.ts";

/** A fetch request whose wants were checked. */
export interface UploadPackOptions {
  readonly protocol: 0 | 1 | 2;
  /** The request's body; the caller has bounded it. */
  readonly body: Uint8Array;
  /**
   * Set to share the answer with all requests of this repository with the same key, and to keep it for later ones. It must
   * stand for everything that the answer depends on: the request without its agent, and the values of all refs. For
   * requests with `done` and without `have`, which is what a clone sends.
   */
  readonly cacheKey?: string;
  readonly signal: AbortSignal;
}

/**
 * Serves one fetch request with `git upload-pack --stateless-rpc`, in constant memory here: nothing is read from git
 * before the consumer asks for it. Git ends when the consumer stops or the signal aborts.
 *
 * Throws `git-failed` after the last byte when git ended with an error; then git has told the client what it could.
 */
export async function* uploadPack(
  runner: GitRunner,
  repositoryPath: string,
  options: UploadPackOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const process = await runner.run({
    class: "fetch",
    args: ["upload-pack", "--stateless-rpc", "--strict", repositoryPath],
    repositoryPath,
    ...(options.protocol === 0 ? {} : { environment: { GIT_PROTOCOL: `version=${options.protocol}` } }),
    stdin: true,
    signal: options.signal,
  });
  process.stdin.end(options.body);
  yield* outputOf(process, uploadPackBytesMax);
  await assertSuccess(process);
}
