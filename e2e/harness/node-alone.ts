import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

const startTimeoutMs = 90_000;

/** One node that a test started by its start command. */
export interface NodeAlone extends AsyncDisposable {
  readonly pid: number;
  /** Ends it like a crash, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a node by a command line of the ready file and waits until it serves; fails with its log when it ends instead. */
export async function startNodeAlone(
  [file, ...args]: readonly string[],
  {
    url,
    dataDirectory,
    env,
  }: { readonly url: string; readonly dataDirectory: string; readonly env?: NodeJS.ProcessEnv },
  where = "",
): Promise<NodeAlone> {
  const child = spawn(file!, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const isReady = async (): Promise<number | string> => {
    if (hasEnded(child)) return `ended: ${said}\n${lastOf(join(dataDirectory, "node.log"))}`;
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    return answer?.status ?? 0;
  };
  let state: number | string = 0;
  await expect
    .poll(async () => typeof (state = await isReady()) === "string" || state === 200, {
      timeout: startTimeoutMs,
      interval: 100,
      message: where,
    })
    .toBe(true);
  expect(state, where).toBe(200);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasEnded(child)) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return { pid: child.pid!, kill: () => end("SIGKILL"), [Symbol.asyncDispose]: () => end("SIGKILL") };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function lastOf(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").slice(-3_000) : "";
}
