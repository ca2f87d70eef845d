import type { Connection, Stream } from "@libp2p/interface";

import { assert, fromUtf8, type NodeId } from "@guts/primitives";

import { callStatus, encodeU32, isProtocolName, piecesOf, type CallFailure } from "./call-format.ts";
import { closeSoon } from "./call-streams.ts";
import type { Counters } from "./counters.ts";
import { NetworkError } from "./errors.ts";
import { nodeIdOfPeer } from "./identity.ts";
import type { NetworkLimits } from "./limits.ts";
import type { NetworkLog, NodeRole, RequestOptions } from "./network.ts";
import { StreamReader } from "./stream-reader.ts";
import { StreamWriter } from "./stream-writer.ts";

/** Answers one call with its chunks. */
export type CallHandler = (from: NodeId, body: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>;

interface Service extends RequestOptions {
  readonly name: string;
  readonly handler: CallHandler;
  readonly isStream: boolean;
  readonly activeByPeer: Map<NodeId, number>;
  active: number;
}

/** What answering needs of the node. */
export interface CallServerOptions {
  readonly limits: NetworkLimits;
  readonly counters: Counters;
  readonly log: NetworkLog;
  readonly roleOf: (nodeId: NodeId) => NodeRole | undefined;
  /** Aborted when the network closes. */
  readonly closed: AbortSignal;
}

/** Answers calls, within the bounds of each protocol. */
export class CallServer {
  readonly #options: CallServerOptions;
  readonly #services = new Map<string, Service>();

  constructor(options: CallServerOptions) {
    this.#options = options;
  }

  /** Registers a protocol once. */
  register(name: string, options: RequestOptions & { readonly isStream: boolean }, handler: CallHandler): void {
    assert(isProtocolName(name), "a protocol's name is 1 to 64 of a-z 0-9 / . -");
    assert(!this.#services.has(name), "a protocol has one handler");
    assert(options.requestBytesMax <= this.#options.limits.requestBytesMax, "above the cap of all requests");
    this.#services.set(name, { ...options, name, handler, activeByPeer: new Map(), active: 0 });
  }

  /** Answers the calls for which a peer opened a stream, one after the other. Never throws. */
  readonly onStream = async (stream: Stream, connection: Connection): Promise<void> => {
    const from = nodeIdOfPeer(connection.remotePeer);
    if (from === undefined) return stream.abort(new Error("no node"));
    const lost = new AbortController();
    stream.addEventListener("close", () => lost.abort(new Error("the caller is gone")), { once: true });
    const signal = AbortSignal.any([lost.signal, this.#options.closed]);
    const { limits } = this.#options;
    const reader = new StreamReader(stream, limits.readAheadBytes);
    const writer = new StreamWriter(stream, limits.writeStallMs);
    try {
      let mayFollow = await reader.hasMore(AbortSignal.any([signal, AbortSignal.timeout(limits.requestReceiveMs)]));
      while (mayFollow)
        mayFollow = (await this.#answer({ from, reader, writer, signal })) && (await reader.hasMore(signal));
      closeSoon(stream, limits.streamCloseMs);
    } catch (error) {
      if (!signal.aborted && !(error instanceof NetworkError))
        this.#options.log.warn({ err: error, nodeId: from }, "an answer to a peer failed");
      stream.abort(error instanceof Error ? error : new Error("failed"));
    }
  };

  /** Answers one call; true when another one may follow on the stream. */
  async #answer({ from, reader, writer, signal }: IncomingCall): Promise<boolean> {
    const { limits, counters } = this.#options;
    const receiving = AbortSignal.any([signal, AbortSignal.timeout(limits.requestReceiveMs)]);
    const name = fromUtf8(await reader.read(await reader.readU8(receiving), receiving)) ?? "";
    const bodyLength = await reader.readU32(receiving);
    const service = this.#services.get(name);
    const failure = this.#refusalOf(service, from, bodyLength);
    if (failure !== undefined || service === undefined) {
      counters.requestsInRefused += 1;
      await writer.write(signal, Uint8Array.of(callStatus[failure ?? "unsupported"]));
      return false;
    }
    enter(service, from);
    try {
      const body = await reader.read(bodyLength, receiving);
      return await this.#serve({ service, from, body, writer, signal });
    } finally {
      leave(service, from);
    }
  }

  /** Why the call is not for us. Asked before memory is taken for its body. */
  #refusalOf(service: Service | undefined, from: NodeId, bodyLength: number): CallFailure | undefined {
    if (service === undefined) return "unsupported";
    const role = this.#options.roleOf(from);
    if (role === undefined || !service.roles.includes(role)) return "refused";
    if (bodyLength > service.requestBytesMax) return "tooLarge";
    const ofPeerMax = Math.max(1, Math.floor(service.concurrencyMax / 2));
    const isFull = service.active >= service.concurrencyMax || (service.activeByPeer.get(from) ?? 0) >= ofPeerMax;
    return isFull ? "busy" : undefined;
  }

  async #serve({ service, from, body, writer, signal }: ServedCall): Promise<boolean> {
    const { counters, limits } = this.#options;
    if (service.isStream) counters.streamsIn += 1;
    else counters.requestsIn += 1;
    const chunks = service.handler(from, body, signal)[Symbol.asyncIterator]();
    try {
      let next = await this.#first(service, chunks, signal);
      if (next === undefined) {
        await writer.write(signal, Uint8Array.of(callStatus.failed));
        return false;
      }
      let before = Uint8Array.of(callStatus.ok);
      for (; next.done !== true; next = await chunks.next()) {
        for (const piece of piecesOf(next.value, limits.chunkBytesMax)) {
          // A request has one chunk, so its last piece and the end of the answer leave as one write.
          const after = service.isStream || piece.byteOffset + piece.length < endOf(next.value) ? none : end;
          await writer.write(signal, before, encodeU32(piece.length), piece, after);
          before = none;
          if (service.isStream) counters.streamBytesOut += piece.length;
          else if (after === end) return true;
        }
      }
      await writer.write(signal, before, end);
      return true;
    } finally {
      await chunks.return?.();
    }
  }

  /** The handler's first chunk; undefined when it failed, which is logged here. */
  async #first(
    service: Service,
    chunks: AsyncIterator<Uint8Array>,
    signal: AbortSignal,
  ): Promise<IteratorResult<Uint8Array> | undefined> {
    try {
      return await chunks.next();
    } catch (error) {
      if (!signal.aborted) this.#options.log.warn({ err: error, protocol: service.name }, "a request of a peer failed");
      return undefined;
    }
  }
}

const none = new Uint8Array(0);
const end = encodeU32(0);

/** Where the bytes end in their buffer. */
function endOf(bytes: Uint8Array): number {
  return bytes.byteOffset + bytes.length;
}

interface IncomingCall {
  readonly from: NodeId;
  readonly reader: StreamReader;
  readonly writer: StreamWriter;
  readonly signal: AbortSignal;
}

interface ServedCall {
  readonly service: Service;
  readonly from: NodeId;
  readonly body: Uint8Array;
  readonly writer: StreamWriter;
  readonly signal: AbortSignal;
}

function enter(service: Service, from: NodeId): void {
  service.active += 1;
  service.activeByPeer.set(from, (service.activeByPeer.get(from) ?? 0) + 1);
}

function leave(service: Service, from: NodeId): void {
  service.active -= 1;
  const remaining = service.activeByPeer.get(from)! - 1;
  if (remaining === 0) service.activeByPeer.delete(from);
  else service.activeByPeer.set(from, remaining);
}
