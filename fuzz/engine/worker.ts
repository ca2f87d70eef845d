/** Runs the fuzzer in a thread of its own, so that `run.ts` can end it when the target hangs. */
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { Coverage } from "./coverage.ts";
import { CurrentInput } from "./current-input.ts";
import { runFuzzer, type FuzzReport } from "./fuzzer.ts";
import type { FuzzTarget } from "./target.ts";

/** What the parent passes. */
export interface WorkerTask {
  readonly targetFile: string;
  /** Code under test: scripts below one of these folders, given as URLs that end in a slash. */
  readonly countedUrls: readonly string[];
  readonly corpus: readonly Uint8Array[];
  readonly seed: number;
  readonly bytesMax: number;
  readonly executionsMax: number;
  readonly durationMs: number;
  readonly memory: SharedArrayBuffer;
}

/** What the parent gets when the run ends. */
export type WorkerReport = FuzzReport;

async function runTask(task: WorkerTask): Promise<WorkerReport> {
  const current = new CurrentInput(task.memory);
  using coverage = new Coverage((url) => task.countedUrls.some((folder) => url.startsWith(folder)));
  const target = (await import(pathToFileURL(task.targetFile).href)) as FuzzTarget;
  coverage.take(); // What loading runs says nothing about the inputs.
  const endMs = performance.now() + task.durationMs;
  return await runFuzzer({
    ...task,
    target,
    coverage,
    isTimeUp: () => performance.now() > endMs,
    onInput: (input) => current.set(input),
  });
}

parentPort!.postMessage(await runTask(workerData as WorkerTask));
