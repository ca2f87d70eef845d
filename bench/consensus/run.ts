/**
 * `node bench/consensus/run.ts [seconds] [validators,...] [delay,...]`: what ordering costs, without a ledger and without a network stack.
 *
 * Each validator is a thread of this process with the real engine, signatures, journal and a synced block log. Payloads of 1 KB are signed
 * by a user and verified by every validator. Finality is from submission to commit, at every validator. Two rows each: *paced* sends one
 * payload at a time, *ordering* keeps 2,000 waiting. All validators share this machine's cores, so the rows with many are a lower bound.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { makePayload } from "./payload.ts";
import type { CommitReport, ValidatorData } from "./validator.ts";

const [secondsText = "5", countsText = "1,3,4,7", delaysText = "0,10,40,100"] = process.argv.slice(2);
const seconds = Number(secondsText);
const outstandingMax = 2_000;
const pacedIntervalMs = 50;
/** From the first block at every validator. */
const warmUpMs = 2_000;

interface Measured {
  readonly latenciesMs: readonly number[];
  readonly blocks: number;
  readonly payloads: number;
  readonly cpuSeconds: number;
}

type Load = "paced" | "ordering";

console.log(`${cpus().length} cores, ${seconds} s each`);
console.log("validators  delay ms  load      final p50 ms  p99 ms  blocks/s  payloads/s  CPU ms/payload");
for (const validatorCount of countsText.split(",").map(Number))
  for (const delayMs of validatorCount === 1 ? [0] : delaysText.split(",").map(Number))
    for (const load of ["paced", "ordering"] as const) {
      const cells = rowOf(await measure(validatorCount, delayMs, load));
      console.log([String(validatorCount), String(delayMs), load, ...cells].map((cell) => cell.padEnd(10)).join("  "));
    }

async function measure(validatorCount: number, delayMs: number, load: Load): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), "guts-bench-"));
  const workers = startValidators(validatorCount, delayMs, directory);
  const measured = { latenciesMs: [] as number[], blocks: 0, payloads: 0, cpuSeconds: 0 };
  let submitted = 0;
  let final = 0;
  const submit = (count: number): void => {
    const now = performance.timeOrigin + performance.now();
    const payloads = Array.from({ length: count }, () => makePayload(submitted++, now));
    for (const worker of workers) worker.postMessage(payloads);
  };
  const topUp = (): void => {
    if (load === "ordering" && submitted - final < outstandingMax) submit(outstandingMax - (submitted - final));
  };
  let isMeasuring = false;
  const { promise: areAllWarm, resolve: onAllWarm } = Promise.withResolvers<void>();
  const warm = new Set<number>();
  for (const [index, worker] of workers.entries())
    worker.on("message", ({ latenciesMs }: CommitReport) => {
      if (index === 0) final += latenciesMs.length;
      topUp();
      if (warm.add(index).size === validatorCount) onAllWarm();
      if (!isMeasuring) return;
      measured.latenciesMs.push(...latenciesMs);
      if (index !== 0) return;
      measured.blocks++;
      measured.payloads += latenciesMs.length;
    });
  const pacer = setInterval(() => (load === "paced" ? submit(1) : topUp()), pacedIntervalMs);
  await areAllWarm;
  await wait(warmUpMs);
  isMeasuring = true;
  const cpu = process.cpuUsage();
  await wait(seconds * 1_000);
  isMeasuring = false;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(pacer);
  await Promise.all(workers.map((worker) => worker.terminate()));
  rmSync(directory, { recursive: true });
  return { ...measured, cpuSeconds: (user + system) / 1e6 };
}

function startValidators(validatorCount: number, delayMs: number, directory: string): readonly Worker[] {
  const links: (MessagePort | undefined)[][] = Array.from({ length: validatorCount }, () =>
    Array.from({ length: validatorCount }, () => undefined),
  );
  for (let left = 0; left < validatorCount; left++)
    for (let right = left + 1; right < validatorCount; right++) {
      const { port1, port2 } = new MessageChannel();
      links[left]![right] = port1;
      links[right]![left] = port2;
    }
  return links.map((ports, index) => {
    const workerData: ValidatorData = {
      ...{ index, validatorCount, delayMs },
      directory: join(directory, String(index)),
      links: ports,
    };
    const transferList = ports.filter((port) => port !== undefined);
    const worker = new Worker(new URL("validator.ts", import.meta.url), { workerData, transferList });
    worker.on("error", (failure) => {
      throw failure;
    });
    return worker;
  });
}

function rowOf({ latenciesMs, blocks, payloads, cpuSeconds }: Measured): readonly string[] {
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  return [
    at(0.5).padEnd(12),
    at(0.99).padEnd(6),
    (blocks / seconds).toFixed(1).padEnd(8),
    (payloads / seconds).toFixed(0),
    ((cpuSeconds * 1_000) / payloads).toFixed(2),
  ];
}

function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
