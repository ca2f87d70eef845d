import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { CurrentInput } from "./current-input.ts";
import type { WorkerReport, WorkerTask } from "./worker.ts";

/** One target and how long to try it. */
export interface Campaign {
  readonly targetFile: string;
  readonly corpusFolder: string;
  readonly crashFolder: string;
  readonly seed: number;
  readonly seconds: number;
  readonly executionsMax: number;
  /** An input that takes longer is a hang. */
  readonly hangSeconds: number;
}

/** How a campaign ended. A hang is a crash whose input was not minimized. */
export type CampaignResult =
  | { readonly outcome: "clean"; readonly report: WorkerReport }
  | { readonly outcome: "crash"; readonly crashFile: string; readonly text: string };

/** Inputs are cut here: what a parser does wrong it mostly does wrong with little. */
const INPUT_BYTES_MAX = 4096;
const WATCH_INTERVAL_MS = 250;

const repository = join(import.meta.dirname, "..", "..");

/** Runs a campaign to its end, a crash or a hang, and writes the input of the latter to the crash folder. */
export async function runCampaign(campaign: Campaign): Promise<CampaignResult> {
  const current = CurrentInput.allocate(INPUT_BYTES_MAX);
  const task: WorkerTask = {
    targetFile: campaign.targetFile,
    countedUrls: ["libs", "apps", "fuzz/fixtures"].map((folder) => `${pathToFileURL(join(repository, folder)).href}/`),
    corpus: readCorpus(campaign.corpusFolder).map(({ bytes }) => bytes),
    seed: campaign.seed,
    bytesMax: INPUT_BYTES_MAX,
    executionsMax: campaign.executionsMax,
    durationMs: campaign.seconds * 1000,
    memory: current.memory,
  };
  const report = await runWorker(task, current, campaign.hangSeconds * 1000);
  if (report === "hang")
    return crashed(campaign, current.get(), `hangs: no result after ${campaign.hangSeconds} seconds`);
  if (report.crash === undefined) return { outcome: "clean", report };
  return crashed(campaign, report.crash.input, report.crash.crash.text);
}

/** The files of a corpus folder in the order of their names; none when there is no folder. */
export function readCorpus(folder: string): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
}

/** The first 16 digits of the SHA-256 of an input: its file name. */
export function nameOf(input: Uint8Array): string {
  return createHash("sha256").update(input).digest("hex").slice(0, 16);
}

function crashed(campaign: Campaign, input: Uint8Array, text: string): CampaignResult {
  mkdirSync(campaign.crashFolder, { recursive: true });
  const crashFile = join(campaign.crashFolder, `${basename(campaign.targetFile, ".ts")}-${nameOf(input)}`);
  writeFileSync(crashFile, input);
  return { outcome: "crash", crashFile, text };
}

async function runWorker(task: WorkerTask, current: CurrentInput, hangMs: number): Promise<WorkerReport | "hang"> {
  const worker = new Worker(join(import.meta.dirname, "worker.ts"), { workerData: task });
  const ended = Promise.withResolvers<WorkerReport | "hang">();
  let lastCount = -1;
  let stillMs = 0;
  const watch = setInterval(() => {
    stillMs = current.count === lastCount ? stillMs + WATCH_INTERVAL_MS : 0;
    lastCount = current.count;
    if (lastCount > 0 && stillMs >= hangMs) ended.resolve("hang");
  }, WATCH_INTERVAL_MS);
  worker.once("message", (report: WorkerReport) => ended.resolve(report));
  worker.once("error", (error) => ended.reject(error));
  try {
    return await ended.promise;
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
