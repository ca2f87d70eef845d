import { rmSync } from "node:fs";

import { nodePathsOf, writeFileDurably } from "../data/data-directory.ts";
import type { DemoAccount } from "./demo-accounts.ts";
import type { NodePlace } from "./layout.ts";
import { startCommandOf } from "./node-process.ts";

/** What the ready file says. Harnesses rely on these names; only add to them. */
export interface ReadyFile {
  /** The network's id: the hash of its genesis in hexadecimal. */
  readonly network: string;
  readonly nodes: readonly ReadyNode[];
  readonly accounts: readonly DemoAccount[];
}

/** One node in the ready file. */
export interface ReadyNode {
  readonly name: string;
  /** The node's root process. Its children end within a second of it. */
  readonly pid: number;
  readonly httpUrl: string;
  /** Where git is served over SSH, as `ssh://git@127.0.0.1:PORT`. */
  readonly sshUrl: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** Starts this node alone, with its data. */
  readonly startCommand: readonly string[];
}

/** The ready file's entry of a running node. */
export function readyNodeOf(place: NodePlace, pid: number): ReadyNode {
  return {
    name: place.name,
    pid,
    httpUrl: place.httpUrl,
    sshUrl: `ssh://git@127.0.0.1:${place.sshPort}`,
    dataDir: place.dataDirectory,
    logFile: nodePathsOf(place.dataDirectory).log,
    startCommand: startCommandOf(place),
  };
}

/** Writes the file whole or not at all; it holds tokens, so only its owner can read it. */
export function writeReadyFile(path: string, ready: ReadyFile): void {
  writeFileDurably(path, `${JSON.stringify(ready, undefined, 2)}\n`, 0o600);
}

/** Removes the file, which then says that nothing is ready. */
export function removeReadyFile(path: string): void {
  rmSync(path, { force: true });
}
