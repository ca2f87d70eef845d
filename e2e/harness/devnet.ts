import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, watch } from "node:fs";
import { dirname, join } from "node:path";

import { runProgram } from "./git.ts";
import { findBasePort } from "./ports.ts";
import { createReadModels } from "./read-models.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** The root of the checkout under test. */
export const repositoryRoot = join(import.meta.dirname, "..", "..");

const mainFile = join(repositoryRoot, "apps", "node", "src", "main.ts");

/** One node as the ready file describes it. */
export interface DevnetNode {
  readonly name: string;
  readonly pid: number;
  readonly httpUrl: string;
  readonly sshUrl: string;
  readonly dataDir: string;
  readonly logFile: string;
  readonly startCommand: readonly string[];
}

/** One demo account as the ready file describes it. */
export interface DemoAccount {
  readonly login: string;
  readonly token: string;
  readonly privateKeyFile: string;
}

/** The ready file of `guts devnet`. */
export interface ReadyFile {
  readonly network: string;
  readonly nodes: readonly DevnetNode[];
  readonly accounts: readonly DemoAccount[];
}

/** A running network of the test's own. */
export interface Devnet extends AsyncDisposable {
  readonly ready: ReadyFile;
  /** The first node, which is the only one in most tests. */
  readonly node: DevnetNode;
  readonly basePort: number;
  readonly dataDirectory: string;
  /** The process id of `guts devnet` itself. */
  readonly pid: number;
  /** The demo account with this login. */
  account(login: string): DemoAccount;
  /** What devnet has said so far on standard error. */
  output(): string;
  /** Breaks or mends links, as `guts devnet fault` does; answers what it printed. */
  fault(...words: readonly string[]): Promise<string>;
  /** Sends SIGTERM, waits until everything is gone, and answers devnet's exit code. The data stays. */
  stop(): Promise<number | null>;
  /** Starts the stopped network again on the same data and ports. */
  start(): Promise<void>;
}

/** How a test's network differs from the usual one. */
export interface DevnetOptions {
  /** How many nodes; one when absent. */
  readonly nodeCount?: number;
  /** Whether the links between nodes can be broken with `fault`. */
  readonly hasFaults?: boolean;
  /** Added to the environment of devnet and its nodes, such as DATABASE_URL or a lowered limit. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Longest start of a network, and what each further node may add; a machine that runs other suites beside is slow. */
const startTimeoutMs = 90_000;
const startTimeoutPerNodeMs = 60_000;

/** Starts a network in a temporary folder and waits until it serves. */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const folder = createTemporaryFolder("devnet");
  const dataDirectory = join(folder.path, "data");
  const readyFile = join(folder.path, "ready.json");
  const { nodeCount = 1, hasFaults = false } = options;
  const basePort = await findBasePort(nodeCount);
  const rows = await createReadModels(Array.from({ length: nodeCount }, (_, index) => `node${index}`));
  const launched = { ...options, env: { ...rows, ...options.env } };
  const shape = ["--nodes", String(nodeCount), ...(hasFaults ? ["--faults"] : [])];
  const argv = [...shape, "--data", dataDirectory, "--base-port", String(basePort), "--ready-file", readyFile];
  let running = await launch(argv, readyFile, launched);
  return {
    basePort,
    dataDirectory,
    get ready() {
      return running.ready;
    },
    get node() {
      return running.ready.nodes[0]!;
    },
    get pid() {
      return running.child.pid!;
    },
    account: (login) => running.ready.accounts.find((account) => account.login === login)!,
    output: () => running.output(),
    async fault(...words) {
      const command = [mainFile, "devnet", "--data", dataDirectory, "fault", ...words];
      const { exitCode, stdout, stderr } = await runProgram(process.execPath, command, {
        cwd: folder.path,
        env: process.env,
      });
      if (exitCode !== 0) throw new Error(`fault ${words.join(" ")}: ${stderr}`);
      return stdout;
    },
    stop: () => stopProcess(running.child),
    async start() {
      running = await launch(argv, readyFile, launched);
    },
    async [Symbol.asyncDispose]() {
      await stopProcess(running.child);
      folder[Symbol.dispose]();
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly ready: ReadyFile;
  readonly output: () => string;
}

async function launch(
  argv: readonly string[],
  readyFile: string,
  { env, nodeCount = 1 }: DevnetOptions,
): Promise<Running> {
  rmSync(readyFile, { force: true }); // An earlier run that was killed may have left it.
  const { child, output } = spawnDevnet(argv, env);
  const ready = await untilReady(readyFile, {
    child,
    output,
    timeoutMs: startTimeoutMs + startTimeoutPerNodeMs * (nodeCount - 1),
  });
  return { child, ready, output };
}

/** Starts `guts devnet` with these arguments and nothing else, for tests of the command itself. */
export function spawnDevnet(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly output: () => string } {
  const child = spawn(process.execPath, [mainFile, "devnet", ...argv], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (chunk: string) => (text = (text + chunk).slice(-64 * 1024)));
  return { child, output: () => text };
}

/** Waits for the ready file; rejects when the process ends first. */
async function untilReady(
  readyFile: string,
  { child, output, timeoutMs }: Omit<Running, "ready"> & { readonly timeoutMs: number },
): Promise<ReadyFile> {
  const appeared = new Promise<void>((resolve, reject) => {
    const watcher = watch(dirname(readyFile), check);
    const timer = setTimeout(() => finish(new Error(`devnet is not ready:\n${output()}`)), timeoutMs);
    child.once("exit", () => finish(new Error(`devnet ended before it was ready:\n${output()}`)));
    function finish(error?: Error): void {
      clearTimeout(timer);
      watcher.close();
      if (error === undefined) resolve();
      else reject(error);
    }
    function check(): void {
      if (existsSync(readyFile)) finish();
    }
    check();
  });
  try {
    await appeared;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return JSON.parse(readFileSync(readyFile, "utf8")) as ReadyFile;
}

async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  }
  return child.exitCode;
}
