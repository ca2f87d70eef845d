/** A pack from one process to another: the pack channel against node:tls with nothing around it, in turns. */
import { fork, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { connect } from "node:tls";
import type { PackRef } from "@guts/ledger";
import { downloadPack, PackChannel, transferLimits } from "@guts/transfer";
import { createTemporaryFolder } from "../../e2e/harness/temporary-folder.ts";
import { quantile, row } from "../statistics.ts";
import { seedOfName, type HolderAnswer, type HolderCommand } from "./parties.ts";

/** How much to measure. */
export interface ReplicationOptions {
  readonly rounds: number;
  readonly mebibytes: number;
}

/** One way to bring the pack here, into a file. */
interface Way {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly wallMs: number[];
  readonly cpuMs: number[];
}

const widths = [38, 12, 14] as const;

/** Prints a line for each way, and the ratios. */
export async function measureReplication({ rounds, mebibytes }: ReplicationOptions): Promise<void> {
  using folder = createTemporaryFolder("bench-replication");
  const bytes = randomBytes(mebibytes * 1024 * 1024);
  const path = join(folder.path, "pack");
  writeFileSync(path, bytes);
  const pack: PackRef = {
    sha256: new Uint8Array(createHash("sha256").update(bytes).digest()),
    sizeBytes: bytes.length,
  };
  const holder = fork(join(import.meta.dirname, "holder.ts"), [path], { stdio: "inherit", serialization: "advanced" });
  const [ready] = (await once(holder, "message")) as [HolderAnswer];
  if (ready.type !== "ready") throw new Error("the holder is not ready");
  const ways: readonly Way[] = [
    {
      name: "pack channel (grant, pin, SHA-256)",
      run: () => byChannel(holder, pack, folder.path),
      wallMs: [],
      cpuMs: [],
    },
    { name: "node:tls", run: () => byPlainTls(ready.plainPort, folder.path), wallMs: [], cpuMs: [] },
  ];
  for (const way of ways) await way.run(); // What is loaded and compiled on first use.
  for (let round = 0; round < rounds; round++)
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) await measure(way, holder, pack);
  holder.disconnect();
  console.log(
    `\n${mebibytes} MiB from file to file between two processes over TLS 1.3 on loopback; medians of ${rounds}, CPU of both.\n`,
  );
  console.log(row(widths, ["", "MiB/s", "CPU ms/MiB"]));
  const numbers = ways.map(({ wallMs, cpuMs }) => [
    mebibytes / (quantile(wallMs, 0.5) / 1_000),
    quantile(cpuMs, 0.5) / mebibytes,
  ]);
  for (const [index, { name }] of ways.entries()) console.log(row(widths, [name, ...numbers[index]!]));
  console.log(row(widths, ["pack channel / node:tls", ...numbers[0]!.map((value, at) => value / numbers[1]![at]!)]));
}

async function measure({ run, wallMs, cpuMs }: Way, holder: ChildProcess, pack: PackRef): Promise<void> {
  const cpuOfBoth = async (): Promise<number> => {
    const answer = await ask(holder, { type: "cpu", pack });
    const { user, system } = process.cpuUsage();
    return (answer.type === "cpu" ? answer.cpuMs : 0) + (user + system) / 1_000;
  };
  const cpuBefore = await cpuOfBoth();
  const started = performance.now();
  await run();
  wallMs.push(performance.now() - started);
  cpuMs.push((await cpuOfBoth()) - cpuBefore);
}

/** As a validator fetches the pack of a push. */
async function byChannel(holder: ChildProcess, pack: PackRef, directory: string): Promise<void> {
  const channel = new PackChannel({
    nodeSeed: seedOfName("asker"),
    link: {
      openStream: () => {
        throw new Error("the holder was not reached over TLS");
      },
    },
    pace: transferLimits.transferPace,
  });
  const offerFrom = async () => {
    const answer = await ask(holder, { type: "offer", pack });
    if (answer.type !== "offer") throw new Error("the holder offers nothing");
    return answer.offer;
  };
  const signal = AbortSignal.timeout(60_000);
  await using downloaded = await downloadPack({ pack, directory, channel, offerFrom, signal });
  void downloaded;
}

async function byPlainTls(port: number, directory: string): Promise<void> {
  const path = join(directory, "plain");
  const socket = connect({ host: "127.0.0.1", port, minVersion: "TLSv1.3", rejectUnauthorized: false });
  await pipeline(socket, createWriteStream(path));
  rmSync(path);
}

async function ask(holder: ChildProcess, command: HolderCommand): Promise<HolderAnswer> {
  holder.send(command);
  const [answer] = (await once(holder, "message")) as [HolderAnswer];
  return answer;
}
