/** A node in a process of its own, so that a test can kill it, stop it, or let it flood. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { NodeId } from "@guts/primitives";

/** Half of a child's start is compiling libp2p. */
const compileCache = join(import.meta.dirname, "..", "..", "..", "..", ".cache", "compile");

/** What a child is told to do. */
export interface ChildOptions {
  readonly name: string;
  readonly port?: number;
  readonly peers?: readonly string[];
  /** Names of nodes that it admits. */
  readonly admits: readonly string[];
  /** Sends frames of `bytes` bytes on channel 1 to whoever connects, as many as fit, until the end. */
  readonly flood?: { readonly bytes: number };
}

/** What a child tells. */
export type ChildMessage =
  | { readonly kind: "open"; readonly address: string }
  | { readonly kind: "connected"; readonly nodeId: NodeId };

/** A running child. */
export class ChildNode implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly address: string;

  private constructor(process: ChildProcess, address: string) {
    this.process = process;
    this.address = address;
  }

  static async start(options: ChildOptions): Promise<ChildNode> {
    const child = fork(join(import.meta.dirname, "child-main.ts"), [JSON.stringify(options)], {
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    });
    const [message] = (await once(child, "message")) as [ChildMessage];
    if (message.kind !== "open") throw new Error("the child did not open");
    return new ChildNode(child, message.address);
  }

  get port(): number {
    return Number(/\/tcp\/(\d+)\//.exec(this.address)![1]);
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
