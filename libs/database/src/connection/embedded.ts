/**
 * The embedded default: PGlite in a worker thread, reached through a unix socket by the same driver as a server.
 *
 * PGlite has one backend and pglite-socket queues single protocol messages, so two connections would mix up each
 * other's unnamed statements. We therefore open exactly one.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { DatabaseError } from "../database-error.ts";
import { embeddedRestartsMax, embeddedStartTimeoutMs, embeddedStopTimeoutMs } from "../limits.ts";
import { databaseOver, postgres, sessionOptions, type Connection } from "./connection.ts";
import {
  copyTemplate,
  discardFiles,
  keepTemplate,
  prepareDirectory,
  readBootId,
  removeSocket,
  sealDirectory,
  templateIn,
} from "./embedded-directory.ts";
import type { EmbeddedWorkerData, EmbeddedWorkerMessage } from "./embedded-worker.ts";

/** Where the files are, and where new databases are kept as a template that others copy. */
export interface EmbeddedLocation {
  readonly directory: string;
  readonly templateDirectory?: string | undefined;
}

/**
 * Opens, and first creates, the database in a directory that no other process uses: the caller holds the lock of the
 * data directory. Files that do not open are discarded and created anew, once.
 */
export async function openEmbedded(location: EmbeddedLocation): Promise<Connection> {
  const { directory } = location;
  const prepared = await prepareDirectory(directory, await readBootId());
  const create = () => createFiles(prepared.files, location.templateDirectory);
  if (!prepared.hasFiles) await create();
  const data = { directory: prepared.files, socketPath: prepared.socketPath };
  const thread = await SupervisedThread.start(data).catch(async () => {
    await discardFiles(directory);
    await create();
    return SupervisedThread.start(data);
  });
  const pool = postgres({ ...sessionOptions, path: prepared.socketPath, ...account, max: 1 });
  return {
    read: databaseOver(pool),
    write: pool,
    reset: async () => thread.reset(),
    async close() {
      await pool.end({ timeout: embeddedStopTimeoutMs / 1000 });
      const isClosed = await thread.stop();
      await removeSocket(directory, prepared.socketPath);
      if (isClosed) await sealDirectory(directory);
    },
  };
}

/** Starts the thread again when it ends by itself: the driver connects again with the next statement. */
class SupervisedThread {
  readonly #data: EmbeddedWorkerData;
  #worker: Worker;
  #isStopping = false;
  #restartsLeft = embeddedRestartsMax;

  private constructor(data: EmbeddedWorkerData, worker: Worker) {
    this.#data = data;
    this.#worker = worker;
    this.#watch();
  }

  static async start(data: EmbeddedWorkerData): Promise<SupervisedThread> {
    return new SupervisedThread(data, await startWorker(data));
  }

  /** Whether the files were closed. */
  async stop(): Promise<boolean> {
    this.#isStopping = true;
    return stopWorker(this.#worker);
  }

  /**
   * Ends the thread, which then starts anew. PGlite answers nothing at all when a statement exhausts WebAssembly's
   * stack, and the driver would wait for ever.
   */
  async reset(): Promise<void> {
    await this.#worker.terminate();
  }

  #watch(): void {
    // An uncaught error ends the thread; without a listener it would end this process too.
    this.#worker.on("error", () => {});
    this.#worker.once("exit", () => {
      if (!this.#isStopping && this.#restartsLeft-- > 0) void this.#restart();
    });
  }

  async #restart(): Promise<void> {
    try {
      await rm(this.#data.socketPath ?? "", { force: true });
      const worker = await startWorker(this.#data);
      if (this.#isStopping) return void (await stopWorker(worker));
      this.#worker = worker;
      this.#watch();
    } catch {
      // Lists answer `unavailable` from now on, and the node's readiness says so.
    }
  }
}

const account = { username: "postgres", database: "postgres" } as const;

/** Copies the template, or creates files and makes them one. */
async function createFiles(files: string, templates: string | undefined): Promise<void> {
  const template = templates === undefined ? undefined : templateIn(templates);
  if (template !== undefined && (await hasCopied(template, files))) return;
  const partial = await mkdtemp(`${files}.`);
  await runCreation(partial);
  await rename(partial, files);
  if (template !== undefined) await keepTemplate(files, template);
}

async function runCreation(directory: string): Promise<void> {
  const script = fileURLToPath(new URL("./embedded-create.ts", import.meta.url));
  const child = spawn(process.execPath, [script, directory], { stdio: ["pipe", "ignore", "pipe"], env: {} });
  let problem = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (problem = (problem + text).slice(-1024)));
  const timer = setTimeout(() => child.kill("SIGKILL"), embeddedStartTimeoutMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  if (code !== 0) throw new DatabaseError("corrupt", `the embedded database cannot be created: ${problem}`);
}

async function hasCopied(template: string, files: string): Promise<boolean> {
  try {
    await copyTemplate(template, files);
    return true;
  } catch {
    return false;
  }
}

async function startWorker(workerData: EmbeddedWorkerData): Promise<Worker> {
  // A worker in a process that vitest or a bundler started must not inherit their loaders.
  const worker = new Worker(new URL("./embedded-worker.ts", import.meta.url), { workerData, execArgv: [] });
  const signal = AbortSignal.timeout(embeddedStartTimeoutMs);
  try {
    const [message] = (await once(worker, "message", { signal })) as [EmbeddedWorkerMessage];
    if (message.type === "ready") return worker;
    throw new DatabaseError("corrupt", message.type === "failed" ? message.message : "the database thread stopped");
  } catch (cause) {
    await worker.terminate();
    if (cause instanceof DatabaseError) throw cause;
    throw new DatabaseError("corrupt", "the embedded database does not start", { cause });
  }
}

/** Whether the database closed its files; a thread that does not answer is ended anyway. */
async function stopWorker(worker: Worker): Promise<boolean> {
  const signal = AbortSignal.timeout(embeddedStopTimeoutMs);
  try {
    const answer = once(worker, "message", { signal });
    worker.postMessage("stop");
    const [message] = (await answer) as [EmbeddedWorkerMessage];
    return message.type === "stopped";
  } catch {
    return false;
  } finally {
    await worker.terminate();
  }
}
