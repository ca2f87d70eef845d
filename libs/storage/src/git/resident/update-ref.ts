import { GitEngineError } from "../errors.ts";
import { residentRequestTimeoutMs } from "../limits.ts";
import type { GitProcess, GitRunner } from "../spawner/git-process.ts";
import type { Resident } from "./resident-pool.ts";

/**
 * A `git update-ref --stdin` that stays: 1 ms a transaction instead of 5 ms for a process.
 *
 * One transaction at a time; the caller holds the repository's lock. Git ends at the first error, so does this.
 */
export class UpdateRef implements Resident {
  readonly #process: GitProcess;
  #isRetired = false;
  #hasEnded = false;
  #said = "";
  #onSaid: () => void = () => undefined;

  private constructor(process: GitProcess) {
    this.#process = process;
    process.stdout.on("data", (chunk: Buffer) => {
      this.#said += chunk.toString("latin1");
      this.#onSaid();
    });
    void process.exited.then(() => {
      this.#hasEnded = true;
      this.#onSaid();
    });
  }

  static async start(runner: GitRunner, repositoryPath: string, signal: AbortSignal): Promise<UpdateRef> {
    const args = ["update-ref", "--no-deref", "--stdin"];
    return new UpdateRef(await runner.run({ class: "resident", args, repositoryPath, stdin: true, signal }));
  }

  get isUsable(): boolean {
    return !this.#isRetired && !this.#hasEnded;
  }

  /** Runs the commands as one transaction. Throws `ref-conflict` when git refuses it. */
  async transact(commands: readonly string[]): Promise<void> {
    if (!this.isUsable) throw new GitEngineError("spawner-lost", "the ref writer has ended", undefined);
    const timer = setTimeout(() => this.#process.kill("timeout"), residentRequestTimeoutMs);
    try {
      this.#said = "";
      this.#process.stdin.write(`start\n${commands.join("\n")}\nprepare\ncommit\n`);
      while (!this.#said.endsWith("commit: ok\n")) {
        if (this.#hasEnded) await this.#fail();
        await new Promise<void>((resolve) => (this.#onSaid = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  retire(): void {
    if (!this.isUsable) return;
    this.#isRetired = true;
    this.#process.stdin.end();
  }

  async #fail(): Promise<never> {
    const { killedFor } = await this.#process.exited;
    if (killedFor === undefined) {
      const stderr = this.#process.stderr;
      throw new GitEngineError("ref-conflict", "git refused to set the refs", { stderr });
    }
    if (killedFor === "timeout") {
      throw new GitEngineError("timeout", "setting refs took too long", { timeoutMs: residentRequestTimeoutMs });
    }
    throw new GitEngineError("spawner-lost", "git was ended while it set refs", undefined);
  }
}
