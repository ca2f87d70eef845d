import { GitEngineError } from "../errors.ts";
import { collectedBytesMax } from "../limits.ts";
import type { GitExit, GitJob, GitProcess, GitRunner } from "./git-process.ts";

/**
 * Ends well or throws: the signal's reason when aborted, `timeout`, `output-too-large`, `spawner-lost`, `closed`, or
 * `git-failed` for an exit code that is not in `accepted`.
 */
export async function assertSuccess(process: GitProcess, accepted: readonly number[] = [0]): Promise<GitExit> {
  const exit = await process.exited;
  switch (exit.killedFor) {
    case "abort":
      throw process.job.signal.reason as Error;
    case "timeout":
      throw new GitEngineError("timeout", `git ${commandOf(process)} took too long`, {
        timeoutMs: process.job.limits?.timeoutMs ?? 0,
      });
    case "output":
      throw new GitEngineError("output-too-large", `git ${commandOf(process)} said too much`, { outputBytesMax: 0 });
    case "spawner-lost":
      throw new GitEngineError("spawner-lost", "the process that starts git ended", undefined);
    case "closed":
      throw new GitEngineError("closed", "the git engine is closed", undefined);
    case undefined:
      break;
  }
  if (exit.code !== null && accepted.includes(exit.code)) return exit;
  throw new GitEngineError("git-failed", `git ${commandOf(process)} failed`, {
    exitCode: exit.code,
    signal: exit.signal,
    stderr: process.stderr,
  });
}

/** Git's command: what comes after the settings of `-c name=value`. */
function commandOf({ job: { args } }: GitProcess): string {
  const at = args.findIndex((argument, index) => argument !== "-c" && args[index - 1] !== "-c");
  return args[at] ?? "";
}

/** Git's output in pieces, pulled; the process is killed when the consumer stops early or `bytesMax` is passed. */
export async function* outputOf(process: GitProcess, bytesMax: number): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  let isDone = false;
  try {
    for await (const chunk of process.stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        process.kill("output");
        break;
      }
      yield chunk;
    }
    isDone = true;
  } catch (error) {
    if (!isStreamError(error)) throw error;
    isDone = true; // A broken pipe is told by the exit of the process.
  } finally {
    if (!isDone) process.kill("abort");
    process.stdout.destroy();
  }
}

/**
 * The lines of git's output without their ends, as latin-1 so that no byte is lost; in batches, one per read. A last line
 * without an end is what a process was writing when it died: it is left out.
 */
export async function* linesOf(process: GitProcess, bytesMax: number): AsyncGenerator<string[], void, undefined> {
  let rest = "";
  for await (const chunk of outputOf(process, bytesMax)) {
    const lines = (rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1")).split("\n");
    rest = lines.pop()!;
    yield lines;
  }
}

/** What to write to git before its output is collected, and what its exit may be. */
export interface CollectOptions {
  readonly input?: string | Uint8Array;
  readonly bytesMax?: number;
  readonly acceptedCodes?: readonly number[];
}

/** Runs git to its end and returns its output; throws as {@link assertSuccess}. */
export async function collect(
  runner: GitRunner,
  job: GitJob,
  options: CollectOptions = {},
): Promise<{ readonly output: Buffer; readonly exitCode: number | null }> {
  const process = await runner.run(options.input === undefined ? job : { ...job, stdin: true });
  if (options.input !== undefined) process.stdin.end(options.input);
  const chunks: Uint8Array[] = [];
  for await (const chunk of outputOf(process, options.bytesMax ?? collectedBytesMax)) chunks.push(chunk);
  const { code } = await assertSuccess(process, options.acceptedCodes);
  return { output: Buffer.concat(chunks), exitCode: code };
}

function isStreamError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ABORT_ERR";
}
