import type { Connection, Stream } from "@libp2p/interface";

import { concatBytes, type NodeId } from "@guts/primitives";

import { callStatus, encodeCallHead, failureOf, piecesOf } from "./call-format.ts";
import type { Counters } from "./counters.ts";
import { NetworkError, type NetworkErrorData } from "./errors.ts";
import type { NetworkLimits } from "./limits.ts";
import { StreamReader } from "./stream-reader.ts";
import { StreamWriter } from "./stream-writer.ts";

/** A call to make. */
export interface Call {
  readonly to: NodeId;
  readonly name: string;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
}

/** What calls need of the node. */
export interface CallClientOptions {
  /** The libp2p protocol of calls. */
  readonly protocol: string;
  readonly limits: NetworkLimits;
  readonly counters: Counters;
  /** The connection of the direct stream. Throws `not-connected`. */
  readonly connectionTo: (nodeId: NodeId) => Connection;
}

/** Makes calls, each over a stream of its own. */
export class CallClient {
  readonly #options: CallClientOptions;

  constructor(options: CallClientOptions) {
    this.#options = options;
  }

  /** The whole answer. */
  async request(call: Call, responseBytesMax: number): Promise<Uint8Array> {
    const { counters } = this.#options;
    counters.requestsOut += 1;
    try {
      return await this.#collect(call, responseBytesMax);
    } catch (error) {
      counters.requestsOutFailed += 1;
      throw error;
    }
  }

  /** The answer as it comes. Leaving the loop tells the peer to stop. */
  async *stream(call: Call): AsyncGenerator<Uint8Array, void> {
    const { counters } = this.#options;
    counters.streamsOut += 1;
    for await (const chunk of this.#chunks(call, undefined)) {
      counters.streamBytesIn += chunk.length;
      yield chunk;
    }
  }

  async #collect(call: Call, responseBytesMax: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#chunks(call, responseBytesMax)) chunks.push(chunk);
    return chunks.length === 1 ? chunks[0]! : concatBytes(...chunks);
  }

  async *#chunks(call: Call, totalBytesMax: number | undefined): AsyncGenerator<Uint8Array, void> {
    const stream = await this.#open(call);
    const onAbort = () => stream.abort(new Error("aborted"));
    call.signal.addEventListener("abort", onAbort, { once: true });
    let isComplete = false;
    try {
      const reader = new StreamReader(stream, this.#options.limits.readAheadBytes);
      // A peer may refuse before it has read the body, so the answer is read while the body is sent.
      this.#send(call, stream).catch((error: Error) => stream.abort(error));
      yield* this.#answer(call, reader, totalBytesMax);
      isComplete = true;
    } finally {
      call.signal.removeEventListener("abort", onAbort);
      if (isComplete) closeSoon(stream, this.#options.limits.streamCloseMs);
      else stream.abort(new Error("the caller wants no more"));
    }
  }

  async #send({ name, body, signal }: Call, stream: Stream): Promise<void> {
    const writer = new StreamWriter(stream, this.#options.limits.writeStallMs);
    await writer.write(signal, encodeCallHead(name, body.length));
    for (const piece of piecesOf(body, this.#options.limits.chunkBytesMax)) await writer.write(signal, piece);
  }

  async #open({ to, name, signal }: Call): Promise<Stream> {
    signal.throwIfAborted();
    const connection = this.#options.connectionTo(to);
    try {
      return await connection.newStream(this.#options.protocol, { signal, maxOutboundStreams: callStreamsMax });
    } catch (cause) {
      signal.throwIfAborted();
      const isFull = cause instanceof Error && cause.name === "TooManyOutboundProtocolStreamsError";
      throw new NetworkError(
        isFull ? "busy" : "connection-lost",
        "no stream could be opened",
        { nodeId: to, protocol: name },
        { cause },
      );
    }
  }

  async *#answer(
    call: Call,
    reader: StreamReader,
    totalBytesMax: number | undefined,
  ): AsyncGenerator<Uint8Array, void> {
    const { to, name, signal } = call;
    const about: NetworkErrorData = { nodeId: to, protocol: name };
    const status = await reader.readU8(signal);
    if (status !== callStatus.ok) throw new NetworkError(failureOf(status), "the node did not answer the call", about);
    let total = 0;
    for (;;) {
      const length = await reader.readU32(signal);
      if (length === 0) return;
      total += length;
      if (totalBytesMax !== undefined && total > totalBytesMax)
        throw new NetworkError("response-too-large", "the answer is above the caller's cap", about);
      if (length > this.#options.limits.chunkBytesMax)
        throw new NetworkError("malformed", "a chunk above the protocol's cap", about);
      yield await reader.read(length, signal);
    }
  }
}

/** Calls that may be open to one peer at once, in each direction. */
export const callStreamsMax = 128;

/** Closes our side and does not wait for the other for longer than `timeoutMs`. */
export function closeSoon(stream: Stream, timeoutMs: number): void {
  const timer = setTimeout(() => stream.abort(new Error("the peer did not close its side")), timeoutMs);
  timer.unref();
  stream.addEventListener("close", () => clearTimeout(timer), { once: true });
  stream.close({ signal: AbortSignal.timeout(timeoutMs) }).catch((error: Error) => stream.abort(error));
}
