/**
 * The direct stream of a pair of nodes: frames in order, pings, bounds in both directions.
 *
 * 1. What is sent in one turn of the event loop leaves as one write.
 * 2. A full queue refuses; a queue that stands still ends the link, for its peer does not read.
 * 3. A peer that sends faster than its rate is read more slowly: yamux then closes its window.
 * 4. A frame that the peer must not send ends the link before memory is taken for it.
 */
import type { Connection, Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";

import type { NodeId } from "@guts/primitives";

import type { Counters } from "./counters.ts";
import { FrameDecoder, FrameViolation, type Frame } from "./frame.ts";
import { pingBytesMax, Liveness, pingChannel } from "./liveness.ts";
import type { NetworkLimits } from "./limits.ts";
import { SendQueue } from "./send-queue.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Bytes of frames that leave in one write, unless one frame alone is larger. */
const batchBytes = 64 * 1024;

/** Who listens to a channel, and how long its frames may be. */
export interface Channel {
  readonly frameBytesMax: number;
  readonly handler: (from: NodeId, frame: Uint8Array) => void;
}

/** What a link needs to know. */
export interface LinkOptions {
  readonly nodeId: NodeId;
  readonly stream: Stream;
  readonly connection: Connection;
  readonly channels: ReadonlyMap<number, Channel>;
  readonly limits: NetworkLimits;
  readonly counters: Counters;
  /** Told once, after which nothing more happens. `violation` names what the peer did wrong. */
  readonly onClose: (link: Link, reason: string, violation: FrameViolation | undefined) => void;
}

/** An open direct stream. */
export class Link {
  readonly nodeId: NodeId;
  readonly connection: Connection;
  readonly connectedSince = Date.now();
  /** What went over this link. */
  readonly traffic = { bytesIn: 0, bytesOut: 0, framesIn: 0, framesOut: 0, framesRefused: 0 };

  readonly #options: LinkOptions;
  readonly #stream: Stream;
  readonly #queue: SendQueue;
  readonly #decoder: FrameDecoder;
  readonly #byteRate: TokenBucket;
  readonly #frameRate: TokenBucket;
  readonly #liveness: Liveness;
  /** Bytes that left the queue, with their headers. */
  #takenBytes = 0;
  #isClosed = false;
  #isFlushPlanned = false;
  #resumeTimer: NodeJS.Timeout | undefined;

  /** Takes over a stream. Handlers may be called from now on, never before this returns. */
  constructor(options: LinkOptions) {
    const { limits, stream } = options;
    this.#options = options;
    this.nodeId = options.nodeId;
    this.connection = options.connection;
    this.#stream = stream;
    this.#queue = new SendQueue(limits.queueBytesMax, limits.queueFramesMax);
    this.#decoder = new FrameDecoder((channel) => this.#frameBytesMaxOf(channel));
    const now = performance.now();
    this.#byteRate = new TokenBucket(limits.frameBytesPerSecond, limits.frameBytesBurst, now);
    this.#frameRate = new TokenBucket(limits.framesPerSecond, limits.framesBurst, now);
    stream.addEventListener("message", this.#onMessage);
    stream.addEventListener("drain", this.#flush);
    stream.addEventListener("close", this.#onStreamClose);
    stream.addEventListener("remoteCloseWrite", this.#onRemoteCloseWrite);
    this.#liveness = new Liveness({
      limits,
      send: (frame) => this.#offer(pingChannel, frame),
      deliveredBytes: () => this.#takenBytes - stream.writeBufferLength,
      queuedBytes: () => this.queuedBytes,
      onLost: (reason) => this.close(reason),
    });
  }

  get rttMs(): number | undefined {
    return this.#liveness.rttMs;
  }

  get isAnswering(): boolean {
    return this.#liveness.isAnswering;
  }

  /** Bytes that have not been handed to the connection. */
  get queuedBytes(): number {
    return this.#queue.bytes + this.#stream.writeBufferLength;
  }

  /** Queues a frame. False when the link is closed or a bound would be exceeded. */
  send(channel: number, payload: Uint8Array): boolean {
    const isTaken = this.#offer(channel, payload);
    if (!isTaken) {
      this.traffic.framesRefused += 1;
      this.#options.counters.framesRefused += 1;
    }
    return isTaken;
  }

  /** Ends the link now; what is queued is lost. */
  close(reason: string, violation?: FrameViolation): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#liveness.stop();
    clearTimeout(this.#resumeTimer);
    this.#stream.removeEventListener("message", this.#onMessage);
    this.#stream.removeEventListener("drain", this.#flush);
    this.#stream.removeEventListener("close", this.#onStreamClose);
    this.#stream.removeEventListener("remoteCloseWrite", this.#onRemoteCloseWrite);
    this.#stream.abort(new Error(reason));
    this.#options.onClose(this, reason, violation);
  }

  #frameBytesMaxOf(channel: number): number | undefined {
    if (channel === pingChannel) return pingBytesMax;
    return this.#options.channels.get(channel)?.frameBytesMax;
  }

  #offer(channel: number, payload: Uint8Array): boolean {
    if (this.#isClosed || !this.#queue.offer(channel, payload, this.#stream.writeBufferLength)) return false;
    this.traffic.framesOut += 1;
    this.traffic.bytesOut += payload.length;
    this.#options.counters.framesOut += 1;
    this.#options.counters.bytesOut += payload.length;
    if (!this.#isFlushPlanned) {
      this.#isFlushPlanned = true;
      queueMicrotask(this.#flush);
    }
    return true;
  }

  readonly #flush = (): void => {
    this.#isFlushPlanned = false;
    while (!this.#isClosed && !this.#stream.writableNeedsDrain && this.#stream.writeStatus === "writable") {
      const batch = this.#queue.take(batchBytes);
      if (batch === undefined) return;
      this.#takenBytes += batch.length;
      this.#stream.send(batch);
    }
  };

  readonly #onMessage = ({ data }: StreamMessageEvent): void => {
    this.#liveness.onReceived();
    const framesBefore = this.traffic.framesIn;
    for (const chunk of data instanceof Uint8Array ? [data] : data) {
      if (this.#isClosed) return;
      this.#decode(chunk);
    }
    this.#throttle(data.byteLength, this.traffic.framesIn - framesBefore);
  };

  #decode(chunk: Uint8Array): void {
    try {
      for (const frame of this.#decoder.push(chunk)) {
        this.#deliver(frame);
        if (this.#isClosed) return;
      }
    } catch (error) {
      if (!(error instanceof FrameViolation)) throw error;
      this.close(error.code, error);
    }
  }

  #deliver({ channel, payload }: Frame): void {
    const { counters, channels } = this.#options;
    this.traffic.framesIn += 1;
    this.traffic.bytesIn += payload.length;
    counters.framesIn += 1;
    counters.bytesIn += payload.length;
    if (channel === pingChannel) this.#liveness.onFrame(payload);
    else channels.get(channel)?.handler(this.nodeId, payload);
  }

  /** Stops reading until the peer's debts of bytes and of frames are paid. */
  #throttle(bytes: number, frames: number): void {
    const now = performance.now();
    const waitMs = Math.max(this.#byteRate.take(bytes, now), this.#frameRate.take(frames, now));
    if (waitMs === 0 || this.#isClosed || this.#stream.readStatus !== "readable") return;
    this.#options.counters.throttles += 1;
    this.#stream.pause();
    this.#resumeTimer = setTimeout(() => {
      if (this.#stream.readStatus === "paused") this.#stream.resume();
    }, waitMs);
  }

  readonly #onStreamClose = (event: StreamCloseEvent): void => {
    this.close(event.error === undefined ? "closed" : "connection lost");
  };

  readonly #onRemoteCloseWrite = (): void => {
    this.close("closed by peer");
  };
}
