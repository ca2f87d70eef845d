import { Worker } from "node:worker_threads";

import { renderLimits } from "../limits.ts";
import type { RenderJob, RenderReply, RenderResult } from "./job.ts";

/** Renders in a worker thread; undefined whenever that is not possible in time, and the caller shows plain text. */
export interface RenderPool extends AsyncDisposable {
  render(job: RenderJob): Promise<RenderResult | undefined>;
}

export interface RenderPoolOptions {
  readonly timeoutMs?: number;
  /** Time without work after which the thread is ended and its memory returned. */
  readonly idleMs?: number;
  readonly onFailure?: (reason: "timeout" | "crashed" | "failed", detail: string) => void;
}

interface Waiting {
  readonly job: RenderJob;
  readonly settle: (result: RenderResult | undefined) => void;
}

/**
 * One thread, started when it is first needed, that takes one job at a time. A job that takes too long or too much
 * memory costs the thread, which is replaced; the other jobs wait for the new one.
 */
export function createRenderPool(options: RenderPoolOptions = {}): RenderPool {
  return new ThreadPool(options);
}

class ThreadPool implements RenderPool {
  readonly #options: RenderPoolOptions;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #isReady = false;
  #isClosed = false;
  #current: (Waiting & { readonly id: number }) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;

  constructor(options: RenderPoolOptions) {
    this.#options = options;
  }

  render(job: RenderJob): Promise<RenderResult | undefined> {
    if (this.#isClosed || this.#queue.length >= renderLimits.queueLengthMax) return Promise.resolve(undefined);
    return new Promise((settle) => {
      this.#queue.push({ job, settle });
      this.#next();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#stop();
    for (const waiting of this.#queue.splice(0)) waiting.settle(undefined);
  }

  #next(): void {
    this.#worker ??= this.#start();
    if (!this.#isReady || this.#current !== undefined) return;
    clearTimeout(this.#timer);
    const waiting = this.#queue.shift();
    if (waiting === undefined) {
      this.#timer = setTimeout(() => void this.#stop(), this.#options.idleMs ?? renderLimits.idleMs).unref();
      return;
    }
    this.#current = { ...waiting, id: this.#nextId++ };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage({ id: this.#current.id, job: waiting.job });
    this.#timer = setTimeout(() => this.#abandon("timeout", ""), this.#options.timeoutMs ?? renderLimits.timeoutMs);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: renderLimits.workerHeapMegabytesMax },
    });
    worker.unref();
    worker.on("message", (reply: RenderReply) => this.#onReply(worker, reply));
    worker.on("error", (error) => this.#onEnd(worker, error instanceof Error ? error.message : "unknown"));
    worker.on("exit", () => this.#onEnd(worker, "exited"));
    return worker;
  }

  #onReply(worker: Worker, reply: RenderReply): void {
    if (worker !== this.#worker) return;
    if ("ready" in reply) this.#isReady = true;
    else if (this.#current?.id === reply.id) {
      if ("failure" in reply) this.#options.onFailure?.("failed", reply.failure);
      this.#finish("result" in reply ? reply.result : undefined);
    }
    this.#next();
  }

  #onEnd(worker: Worker, detail: string): void {
    if (worker !== this.#worker) return;
    // A thread that dies before it is ready would die again: what waits is shown plain.
    if (!this.#isReady) for (const waiting of this.#queue.splice(0)) waiting.settle(undefined);
    this.#abandon("crashed", detail);
  }

  #abandon(reason: "timeout" | "crashed", detail: string): void {
    this.#options.onFailure?.(reason, detail);
    void this.#stop();
    if (this.#queue.length > 0 && !this.#isClosed) this.#next();
  }

  #finish(result: RenderResult | undefined): void {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = undefined;
    current?.settle(result);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    this.#finish(undefined);
    await worker?.terminate();
  }
}
