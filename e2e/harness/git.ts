import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a run of git left behind. */
export interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How one run differs from the usual one. */
export interface GitRunOptions {
  /** Where to run; default the runner's folder. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sent to standard input. */
  readonly input?: string | Uint8Array;
}

/** A person with the git program, a home folder of their own, and no settings of this machine. */
export interface GitRunner {
  readonly folder: string;
  /** Runs git and answers what happened, whatever it was. */
  try(args: readonly string[], options?: GitRunOptions): Promise<GitResult>;
  /** Runs git, throws when it fails, and answers its standard output without the last newline. */
  run(args: readonly string[], options?: GitRunOptions): Promise<string>;
  /** Writes a file in a work tree, commits it, and answers the commit's object id. */
  commit(workTree: string, path: string, text: string, message?: string): Promise<string>;
}

/** Makes a runner whose home and work are in `folder`. */
export function createGitRunner(folder: string): GitRunner {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, ".gitconfig"),
    "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n",
  );
  const baseEnv = {
    PATH: process.env["PATH"],
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    LC_ALL: "C",
  };
  const attempt = (args: readonly string[], { cwd, env, input }: GitRunOptions = {}): Promise<GitResult> =>
    runProgram("git", args, { cwd: cwd ?? folder, env: { ...baseEnv, ...env }, input });
  const run = async (args: readonly string[], options?: GitRunOptions): Promise<string> => {
    const { exitCode, stdout, stderr } = await attempt(args, options);
    if (exitCode !== 0) throw new Error(`git ${args.join(" ")} failed (${exitCode}):\n${stderr}${stdout}`);
    return stdout.replace(/\n$/, "");
  };
  return {
    folder,
    try: attempt,
    run,
    async commit(workTree, path, text, message = `Write ${path}`) {
      const file = join(workTree, path);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, text);
      await run(["-C", workTree, "add", "--", path]);
      await run(["-C", workTree, "commit", "-q", "-m", message]);
      return run(["-C", workTree, "rev-parse", "HEAD"]);
    },
  };
}

interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array | undefined;
}

/** Runs a program to its end and collects what it says. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, input }: ProgramOptions,
): Promise<GitResult> {
  const child = spawn(file, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on("error", () => {}); // The program may end without reading its input.
  child.stdin.end(input);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
  return { exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}
