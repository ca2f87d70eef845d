import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";

import { NodeError } from "../node-error.ts";
import type { NodePlace } from "./layout.ts";

/** What a node that was started with a message channel says to its starter once it serves. */
export interface ReadyMessage {
  readonly type: "ready";
}

/** How a node process ended. */
export type NodeExit = { readonly code: number } | { readonly signal: NodeJS.Signals };

/** The command that starts one node alone, from anywhere: no shell and no launcher in between, so its pid is the node's. */
export function startCommandOf({ dataDirectory, httpPort }: NodePlace): readonly string[] {
  const main = join(import.meta.dirname, "..", "main.ts");
  return [process.execPath, main, "node", "start", "--data", dataDirectory, "--port", String(httpPort)];
}

/**
 * One node as a child of devnet.
 *
 * The message channel between the two is a lifeline: when devnet dies, however, it closes, and the node stops by itself.
 */
export class NodeProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<NodeExit>;

  /** Starts the node; `outputFile` gets what it says outside of its own log, such as a crash's stack. */
  constructor(place: NodePlace, outputFile: string) {
    const [file, ...args] = startCommandOf(place);
    const output = openSync(outputFile, "a", 0o600);
    this.#child = spawn(file!, [...args, "--quiet"], {
      stdio: ["ignore", output, output, "ipc"],
      serialization: "json",
    });
    closeSync(output);
    this.#exited = once(this.#child, "exit").then(([code, signal]) =>
      code === null ? { signal: signal as NodeJS.Signals } : { code: code as number },
    );
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Settles when the process is gone, whoever ended it. */
  get exited(): Promise<NodeExit> {
    return this.#exited;
  }

  /** Resolves when the node serves; rejects with `node-did-not-start` when it ends before that. */
  async untilReady(logFile: string, signal: AbortSignal): Promise<void> {
    const ready = once(this.#child, "message", { signal });
    const ended = this.#exited.then((exit) => {
      throw new NodeError(
        "node-did-not-start",
        `The node ended (${describeExit(exit)}) before it served. See ${logFile}`,
      );
    });
    await Promise.race([ready, ended]);
  }

  /** Asks the node to stop, and ends it when it has not within `graceMs`. */
  async stop(graceMs: number): Promise<NodeExit> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
    try {
      return await this.#exited;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** In words: an exit code or a signal's name. */
export function describeExit(exit: NodeExit): string {
  return "code" in exit ? `exit code ${exit.code}` : exit.signal;
}
