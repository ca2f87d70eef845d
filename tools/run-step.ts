import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { finished } from "node:stream/promises";

import { createProgress, type Progress } from "./progress.ts";

/** A child process whose output goes to a file while one line of progress is shown. */
export interface Step {
  readonly title: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Killed with everything it started when it takes longer; no limit when absent. */
  readonly timeoutMs?: number;
}

/** How a step ended. `exitCode` is undefined when a signal or the time limit ended it. */
export interface StepOutcome {
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  readonly isTimedOut: boolean;
}

const tailLineCount = 40;

/** The last lines of a log, for a reader who wants to know what went wrong without opening it. */
export function tailOf(logFile: string, lineCount = tailLineCount): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-lineCount).join("\n");
}

/**
 * Runs `step` in a process group of its own and waits for it.
 *
 * Success prints one line with the seconds it took; failure prints the tail of the log too. Never throws for a failing child.
 */
export async function runStep(step: Step, progress: Progress = createProgress()): Promise<StepOutcome> {
  const started = performance.now();
  const [file, ...args] = step.argv;
  const log = createWriteStream(step.logFile);
  const child = spawn(file!, args, {
    cwd: step.cwd,
    env: step.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const endProgress = progress.begin(step.title);
  const killGroup = () => signalGroup(child.pid, "SIGKILL");
  let isTimedOut = false;
  const timer = setTimeout(
    () => {
      isTimedOut = true;
      killGroup();
    },
    step.timeoutMs ?? 2 ** 31 - 1,
  );
  const forward = (signal: NodeJS.Signals) => {
    signalGroup(child.pid, signal);
    process.exitCode = 130;
  };
  process.on("SIGINT", forward).on("SIGTERM", forward).on("exit", killGroup);

  const exitCode = await new Promise<number | undefined>((resolve) => {
    child.once("error", (error) => {
      log.write(`${String(error)}\n`);
      resolve(undefined);
    });
    child.once("close", (code) => resolve(code ?? undefined));
  });
  clearTimeout(timer);
  process.off("SIGINT", forward).off("SIGTERM", forward).off("exit", killGroup);
  signalGroup(child.pid, "SIGKILL"); // Whatever it left behind would disturb the next step.
  log.end();
  await finished(log);

  const outcome = { exitCode, durationMs: performance.now() - started, isTimedOut };
  endProgress(describeEnd(step, outcome));
  return outcome;
}

function describeEnd({ title, logFile }: Step, { exitCode, durationMs, isTimedOut }: StepOutcome): string {
  const seconds = (durationMs / 1000).toFixed(1);
  if (exitCode === 0) return `${title}: done in ${seconds} s`;
  const how = isTimedOut ? "stopped at its time limit" : `failed (${exitCode ?? "ended by a signal"})`;
  return `${title}: ${how} after ${seconds} s. The end of ${logFile}:\n${tailOf(logFile)}`;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone, which is what the caller wants.
  }
}
