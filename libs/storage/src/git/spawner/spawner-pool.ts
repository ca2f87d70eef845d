import { existsSync } from "node:fs";
import { GitEngineError } from "../errors.ts";
import {
  type GitJobClass,
  type GitJobLimits,
  gitJobLimits,
  spawnerCountDefault,
  spawnerRestartDelayMs,
  spawnerRestartDelayMsMax,
} from "../limits.ts";
import type { GitJob, GitProcess, GitRunner } from "./git-process.ts";
import { type ProcessStreams, RunningProcess } from "./running-process.ts";
import { Semaphore } from "./semaphore.ts";
import { Spawner } from "./spawner.ts";
import type { StartRequest } from "./spawner-protocol.ts";
import { type ExpectedConnection, StdioServer } from "./stdio-server.ts";

/** How git is started. */
export interface SpawnerPoolOptions {
  /** The git program: a name looked up in the environment's PATH, or a path. */
  readonly gitPath: string;
  /** The whole environment of every git process; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly spawnerCount?: number;
  readonly limits?: Partial<Record<GitJobClass, Partial<GitJobLimits>>>;
}

/**
 * Starts git through small spawner processes and puts every run under the limits of its class.
 *
 * The node itself never calls spawn() for git: fork copies the page tables of the caller, so it blocks the event loop
 * for about 30 ms per GB of memory. A spawner that dies is replaced; its jobs end with `spawner-lost`.
 */
export class SpawnerPool implements GitRunner, AsyncDisposable {
  readonly #options: SpawnerPoolOptions;
  readonly #server: StdioServer;
  readonly #spawners: Spawner[] = [];
  readonly #semaphores: Readonly<Record<GitJobClass, Semaphore>>;
  readonly #limits: Readonly<Record<GitJobClass, GitJobLimits>>;
  readonly #running = new Set<RunningProcess>();
  /** Prefix of every command: applies the kernel's limits where prlimit(1) exists. */
  #hasPrlimit = false;
  #nextJob = 1;
  #isClosed = false;

  private constructor(options: SpawnerPoolOptions, server: StdioServer) {
    this.#options = options;
    this.#server = server;
    this.#limits = mergeLimits(options.limits ?? {});
    this.#semaphores = mapClasses(
      (name) => new Semaphore(name, this.#limits[name].concurrentMax, this.#limits[name].queueMax),
    );
  }

  /** Starts the spawners and looks for prlimit(1). */
  static async open(options: SpawnerPoolOptions): Promise<SpawnerPool> {
    const pool = new SpawnerPool(options, await StdioServer.open());
    for (let index = 0; index < (options.spawnerCount ?? spawnerCountDefault); index++) pool.#addSpawner(0);
    pool.#hasPrlimit = await pool.#findPrlimit();
    return pool;
  }

  /** Process ids of the spawners that live, for tests and diagnostics. */
  get spawnerPids(): readonly number[] {
    return this.#spawners.flatMap((spawner) => (spawner.isAlive ? (spawner.pid ?? []) : []));
  }

  async run(job: GitJob): Promise<GitProcess> {
    job.signal.throwIfAborted();
    if (this.#isClosed) throw closedError();
    const release = await this.#semaphores[job.class].acquire(job.signal);
    try {
      const process = await this.#start(job, this.#commandLine(job));
      void process.exited.then(release);
      return process;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Kills what runs, ends the spawners, removes the socket. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ends = [...this.#running].map((process) => {
      process.kill("closed");
      return process.exited;
    });
    await Promise.all(this.#spawners.map((spawner) => spawner.stop()));
    await Promise.all(ends);
    await this.#server[Symbol.asyncDispose]();
  }

  #commandLine(job: GitJob): readonly string[] {
    const command = [this.#options.gitPath, ...job.args];
    if (job.class === "maintenance") command.unshift(...LOW_PRIORITY);
    if (!this.#hasPrlimit) return command;
    const { cpuSeconds, addressSpaceBytes } = { ...this.#limits[job.class], ...job.limits };
    const limits = ["--core=0"];
    if (cpuSeconds > 0) limits.push(`--cpu=${cpuSeconds}`);
    if (addressSpaceBytes > 0) limits.push(`--as=${addressSpaceBytes}`);
    return ["prlimit", ...limits, "--", ...command];
  }

  async #start(job: GitJob, [file, ...args]: readonly string[]): Promise<RunningProcess> {
    if (this.#isClosed) throw closedError();
    const spawner = this.#leastBusySpawner();
    const stdin = job.stdin === true ? this.#server.expect() : undefined;
    const stdout = this.#server.expect();
    const stderr = this.#server.expect();
    const id = this.#nextJob++;
    const request: StartRequest = {
      type: "start",
      job: id,
      file: file!,
      args,
      environment: environmentOf(job),
      cwd: job.repositoryPath ?? "/",
      stdoutTicket: stdout.ticket,
      stderrTicket: stderr.ticket,
      ...(stdin === undefined ? {} : { stdinTicket: stdin.ticket }),
    };
    return this.#launch(job, spawner, { request, stdin, stdout, stderr });
  }

  async #launch(job: GitJob, spawner: Spawner, start: Start): Promise<RunningProcess> {
    const { request, stdin, stdout, stderr } = start;
    const outcome = Promise.withResolvers<number>();
    let running: RunningProcess | undefined;
    let exit: readonly [number | null, string | null] | undefined;
    let isLost = false;
    spawner.start(request, {
      onStarted: outcome.resolve,
      onFailed: outcome.reject,
      onExited: (code, signal) => {
        exit = [code, signal];
        running?.onExited(code, signal);
      },
      onSpawnerLost: () => {
        isLost = true;
        outcome.reject(spawnerLostError());
        running?.onSpawnerLost();
      },
    });
    try {
      const pid = await outcome.promise;
      const streams: ProcessStreams = {
        stdin: await stdin?.connected,
        stdout: await stdout.connected,
        stderr: await stderr.connected,
      };
      running = new RunningProcess(job, pid, streams, {
        timeoutMs: job.limits?.timeoutMs ?? this.#limits[job.class].timeoutMs,
        sendKill: () => spawner.kill(request.job),
      });
    } catch (error) {
      for (const connection of [stdin, stdout, stderr]) connection?.abandon();
      throw isRepositoryGone(job) ? missingError(job.repositoryPath!, error) : error;
    }
    this.#track(running);
    if (isLost) running.onSpawnerLost();
    else if (exit !== undefined) running.onExited(...exit);
    return running;
  }

  #track(running: RunningProcess): void {
    this.#running.add(running);
    void running.exited.then(() => this.#running.delete(running));
  }

  #leastBusySpawner(): Spawner {
    const alive = this.#spawners.filter((spawner) => spawner.isAlive);
    if (alive.length === 0) throw spawnerLostError();
    return alive.reduce((best, spawner) => (spawner.jobCount < best.jobCount ? spawner : best));
  }

  /** Replaces a spawner that dies; one that dies at once is replaced after growing pauses. */
  #addSpawner(failureCount: number): void {
    const startedAt = performance.now();
    const spawner = new Spawner({
      type: "configure",
      socketPath: this.#server.path,
      environment: this.#options.environment,
    });
    this.#spawners.push(spawner);
    void spawner.ended.then(() => {
      this.#spawners.splice(this.#spawners.indexOf(spawner), 1);
      if (this.#isClosed) return;
      const diedAtOnce = performance.now() - startedAt < spawnerRestartDelayMsMax;
      const failures = diedAtOnce ? failureCount + 1 : 0;
      const delayMs = Math.min(spawnerRestartDelayMs * (2 ** failures - 1), spawnerRestartDelayMsMax);
      setTimeout(() => this.#isClosed || this.#addSpawner(failures), delayMs).unref();
    });
  }

  async #findPrlimit(): Promise<boolean> {
    const job: GitJob = { class: "read", args: [], signal: AbortSignal.timeout(10_000) };
    try {
      const process = await this.#start(job, ["prlimit", "--core=0", "--as=8589934592", "--cpu=60", "--", "true"]);
      process.stdout.resume();
      return (await process.exited).code === 0;
    } catch (error) {
      if (error instanceof GitEngineError && error.code === "git-unusable") return false;
      throw error;
    }
  }
}

/** Serving comes before housekeeping. */
const LOW_PRIORITY = ["nice", "-n", "10"];

interface Start {
  readonly request: StartRequest;
  readonly stdin: ExpectedConnection | undefined;
  readonly stdout: ExpectedConnection;
  readonly stderr: ExpectedConnection;
}

function environmentOf(job: GitJob): Record<string, string> {
  const repository = job.repositoryPath === undefined ? {} : { GIT_DIR: job.repositoryPath };
  return { ...repository, ...job.environment };
}

function mapClasses<Value>(make: (name: GitJobClass) => Value): Record<GitJobClass, Value> {
  return Object.fromEntries((Object.keys(gitJobLimits) as GitJobClass[]).map((name) => [name, make(name)])) as Record<
    GitJobClass,
    Value
  >;
}

function mergeLimits(overrides: NonNullable<SpawnerPoolOptions["limits"]>): Record<GitJobClass, GitJobLimits> {
  return mapClasses((name) => ({ ...gitJobLimits[name], ...overrides[name] }));
}

/** A process cannot be started in a directory that is not there, which looks as if there were no program. */
function isRepositoryGone({ repositoryPath }: GitJob): boolean {
  return repositoryPath !== undefined && !existsSync(repositoryPath);
}

function missingError(path: string, cause: unknown): GitEngineError {
  return new GitEngineError("repository-missing", "the repository was deleted", { path }, { cause });
}

function closedError(): GitEngineError {
  return new GitEngineError("closed", "the git engine is closed", undefined);
}

function spawnerLostError(): GitEngineError {
  return new GitEngineError("spawner-lost", "the process that starts git ended", undefined);
}
