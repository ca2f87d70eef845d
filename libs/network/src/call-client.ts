import type { Connection, Stream } from "@libp2p/interface";

import { concatBytes, type NodeId } from "@guts/primitives";

import { callStatus, encodeCallHead, failureOf, piecesOf } from "./call-format.ts";
import { CallStreams, type CallStream } from "./call-streams.ts";
import type { Counters } from "./counters.ts";
import { NetworkError, type NetworkErrorData } from "./errors.ts";
import type { NetworkLimits } from "./limits.ts";
import type { StreamReader } from "./stream-reader.ts";
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

const none = new Uint8Array(0);

/** Makes calls, each over a stream that is its own for that time. */
export class CallClient {
  readonly #options: CallClientOptions;
  readonly #streams: CallStreams;

  constructor(options: CallClientOptions) {
    this.#options = options;
    this.#streams = new CallStreams(options);
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
    return concatBytes(...chunks);
  }

  async *#chunks(call: Call, totalBytesMax: number | undefined): AsyncGenerator<Uint8Array, void> {
    const one = await this.#open(call);
    const { stream, reader } = one;
    const onAbort = () => stream.abort(new Error("aborted"));
    call.signal.addEventListener("abort", onAbort, { once: true });
    let isComplete = false;
    let isSent = false;
    try {
      // A peer may refuse before it has read the body, so the answer is read while the body is sent.
      this.#send(call, stream).then(
        () => (isSent = true),
        (error: Error) => stream.abort(error),
      );
      yield* this.#answer(call, reader, totalBytesMax);
      isComplete = true;
    } finally {
      call.signal.removeEventListener("abort", onAbort);
      if (isComplete && isSent) this.#streams.give(call.to, one);
      else stream.abort(new Error("the caller wants no more"));
    }
  }

  async #send({ name, body, signal }: Call, stream: Stream): Promise<void> {
    const writer = new StreamWriter(stream, this.#options.limits.writeStallMs);
    const [first = none, ...others] = piecesOf(body, this.#options.limits.chunkBytesMax);
    await writer.write(signal, encodeCallHead(name, body.length), first);
    for (const piece of others) await writer.write(signal, piece);
  }

  async #open({ to, name, signal }: Call): Promise<CallStream> {
    signal.throwIfAborted();
    const connection = this.#options.connectionTo(to);
    try {
      return await this.#streams.take(to, connection, signal);
    } catch (cause) {
      signal.throwIfAborted();
      const isFull = cause instanceof Error && cause.name === "TooManyOutboundProtocolStreamsError";
      const code = isFull ? "busy" : "connection-lost";
      throw new NetworkError(code, "no stream could be opened", { nodeId: to, protocol: name }, { cause });
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
