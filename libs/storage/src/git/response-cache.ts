import { type FileHandle, mkdir, open, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { RepositoryId } from "@guts/primitives";
import { randomToken } from "./durable.ts";
import { cachedResponseBytesMax, cachedResponsesMax, responseReadBytes } from "./limits.ts";

/** Makes a response; the signal tells that nobody wants it any more. */
export type ResponseMaker = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

/**
 * One response on disk that is being made, is complete, or has failed. Any number of clients read it, each at its own pace; the file
 * has no name, so a crash leaves nothing behind.
 */
class CachedResponse {
  readonly repository: RepositoryId;
  readonly #abort = new AbortController();
  readonly #onEnd: (response: CachedResponse) => void;
  #file: FileHandle | undefined;
  #bytes = 0;
  #state: "filling" | "complete" | "failed" = "filling";
  #error: unknown;
  #progress = Promise.withResolvers<void>();
  #readers = 0;
  #isDropped = false;

  /** `onEnd` is called once: when the response is complete, has failed, or has lost its last reader before that. */
  constructor(repository: RepositoryId, onEnd: (response: CachedResponse) => void) {
    this.repository = repository;
    this.#onEnd = onEnd;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  get isComplete(): boolean {
    return this.#state === "complete";
  }

  /** Writes the response to the end; failures go to the readers. */
  async fill(path: string, make: ResponseMaker): Promise<void> {
    try {
      this.#file = await open(path, "wx+", 0o600);
      await unlink(path);
      for await (const chunk of make(this.#abort.signal)) {
        await this.#file.write(chunk, 0, chunk.length, this.#bytes);
        this.#bytes += chunk.length;
        this.#announce();
      }
      this.#state = "complete";
    } catch (error) {
      this.#state = "failed";
      this.#error = error;
    }
    this.#announce();
    if (!this.#abort.signal.aborted) this.#onEnd(this);
    this.#endIfUnused();
  }

  /** Counts a reader from now on, so that the response lives until {@link read} has ended. */
  addReader(): void {
    this.#readers++;
  }

  /** All bytes from the first; waits for those that are not made yet. */
  async *read(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let at = 0; ;) {
        signal.throwIfAborted();
        if (at < this.#bytes) {
          const buffer = Buffer.allocUnsafe(Math.min(responseReadBytes, this.#bytes - at));
          const { bytesRead } = await this.#file!.read(buffer, 0, buffer.length, at);
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        } else if (this.#state === "complete") return;
        else if (this.#state === "failed") throw this.#error;
        else await orAborted(this.#progress.promise, signal);
      }
    } finally {
      this.#readers--;
      this.#endIfUnused();
    }
  }

  /** No longer offered to new readers. */
  drop(): void {
    this.#isDropped = true;
    this.#endIfUnused();
  }

  /** Ends the making of it; readers that are left fail. */
  abandon(): void {
    if (this.#abort.signal.aborted) return;
    this.#isDropped = true;
    this.#abort.abort(new DOMException("nobody reads the response", "AbortError"));
    this.#onEnd(this);
  }

  #announce(): void {
    const { resolve } = this.#progress;
    this.#progress = Promise.withResolvers<void>();
    resolve();
  }

  #endIfUnused(): void {
    if (this.#readers > 0) return;
    if (this.#state === "filling") this.abandon();
    else if (this.#isDropped) void this.#file?.close().catch(() => undefined);
  }
}

/**
 * Keeps answers to fetches on disk and makes each only once, however many clients ask at the same time.
 *
 * A full clone costs git seconds of processor time and hundreds of megabytes of memory; the same bytes from a file cost
 * next to nothing. The caller's key stands for everything that the answer depends on, so nothing is ever stale.
 */
export class ResponseCache implements AsyncDisposable {
  readonly #directory: string;
  readonly #filling = new Map<string, CachedResponse>();
  readonly #complete: LRUCache<string, CachedResponse>;
  readonly #fills = new Set<Promise<void>>();

  private constructor(directory: string, bytesMax: number) {
    this.#directory = directory;
    this.#complete = new LRUCache({
      max: cachedResponsesMax,
      maxSize: bytesMax,
      sizeCalculation: (response) => response.sizeBytes + 1,
      dispose: (response) => response.drop(),
    });
  }

  /** Opens an empty cache in a directory of its own. */
  static async open(directory: string, bytesMax: number = cachedResponseBytesMax): Promise<ResponseCache> {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new ResponseCache(directory, bytesMax);
  }

  /** The response with this key, from the cache or made now. Throws what making it throws. */
  async *get(
    repository: RepositoryId,
    options: { readonly key: string; readonly signal: AbortSignal },
    make: ResponseMaker,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const key = `${repository}:${options.key}`;
    const response = this.#complete.get(key) ?? this.#filling.get(key) ?? this.#start(repository, key, make);
    response.addReader();
    yield* response.read(options.signal);
  }

  /** Forgets the responses of a repository, for example because it is deleted. */
  forget(repository: RepositoryId): void {
    for (const [key, response] of this.#complete.entries()) {
      if (response.repository === repository) this.#complete.delete(key);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#complete.clear();
    for (const response of this.#filling.values()) response.abandon();
    await Promise.all(this.#fills);
    await rm(this.#directory, { recursive: true, force: true });
  }

  #start(repository: RepositoryId, key: string, make: ResponseMaker): CachedResponse {
    const response = new CachedResponse(repository, (ended) => this.#onEnd(key, ended));
    this.#filling.set(key, response);
    const fill = response.fill(join(this.#directory, randomToken()), make).finally(() => this.#fills.delete(fill));
    this.#fills.add(fill);
    return response;
  }

  /** One that failed, or is too large to keep, ends with its readers. */
  #onEnd(key: string, response: CachedResponse): void {
    this.#filling.delete(key);
    if (response.isComplete) this.#complete.set(key, response);
    if (this.#complete.peek(key) !== response) response.drop();
  }
}

function orAborted(progress: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    void progress.then(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
  });
}
