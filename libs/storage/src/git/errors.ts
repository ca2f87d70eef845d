import { GutsError } from "@guts/primitives";

/**
 * What can go wrong while git works for us. Whether to retry:
 *
 * - `busy`: a queue is full; retry later. `spawner-lost`: the process that starts git died; retry once.
 * - `timeout`, `output-too-large`: a limit ended the work; the same call will end the same way.
 * - `git-failed`: git ended with an error that the caller could not foresee. `git-unusable`: no git, or one too old.
 * - `repository-missing`: nothing is stored under this id. `ref-conflict`: the refs on disk do not fit the update;
 *   rebuild them. `protocol-violation`: a long-lived git process answered what it never should.
 * - `closed`: the engine was disposed.
 */
export interface GitEngineErrorData {
  busy: { readonly class: string };
  "spawner-lost": undefined;
  timeout: { readonly timeoutMs: number };
  "output-too-large": { readonly outputBytesMax: number };
  "git-failed": { readonly exitCode: number | null; readonly signal: string | null; readonly stderr: string };
  "git-unusable": { readonly found: string };
  "repository-missing": { readonly path: string };
  "ref-conflict": { readonly stderr: string };
  "protocol-violation": undefined;
  closed: undefined;
}

/** A code of {@link GitEngineError}. */
export type GitEngineErrorCode = keyof GitEngineErrorData;

/** A failure of the git engine; a refusal of what a client sent is a value instead. */
export class GitEngineError<Code extends GitEngineErrorCode = GitEngineErrorCode> extends GutsError<
  Code,
  GitEngineErrorData[Code]
> {
  /** Whether it passes by itself: a queue that empties, a process that is started again. */
  get isRetryable(): boolean {
    return this.code === "busy" || this.code === "spawner-lost";
  }
}

/** Whether `error` is a {@link GitEngineError} with this code. */
export function isGitEngineError<Code extends GitEngineErrorCode>(
  error: unknown,
  code: Code,
): error is GitEngineError<Code> {
  return error instanceof GitEngineError && error.code === code;
}
