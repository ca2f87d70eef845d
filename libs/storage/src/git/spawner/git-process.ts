import type { Readable, Writable } from "node:stream";
import type { GitJobClass, GitJobLimits } from "../limits.ts";

/** Why a process was ended before it was done. */
export type KillReason = "abort" | "timeout" | "output" | "closed" | "spawner-lost";

/** How a process ended. */
export interface GitExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when we ended it. */
  readonly killedFor?: KillReason;
}

/** One run of git. */
export interface GitJob {
  readonly class: GitJobClass;
  readonly args: readonly string[];
  /** Absolute path of the repository, given to git as GIT_DIR; absent for commands that need none. */
  readonly repositoryPath?: string;
  /** Added to the engine's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the caller will write to it; otherwise git reads nothing. */
  readonly stdin?: boolean;
  /** Overrides of the class's bounds. */
  readonly limits?: Partial<Pick<GitJobLimits, "timeoutMs" | "cpuSeconds" | "addressSpaceBytes">>;
  /** Called with each piece of error output as it comes (progress). */
  readonly onStderr?: (text: string) => void;
  /** Ends the whole process group. */
  readonly signal: AbortSignal;
}

/** A running git. Its streams carry backpressure in both directions; errors of the pipes show as its exit. */
export interface GitProcess {
  readonly job: GitJob;
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** The error output until now, at most `stderrBytesMax` of it. */
  readonly stderr: string;
  /** Never rejects. Settled when the process and its error output have ended. */
  readonly exited: Promise<GitExit>;
  kill(reason: KillReason): void;
}

/** Starts git under the limits of the job's class. */
export interface GitRunner {
  /** Throws `busy`, `spawner-lost`, `git-unusable` or `closed`, or the signal's reason. */
  run(job: GitJob): Promise<GitProcess>;
}
