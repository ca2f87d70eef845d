import type { ObjectId } from "@guts/primitives";
import { GitEngineError } from "../errors.ts";
import { residentQueueMax, residentRequestTimeoutMs } from "../limits.ts";
import type { ObjectType } from "../push/receive-outcome.ts";
import type { GitProcess, GitRunner } from "../spawner/git-process.ts";
import { assertSuccess } from "../spawner/output.ts";
import type { Resident } from "./resident-pool.ts";

/** What git knows of an object without reading it. */
export interface ObjectInfo {
  readonly id: ObjectId;
  readonly type: ObjectType;
  readonly sizeBytes: number;
}

/** An object and its content. */
export interface ObjectContents extends ObjectInfo {
  readonly bytes: Buffer;
}

interface Request {
  readonly wantsContents: boolean;
  readonly resolve: (value: ObjectContents | undefined) => void;
  readonly reject: (error: unknown) => void;
  readonly deadlineAt: number;
}

const EMPTY = Buffer.alloc(0);

/**
 * A `git cat-file --batch-command` that stays: 0.2 ms a read instead of 2.5 ms for a process.
 *
 * Requests are answered in order. Only object ids, ref names and `<id>^{}` are asked for, never text of a user: the
 * protocol is lines. A request that takes too long ends the process, and with it all that wait.
 */
export class CatFile implements Resident {
  readonly #process: GitProcess;
  readonly #requests: Request[] = [];
  readonly #timer: NodeJS.Timeout;
  #chunks: Buffer[] = [];
  #available = 0;
  #needed = 1;
  #header: ObjectInfo | undefined;
  #isRetired = false;
  #hasEnded = false;

  private constructor(process: GitProcess) {
    this.#process = process;
    this.#timer = setInterval(() => this.#checkDeadline(), residentRequestTimeoutMs / 10).unref();
    process.stdout.on("data", (chunk: Buffer) => this.#onData(chunk));
    void process.exited.then(() => this.#onExit());
  }

  static async start(runner: GitRunner, repositoryPath: string, signal: AbortSignal): Promise<CatFile> {
    const args = ["cat-file", "--batch-command"];
    const process = await runner.run({ class: "resident", args, repositoryPath, stdin: true, signal });
    return new CatFile(process);
  }

  get isUsable(): boolean {
    return !this.#isRetired && !this.#hasEnded;
  }

  /** Type and size of what `name` is; undefined when it is not there. */
  info(name: string): Promise<ObjectInfo | undefined> {
    return this.#ask("info", name);
  }

  /** The whole content of an object; undefined when it is not there. The caller has checked that it is small. */
  contents(id: ObjectId): Promise<ObjectContents | undefined> {
    return this.#ask("contents", id);
  }

  retire(): void {
    if (!this.isUsable) return;
    this.#isRetired = true;
    this.#process.stdin.end();
  }

  #ask(command: "info" | "contents", name: string): Promise<ObjectContents | undefined> {
    if (!this.isUsable) throw new GitEngineError("spawner-lost", "the object reader has ended", undefined);
    if (this.#requests.length >= residentQueueMax) {
      throw new GitEngineError("busy", "too many object reads are waiting", { class: "resident" });
    }
    return new Promise((resolve, reject) => {
      const deadlineAt = performance.now() + residentRequestTimeoutMs;
      this.#requests.push({ wantsContents: command === "contents", resolve, reject, deadlineAt });
      this.#process.stdin.write(`${command} ${name}\n`);
    });
  }

  #onData(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#available += chunk.length;
    while (this.#available >= this.#needed && this.#step()) continue;
  }

  /** Takes one header line or one body; false when more bytes are needed. */
  #step(): boolean {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const used = this.#header === undefined ? this.#takeHeader(bytes) : this.#takeBody(bytes, this.#header);
    const rest = bytes.subarray(used);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#available = rest.length;
    if (used === 0) this.#needed = bytes.length + 1;
    return used > 0;
  }

  #takeHeader(bytes: Buffer): number {
    const end = bytes.indexOf(10);
    if (end < 0) return 0;
    const [id, type, size] = bytes.toString("latin1", 0, end).split(" ");
    const request = this.#requests[0];
    if (request === undefined) {
      this.#process.kill("output");
      return end + 1;
    }
    if (size === undefined) {
      this.#answer(undefined); // "<name> missing" or "<name> ambiguous"
      return end + 1;
    }
    const info = { id: id as ObjectId, type: type as ObjectType, sizeBytes: Number(size) };
    if (request.wantsContents) {
      this.#header = info;
      this.#needed = info.sizeBytes + 1;
    } else this.#answer({ ...info, bytes: EMPTY });
    return end + 1;
  }

  #takeBody(bytes: Buffer, header: ObjectInfo): number {
    this.#header = undefined;
    // A copy: the pieces it came in may be far larger.
    this.#answer({ ...header, bytes: Buffer.from(bytes.subarray(0, header.sizeBytes)) });
    return header.sizeBytes + 1;
  }

  #answer(value: ObjectContents | undefined): void {
    this.#needed = 1;
    this.#requests.shift()!.resolve(value);
  }

  #checkDeadline(): void {
    const oldest = this.#requests[0];
    if (oldest !== undefined && performance.now() > oldest.deadlineAt) this.#process.kill("timeout");
  }

  async #onExit(): Promise<void> {
    this.#hasEnded = true;
    clearInterval(this.#timer);
    if (this.#requests.length === 0) return;
    const error = await assertSuccess(this.#process).then(
      () => new GitEngineError("protocol-violation", "the object reader ended too early", undefined),
      (reason: unknown) => reason,
    );
    for (const request of this.#requests.splice(0)) request.reject(error);
  }
}
