/** Somebody who pushes to a network: to any node, again and again, and remembers what they were promised. */
import { join } from "node:path";

import type { GitResult, GitRunner } from "../harness/git.ts";
import type { Members } from "./members.ts";
import type { Swap } from "./history.ts";

/** Where a writer works. */
export interface WriterOptions {
  readonly members: Members;
  readonly git: GitRunner;
  readonly login: string;
  readonly repository: string;
}

/** A push and what became of it. */
export interface Pushed {
  readonly commit: string;
  readonly result: GitResult;
  readonly tookMs: number;
}

/** Makes a repository at a node, with one commit on main, and a writer for it. */
export async function startWriter(options: WriterOptions, at: number): Promise<Writer> {
  const { members, git, login, repository } = options;
  await members.client(at, login).call("POST /api/v3/user/repos", { body: { name: repository } });
  const workTree = join(git.folder, repository);
  await git.run(["init", "-q", workTree]);
  const writer = new Writer(options, workTree);
  await git.commit(workTree, "README.md", `# ${repository}\n`);
  const first = await writer.push(at);
  if (first.result.exitCode !== 0) throw new Error(first.result.stderr);
  return writer;
}

export class Writer {
  readonly #options: WriterOptions;
  readonly workTree: string;
  #count = 0;

  constructor(options: WriterOptions, workTree: string) {
    this.#options = options;
    this.workTree = workTree;
  }

  get fullName(): string {
    return `${this.#options.login}/${this.#options.repository}`;
  }

  /** Commits something new and pushes main to a node. */
  async commitAndPush(at: number): Promise<Pushed> {
    this.#count += 1;
    await this.#options.git.commit(this.workTree, `file-${this.#count}.txt`, `${this.#count}\n`);
    return this.push(at);
  }

  /** Pushes main as it is. */
  async push(at: number): Promise<Pushed> {
    const { git } = this.#options;
    const commit = await git.run(["-C", this.workTree, "rev-parse", "HEAD"]);
    const startedAt = performance.now();
    const result = await git.try(["-C", this.workTree, "push", this.url(at), "HEAD:refs/heads/main"]);
    return { commit, result, tookMs: performance.now() - startedAt };
  }

  /** What a node says that main is. */
  async readMain(at: number): Promise<string> {
    const line = await this.#options.git.run(["ls-remote", this.url(at), "refs/heads/main"]);
    return line.split("\t")[0] ?? "";
  }

  /** A commit that nobody else makes, on `parent`. */
  async makeCommit(message: string, parent: string): Promise<string> {
    const { git } = this.#options;
    return git.run(["-C", this.workTree, "commit-tree", `${parent}^{tree}`, "-p", parent, "-m", message]);
  }

  /** One compare-and-swap of a branch at a node, as the history checker takes it. */
  async swap(at: number, branch: string, { from, to }: Pick<Swap, "from" | "to">): Promise<Swap> {
    const lease = `--force-with-lease=refs/heads/${branch}:${from}`;
    const start = performance.now();
    const push = ["-C", this.workTree, "push", lease, this.url(at), `${to}:refs/heads/${branch}`];
    const { exitCode, stderr } = await this.#options.git.try(push);
    const outcome = exitCode === 0 ? "moved" : isRefusal(stderr) ? "refused" : "unknown";
    return { start, end: outcome === "unknown" ? Infinity : performance.now(), from, to, outcome };
  }

  url(at: number): string {
    const { members, login } = this.#options;
    return members.remote(at, login, this.fullName);
  }
}

/** Whether git was told, or saw by itself, that the ref is elsewhere; anything else may or may not have taken effect. */
function isRefusal(stderr: string): boolean {
  return /stale info|fetch first|cannot lock ref|nothing can be written/.test(stderr);
}
