import { once } from "node:events";
import type { Writable } from "node:stream";

import type { ServerChannel } from "ssh2";

/**
 * A channel on which git talks: bytes both ways, words for the person, an exit status.
 *
 * Memory is bounded by the connection, not by SSH's windows: a client chooses those itself, and ssh2 hands the connection
 * whatever fits into them.
 */
export class GitChannel {
  readonly #channel: ServerChannel;
  readonly #connection: Writable;
  readonly #closed = new AbortController();

  constructor(channel: ServerChannel, connection: Writable) {
    this.#channel = channel;
    this.#connection = connection;
    const close = (): void => this.#closed.abort(new DOMException("the client went away", "AbortError"));
    channel.once("close", close);
    channel.on("error", close);
  }

  /** Aborted when the client closes the channel or loses its connection. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** What the client sends. Who stops early leaves the channel open. */
  input(): AsyncIterable<Uint8Array> {
    return this.#channel.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  }

  /** Sends bytes, each chunk once the connection has taken the one before. Throws when the client goes away. */
  async write(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      this.signal.throwIfAborted();
      if (chunk.length > 0) await this.#unlessClosed((done) => this.#channel.write(chunk, done));
      if (this.#connection.writableNeedDrain) await once(this.#connection, "drain", { signal: this.signal });
    }
  }

  /** Ends the channel with an exit status, after `words` on standard error: git shows them to its user as they are. */
  async exit(status: number, words?: string): Promise<void> {
    if (this.signal.aborted) return;
    if (words !== undefined) await this.tell(words);
    this.#channel.exit(status);
    this.#channel.end();
  }

  /** Ends the connection unless the channel ends by itself in a moment: who reads nothing would never see it end. */
  cutSoon(): void {
    const timer = setTimeout(() => this.#connection.destroy(), cutGraceMs);
    this.#channel.once("close", () => clearTimeout(timer));
  }

  /** Reads and forgets what the client still sends, so that it reads the answer; false when that is too much. */
  async drain({ bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number }): Promise<boolean> {
    const channel = this.#channel;
    if (channel.readableEnded) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let length = 0;
    const timer = setTimeout(() => resolve(false), timeoutMs);
    channel.on("data", (chunk: Uint8Array) => {
      length += chunk.length;
      if (length > bytesMax) resolve(false);
    });
    channel.once("end", () => resolve(true));
    this.signal.addEventListener("abort", () => resolve(false), { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says words on standard error. */
  async tell(words: string): Promise<void> {
    await this.#unlessClosed((done) => this.#channel.stderr.write(`${words}\n`, done)).catch(() => {});
  }

  async #unlessClosed(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => reject(this.signal.reason);
    this.signal.addEventListener("abort", abort, { once: true });
    start((error) => (error ? reject(error) : resolve()));
    try {
      await promise;
    } finally {
      this.signal.removeEventListener("abort", abort);
    }
  }
}

const cutGraceMs = 2_000;
