import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

import { compilePreload, preloadIntoGit } from "../harness/preload.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";

/** Nodes that the library has room for, and bytes of what each suffers: two numbers of 64 bits. */
const nodesMax = 10;
const faultBytes = 16;

/** Slow disks and wrong clocks of the nodes of a devnet, by index, while they run. Dispose it after the devnet. */
export class NodeFaults implements Disposable {
  readonly #folder: TemporaryFolder;
  readonly #file: number;
  /** The environment in which the devnet and its nodes have to be started. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(folder: TemporaryFolder, library: string) {
    const path = join(folder.path, "faults");
    this.#folder = folder;
    this.#file = openSync(path, "w");
    this.env = preloadIntoGit({ LD_PRELOAD: library, GUTS_NODE_FAULTS: path }, folder.path);
    this.heal();
  }

  /** Compiles the library; every node is healthy. */
  static async prepare(): Promise<NodeFaults> {
    const folder = createTemporaryFolder("faults");
    const library = await compilePreload(join(import.meta.dirname, "shim", "node-faults.c"), folder.path);
    return new NodeFaults(folder, library);
  }

  /** From now on every sync of a file or directory takes this much longer at a node. */
  slowDisk(index: number, syncMs: number): void {
    this.#write(index * faultBytes, syncMs);
  }

  /** Sets a node's clock this far ahead, or behind when it is negative. */
  setClock(index: number, aheadMs: number): void {
    this.#write(index * faultBytes + faultBytes / 2, aheadMs);
  }

  heal(): void {
    writeSync(this.#file, Buffer.alloc(nodesMax * faultBytes), 0, nodesMax * faultBytes, 0);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
    this.#folder[Symbol.dispose]();
  }

  #write(position: number, milliseconds: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(milliseconds));
    writeSync(this.#file, bytes, 0, bytes.length, position);
  }
}
