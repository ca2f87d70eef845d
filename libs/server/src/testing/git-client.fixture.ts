/** The stock git client in a scratch directory, with nothing of the host's configuration. */
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a git command printed, and how it ended. */
export interface GitRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A working directory of git. */
export class GitClient {
  readonly directory: string;
  /** Variables that git gets beside its usual ones. */
  readonly environment: Record<string, string> = {};
  #date = 1_700_000_000;

  constructor(parent: string) {
    this.directory = mkdtempSync(join(parent, "client-"));
  }

  /** Runs git here; never throws for a git that fails. */
  run(...args: readonly string[]): Promise<GitRun> {
    return this.runProgram("git", args);
  }

  /** Runs another program here, such as ssh. */
  runProgram(program: string, args: readonly string[]): Promise<GitRun> {
    const date = `${this.#date} +0000`;
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.directory,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.org",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.org",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      ...this.environment,
    };
    return new Promise((resolve) => {
      execFile(program, args, { cwd: this.directory, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** Runs git and returns what it printed; throws when it fails. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new TypeError(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  }

  /** Makes a repository with one commit on main and the remote `origin`. */
  async init(remote: string, ...options: readonly string[]): Promise<void> {
    await this.must("init", "-q", "-b", "main", ...options);
    await this.must("remote", "add", "origin", remote);
    await this.commit("README.md", "# Hello\n");
  }

  /** Commits one file and returns the commit's id. */
  async commit(path: string, text: string, message = `add ${path}`): Promise<string> {
    this.#date += 60;
    await mkdir(dirname(join(this.directory, path)), { recursive: true });
    await writeFile(join(this.directory, path), text);
    await this.must("add", "--", path);
    await this.must("commit", "-q", "-m", message);
    return this.must("rev-parse", "HEAD");
  }
}
