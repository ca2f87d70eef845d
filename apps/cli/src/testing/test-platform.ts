/** A platform in memory for tests: captured outputs, scripted answers, a home of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { CliError } from "../cli-error.ts";
import type { Output, Platform } from "../platform.ts";
import { run } from "../run.ts";
import type { Prompts } from "../terminal/prompts.ts";

/** What a run of the command left behind. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How one run differs from an ordinary one in a pipe. */
export interface RunOptions {
  readonly stdin?: string;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether standard output and error are terminals. */
  readonly isTerminal?: boolean;
  readonly columns?: number;
  /** Answers to prompts in order; giving any makes the run interactive. */
  readonly answers?: readonly (string | boolean)[];
  readonly fetch?: typeof globalThis.fetch;
}

/** A person's machine: a home directory that stays from run to run, and git configured for nobody. */
export interface TestMachine extends AsyncDisposable {
  readonly home: string;
  readonly configDirectory: string;
  /** Addresses that a browser was opened at, in order. */
  readonly opened: readonly string[];
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** The environment that its commands see. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The time of {@link TestMachine} runs: 2026-11-20T12:00:00Z. */
export const testNowMs = Date.UTC(2026, 10, 20, 12);

/** Sets up a machine. `selfCommand` is what git runs as credential helper. */
export async function createTestMachine(selfCommand: readonly string[] = ["guts"]): Promise<TestMachine> {
  const home = await mkdtemp(join(tmpdir(), "guts-cli-"));
  const environment = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "A",
    GIT_AUTHOR_EMAIL: "a@example.org",
    GIT_COMMITTER_NAME: "A",
    GIT_COMMITTER_EMAIL: "a@example.org",
    LC_ALL: "C.UTF-8",
  };
  const opened: string[] = [];
  return {
    home,
    environment,
    configDirectory: join(home, ".config", "guts"),
    opened,
    run: async (argv, options = {}) => await runOnce({ home, environment, opened, selfCommand }, argv, options),
    [Symbol.asyncDispose]: async () => await rm(home, { recursive: true, force: true }),
  };
}

interface Machine {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly opened: string[];
  readonly selfCommand: readonly string[];
}

async function runOnce(machine: Machine, argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const { isTerminal = false, columns = 100, answers } = options;
  const stdout = captured(isTerminal, columns);
  const stderr = captured(isTerminal, columns);
  const prompts = scriptedPrompts([...(answers ?? [])]);
  const childOutput = new PassThrough();
  childOutput.setEncoding("utf8").on("data", (text: string) => stderr.output.write(text));
  const platform: Platform = {
    environment: { ...machine.environment, ...options.environment },
    cwd: options.cwd ?? machine.home,
    home: machine.home,
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout: stdout.output,
    stderr: stderr.output,
    isInteractive: answers !== undefined,
    selfCommand: machine.selfCommand,
    fetch: options.fetch ?? globalThis.fetch,
    now: () => testNowMs,
    signal: new AbortController().signal,
    openPrompts: async () => await Promise.resolve(prompts),
    openBrowser: async (url) => {
      machine.opened.push(url);
      return await Promise.resolve();
    },
    childOutput: { stdout: childOutput, stderr: childOutput },
  };
  const exitCode = await run(argv, platform);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function captured(isTerminal: boolean, columns: number): { readonly output: Output; readonly text: () => string } {
  const chunks: Uint8Array[] = [];
  const write = (text: string | Uint8Array) => void chunks.push(Buffer.from(text as string));
  return { output: { isTerminal, columns, write }, text: () => Buffer.concat(chunks).toString("utf8") };
}

/** Prompts that take prepared answers in order, hold them to the question's check, and are cancelled when none is left. */
function scriptedPrompts(answers: (string | boolean)[]): Prompts {
  const next = (): string | boolean => {
    const answer = answers.shift();
    if (answer === undefined) throw new CliError("cancelled", "cancelled");
    return answer;
  };
  const checked = (answer: string, check: ((answer: string) => string | undefined) | undefined) => {
    const problem = check?.(answer);
    if (problem !== undefined) throw new CliError("cancelled", `refused answer "${answer}": ${problem}`);
    return answer;
  };
  return {
    text: async ({ check }) => await Promise.resolve(checked(String(next()), check)),
    secret: async ({ check }) => await Promise.resolve(checked(String(next()), check)),
    confirm: async () => await Promise.resolve(next() === true),
    select: async () => (await Promise.resolve(next())) as never,
  };
}
