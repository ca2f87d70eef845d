import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { GitEngineError } from "../errors.ts";
import { spawnerHeapMib } from "../limits.ts";
import type { SpawnerReport, SpawnerRequest, StartRequest } from "./spawner-protocol.ts";

/** What the spawner tells about one job. */
export interface JobListener {
  onStarted(pid: number): void;
  onFailed(error: GitEngineError): void;
  onExited(code: number | null, signal: string | null): void;
  onSpawnerLost(): void;
}

const program = fileURLToPath(new URL("./spawner-process.ts", import.meta.url));

/** One spawner process and the jobs that it has started. */
export class Spawner {
  readonly #child: ChildProcess;
  readonly #jobs = new Map<number, JobListener>();
  /** Settled when the process has ended, whatever the reason; its jobs know by then. */
  readonly ended: Promise<void>;

  constructor(configuration: Extract<SpawnerRequest, { type: "configure" }>) {
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.#child = fork(program, [], {
      execArgv: [`--max-old-space-size=${spawnerHeapMib}`, "--disable-warning=ExperimentalWarning"],
      env: {},
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const onEnd = (): void => {
      this.#onEnd();
      ended.resolve();
    };
    this.#child.on("message", (report: SpawnerReport) => this.#onReport(report));
    this.#child.once("exit", onEnd);
    this.#child.once("error", onEnd);
    this.#send(configuration);
  }

  /** Jobs under way. */
  get jobCount(): number {
    return this.#jobs.size;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(request: StartRequest, listener: JobListener): void {
    this.#jobs.set(request.job, listener);
    this.#send(request);
  }

  kill(job: number): void {
    if (this.#jobs.has(job)) this.#send({ type: "kill", job });
  }

  /** Closes the channel; the process kills its jobs and exits. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
  }

  /** A message that cannot be sent means that the process is ending, which `exit` reports. */
  #send(request: SpawnerRequest): void {
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }

  #onReport(report: SpawnerReport): void {
    const listener = this.#jobs.get(report.job);
    switch (report.type) {
      case "started":
        listener?.onStarted(report.pid);
        break;
      case "failed":
        this.#jobs.delete(report.job);
        listener?.onFailed(new GitEngineError("git-unusable", "git cannot be started", { found: report.message }));
        break;
      case "exited":
        this.#jobs.delete(report.job);
        listener?.onExited(report.code, report.signal);
        break;
    }
  }

  #onEnd(): void {
    const listeners = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const listener of listeners) listener.onSpawnerLost();
  }
}
