import type { StreamMuxer, StreamMuxerFactory, MultiaddrConnection, StreamMessageEvent } from "@libp2p/interface";
import { yamux, type YamuxMuxerInit } from "@libp2p/yamux";

/** Bytes of a yamux frame's header: version, type, flags (u16), stream id (u32), length (u32). */
const headerBytes = 12;
const dataType = 0;

/** Bytes up to which a frame leaves as one piece. */
const joinBytes = 16 * 1024;

type Bytes = StreamMessageEvent["data"];

/** What one connection may make this node hold. */
export interface YamuxBounds {
  /** Length of a data frame: the largest window that we ever grant. */
  readonly frameBytesMax: number;
  /** Bytes that wait to be written, answers to pings among them. */
  readonly writeBufferBytesMax: number;
}

/**
 * yamux whose connections end when a peer announces a data frame above any window that it was granted.
 *
 * The decoder of @libp2p/yamux collects a data frame of any announced length, up to 4 GiB, before it looks at the
 * window, and answers pings whether the peer reads or not.
 */
export function boundedYamux(init: YamuxMuxerInit, bounds: YamuxBounds): () => StreamMuxerFactory {
  const createFactory = yamux(init);
  return () => {
    const factory = createFactory() as StreamMuxerFactory;
    return {
      protocol: factory.protocol,
      createStreamMuxer(connection: MultiaddrConnection): StreamMuxer {
        const guard = new YamuxGuard(bounds.frameBytesMax);
        connection.maxWriteBufferLength = bounds.writeBufferBytesMax;
        connection.addEventListener("message", ({ data }: StreamMessageEvent) => {
          for (const chunk of data instanceof Uint8Array ? [data] : data)
            if (!guard.accepts(chunk)) return connection.abort(new Error("a yamux frame above every window"));
        });
        return surviving(factory.createStreamMuxer(connection), connection);
      },
    };
  };
}

/**
 * A muxer that ends its connection instead of throwing when it cannot write. It sends a new stream's first frame from
 * a microtask of its own, where nobody can catch: a peer that hung up at that moment would end our process.
 */
function surviving(muxer: StreamMuxer, connection: MultiaddrConnection): StreamMuxer {
  const sending = muxer as StreamMuxer & { send(data: Bytes): boolean };
  const send = sending.send.bind(sending);
  sending.send = (data) => {
    try {
      // The parts of a list leave as TLS records of their own: a small frame would be two, with its header.
      return send(data instanceof Uint8Array || data.byteLength > joinBytes ? data : data.subarray());
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error("the connection takes no bytes"));
      return false;
    }
  };
  return muxer;
}

/** Follows the headers of yamux frames through a stream of bytes. */
export class YamuxGuard {
  readonly #frameBytesMax: number;
  readonly #header = new Uint8Array(headerBytes);
  #headerLength = 0;
  #dataLeft = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** False when a data frame is longer than allowed; not to be asked again then. */
  accepts(chunk: Uint8Array): boolean {
    let offset = 0;
    while (offset < chunk.length) {
      const skipped = Math.min(this.#dataLeft, chunk.length - offset);
      this.#dataLeft -= skipped;
      offset += skipped;
      const taken = Math.min(headerBytes - this.#headerLength, chunk.length - offset);
      this.#header.set(chunk.subarray(offset, offset + taken), this.#headerLength);
      this.#headerLength += taken;
      offset += taken;
      if (this.#headerLength === headerBytes && !this.#onHeader()) return false;
    }
    return true;
  }

  #onHeader(): boolean {
    this.#headerLength = 0;
    if (this.#header[1] === dataType) this.#dataLeft = new DataView(this.#header.buffer).getUint32(8);
    return this.#dataLeft <= this.#frameBytesMax;
  }
}
