import { spawn, type StdioOptions } from "node:child_process";
import { CliError } from "../cli-error.ts";
import { gitAnswerBytesMax, gitAnswerTimeoutMs } from "../limits.ts";
import type { Platform } from "../platform.ts";

/** How a git that was asked a question ended. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type GitPlatform = Pick<Platform, "cwd" | "environment" | "signal">;

/**
 * Asks git a local question and collects its answer.
 *
 * git is started with a fixed argument vector and never through a shell; callers put names from outside after `--` or in
 * a place where git takes no options. Throws `git-failed` when git is not installed or does not answer in time.
 */
export async function askGit(platform: GitPlatform, argv: readonly string[], cwd?: string): Promise<GitAnswer> {
  const child = startGit(platform, argv, {
    stdio: ["ignore", "pipe", "pipe"],
    cwd,
    signal: AbortSignal.any([platform.signal, AbortSignal.timeout(gitAnswerTimeoutMs)]),
  });
  const answer = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8").on("data", (text: string) => {
      if (answer[name].length < gitAnswerBytesMax) answer[name] += text;
    });
  }
  return { exitCode: await ended(child), ...answer };
}

/** Like {@link askGit}, for a question that must succeed: its standard output, trimmed. Throws `git-failed` otherwise. */
export async function askGitOrThrow(platform: GitPlatform, argv: readonly string[], cwd?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await askGit(platform, argv, cwd);
  if (exitCode !== 0) throw new CliError("git-failed", firstLine(stderr) || `git ${argv[0]} failed`);
  return stdout.trim();
}

/**
 * Lets git take over the terminal, for what a person watches (clone, push).
 *
 * What git says goes to standard error throughout, so that standard output holds the command's own answer only. Throws
 * `reported` with git's exit code.
 */
export async function runGit(
  platform: GitPlatform & Pick<Platform, "childOutput">,
  argv: readonly string[],
  cwd?: string,
): Promise<void> {
  const captured = platform.childOutput;
  const stdio: StdioOptions = captured === undefined ? ["inherit", 2, 2] : ["ignore", "pipe", "pipe"];
  const child = startGit(platform, argv, { stdio, cwd, signal: platform.signal });
  if (captured !== undefined) for (const stream of [child.stdout!, child.stderr!]) stream.pipe(captured.stderr);
  const exitCode = await ended(child);
  if (exitCode !== 0) throw new CliError("reported", `git ended with exit code ${exitCode}`, { exitCode });
}

function startGit(
  platform: GitPlatform,
  argv: readonly string[],
  o: { stdio: StdioOptions; cwd: string | undefined; signal: AbortSignal },
) {
  return spawn("git", argv, {
    cwd: o.cwd ?? platform.cwd,
    env: platform.environment,
    stdio: o.stdio,
    signal: o.signal,
  });
}

async function ended(child: ReturnType<typeof startGit>): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.on("error", (cause: NodeJS.ErrnoException) => {
      const isMissing = cause.code === "ENOENT";
      const message = isMissing ? "git is not installed" : `git was stopped: ${cause.message}`;
      reject(
        new CliError("git-failed", message, { cause, hint: isMissing ? "Install git 2.39 or newer." : undefined }),
      );
    });
    child.on("close", (code, signalName) => resolve(code ?? (signalName === "SIGINT" ? 130 : 1)));
  });
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0]!;
}
