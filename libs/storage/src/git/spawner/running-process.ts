import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { stderrBytesMax } from "../limits.ts";
import type { GitExit, GitJob, GitProcess, KillReason } from "./git-process.ts";

/** The three streams of a process; without `stdin` it reads nothing. */
export interface ProcessStreams {
  readonly stdin: Socket | undefined;
  readonly stdout: Socket;
  readonly stderr: Socket;
}

/** The node's side of one process: its streams, its deadline, its end. */
export class RunningProcess implements GitProcess {
  readonly job: GitJob;
  readonly pid: number;
  readonly stdout: Readable;
  readonly exited: Promise<GitExit>;
  readonly #stdin: Socket | undefined;
  readonly #sendKill: () => void;
  readonly #onAbort = (): void => this.kill("abort");
  readonly #streams: ProcessStreams;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #exit = Promise.withResolvers<Omit<GitExit, "killedFor">>();
  #killedFor: KillReason | undefined;
  #stderr = "";

  constructor(
    job: GitJob,
    pid: number,
    streams: ProcessStreams,
    options: { readonly timeoutMs: number; readonly sendKill: () => void },
  ) {
    this.job = job;
    this.pid = pid;
    this.stdout = streams.stdout;
    this.#stdin = streams.stdin;
    this.#streams = streams;
    this.#sendKill = options.sendKill;
    streams.stdout.end(); // Nothing is ever written there; so it closes by itself at the end of git's output.
    streams.stderr.end();
    streams.stdin?.resume();
    const stderrEnded = this.#collectStderr(streams.stderr);
    if (options.timeoutMs > 0) this.#timer = setTimeout(() => this.kill("timeout"), options.timeoutMs);
    job.signal.addEventListener("abort", this.#onAbort, { once: true });
    this.exited = this.#settle(stderrEnded);
    if (job.signal.aborted) this.kill("abort");
  }

  get stdin(): Writable {
    if (this.#stdin === undefined) throw new TypeError("the job was started without stdin");
    return this.#stdin;
  }

  get stderr(): string {
    return this.#stderr;
  }

  kill(reason: KillReason): void {
    if (this.#killedFor !== undefined) return;
    this.#killedFor = reason;
    this.#sendKill();
  }

  /** The spawner says that the process ended. */
  onExited(code: number | null, signal: string | null): void {
    this.#exit.resolve({ code, signal });
  }

  /** The spawner died: nobody will tell how the process ended, so its group is killed from here. */
  onSpawnerLost(): void {
    this.#killedFor ??= "spawner-lost";
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
    for (const socket of [this.#streams.stdin, this.#streams.stdout, this.#streams.stderr]) socket?.destroy();
    this.#exit.resolve({ code: null, signal: "SIGKILL" });
  }

  async #settle(stderrEnded: Promise<void>): Promise<GitExit> {
    const [exit] = await Promise.all([this.#exit.promise, stderrEnded]);
    clearTimeout(this.#timer);
    this.job.signal.removeEventListener("abort", this.#onAbort);
    this.#stdin?.destroy();
    return this.#killedFor === undefined ? exit : { ...exit, killedFor: this.#killedFor };
  }

  #collectStderr(stderr: Socket): Promise<void> {
    stderr.setEncoding("utf8");
    stderr.on("data", (text: string) => {
      if (this.#stderr.length < stderrBytesMax) this.#stderr += text.slice(0, stderrBytesMax - this.#stderr.length);
      this.job.onStderr?.(text);
    });
    return new Promise((resolve) => stderr.once("close", () => resolve()));
  }
}
