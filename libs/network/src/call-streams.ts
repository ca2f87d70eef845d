import type { Connection, Stream } from "@libp2p/interface";

import type { NodeId } from "@guts/primitives";

import type { NetworkLimits } from "./limits.ts";
import { StreamReader } from "./stream-reader.ts";

/** A stream for one call at a time, with what reads it. */
export interface CallStream {
  readonly connection: Connection;
  readonly stream: Stream;
  readonly reader: StreamReader;
}

/** What a pool needs. */
export interface CallStreamsOptions {
  /** The libp2p protocol of calls. */
  readonly protocol: string;
  readonly limits: NetworkLimits;
}

/**
 * Streams to call peers over, used again when a call went well: to open one costs three round trips and ten times the
 * CPU of a call over an open one. Only this side ends an idle stream, so a peer never hangs up on a call just sent.
 */
export class CallStreams {
  readonly #options: CallStreamsOptions;
  readonly #idleByNode = new Map<NodeId, IdleStream[]>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: CallStreamsOptions) {
    this.#options = options;
  }

  /** An idle stream of this connection, or a new one. Throws what libp2p throws. */
  async take(nodeId: NodeId, connection: Connection, signal: AbortSignal): Promise<CallStream> {
    const idle = this.#idleByNode.get(nodeId);
    for (let one = idle?.pop(); one !== undefined; one = idle?.pop()) {
      if (one.reader.isIdle && one.connection === connection) return one;
      one.stream.abort(new Error("not to be used again"));
    }
    const { protocol, limits } = this.#options;
    const stream = await connection.newStream(protocol, { signal, maxOutboundStreams: limits.callStreamCountMax });
    return { connection, stream, reader: new StreamReader(stream, limits.readAheadBytes) };
  }

  /** Keeps a stream whose call is complete for the next one, for a while. */
  give(nodeId: NodeId, one: CallStream): void {
    const idle = this.#idleByNode.get(nodeId) ?? [];
    const { idleCallStreamCountMax, idleCallStreamMs, streamCloseMs } = this.#options.limits;
    if (idle.length >= idleCallStreamCountMax || !one.reader.isIdle) return closeSoon(one.stream, streamCloseMs);
    idle.push({ ...one, idleSince: performance.now() });
    this.#idleByNode.set(nodeId, idle);
    if (this.#sweep === undefined) this.#sweep = setTimeout(this.#closeOld, idleCallStreamMs).unref();
  }

  readonly #closeOld = (): void => {
    const { idleCallStreamMs, streamCloseMs } = this.#options.limits;
    const usedSince = performance.now() - idleCallStreamMs;
    for (const [nodeId, idle] of this.#idleByNode) {
      const kept = idle.filter((one) => one.reader.isIdle && one.idleSince > usedSince);
      for (const one of idle) if (!kept.includes(one)) closeSoon(one.stream, streamCloseMs);
      if (kept.length > 0) this.#idleByNode.set(nodeId, kept);
      else this.#idleByNode.delete(nodeId);
    }
    this.#sweep = this.#idleByNode.size > 0 ? setTimeout(this.#closeOld, idleCallStreamMs).unref() : undefined;
  };
}

interface IdleStream extends CallStream {
  readonly idleSince: number;
}

/** Closes our side and does not wait for the other for longer than `timeoutMs`. */
export function closeSoon(stream: Stream, timeoutMs: number): void {
  const timer = setTimeout(() => stream.abort(new Error("the peer did not close its side")), timeoutMs);
  timer.unref();
  stream.addEventListener("close", () => clearTimeout(timer), { once: true });
  stream.close({ signal: AbortSignal.timeout(timeoutMs) }).catch((error: Error) => stream.abort(error));
}
