/**
 * Frames of the direct stream: length of the payload (u32, big-endian), channel (u8), payload.
 *
 * The receiver looks at channel and length before it takes memory for a payload, and then takes memory only as
 * bytes arrive, so a peer that announces much and sends nothing holds nothing.
 */
import { GutsError } from "@guts/primitives";

/** Bytes before a frame's payload. */
export const frameHeaderBytes = 5;

/** What a frame holds. The payload is a copy, owned by whoever takes it. */
export interface Frame {
  readonly channel: number;
  readonly payload: Uint8Array;
}

/** A frame that a peer must not send: of a channel that nobody listens to, or longer than the channel allows. */
export class FrameViolation extends GutsError<
  "unknown-channel" | "frame-too-large",
  { readonly channel: number; readonly length: number }
> {}

/** The header of a frame. */
export function encodeFrameHeader(channel: number, length: number): Uint8Array {
  const header = new Uint8Array(frameHeaderBytes);
  new DataView(header.buffer).setUint32(0, length);
  header[4] = channel;
  return header;
}

/** First allocation for a payload whose bytes have not arrived; it doubles as they do. */
const firstAllocationBytes = 64 * 1024;

/** Cuts a stream of bytes into frames. After a violation it must not be used again. */
export class FrameDecoder {
  readonly #frameBytesMaxOf: (channel: number) => number | undefined;
  readonly #header = new Uint8Array(frameHeaderBytes);
  #headerLength = 0;
  #payload = new Uint8Array(0);
  #payloadLength = 0;
  #expected = 0;

  /** `frameBytesMaxOf` gives the cap of a channel, or undefined for a channel without listener. */
  constructor(frameBytesMaxOf: (channel: number) => number | undefined) {
    this.#frameBytesMaxOf = frameBytesMaxOf;
  }

  /** Bytes that are held for a frame that is not complete. */
  get heldBytes(): number {
    return this.#payload.length;
  }

  /** The frames that `chunk` completes, one at a time. Throws `FrameViolation`. The rest of the chunk is lost when the caller stops early. */
  *push(chunk: Uint8Array): Generator<Frame, void> {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#headerLength < frameHeaderBytes) {
        offset += this.#takeHeader(chunk, offset);
        if (this.#headerLength < frameHeaderBytes) return;
      }
      offset += this.#takePayload(chunk, offset);
      if (this.#payloadLength === this.#expected) yield this.#finish();
    }
  }

  #takeHeader(chunk: Uint8Array, offset: number): number {
    const taken = Math.min(frameHeaderBytes - this.#headerLength, chunk.length - offset);
    this.#header.set(chunk.subarray(offset, offset + taken), this.#headerLength);
    this.#headerLength += taken;
    if (this.#headerLength === frameHeaderBytes) this.#startPayload();
    return taken;
  }

  #startPayload(): void {
    const length = new DataView(this.#header.buffer).getUint32(0);
    const channel = this.#header[4]!;
    const bytesMax = this.#frameBytesMaxOf(channel);
    if (bytesMax === undefined)
      throw new FrameViolation("unknown-channel", "a frame of a channel without listener", { channel, length });
    if (length > bytesMax)
      throw new FrameViolation("frame-too-large", "a frame above its channel's cap", { channel, length });
    this.#expected = length;
  }

  #takePayload(chunk: Uint8Array, offset: number): number {
    const taken = Math.min(this.#expected - this.#payloadLength, chunk.length - offset);
    this.#reserve(this.#payloadLength + taken);
    this.#payload.set(chunk.subarray(offset, offset + taken), this.#payloadLength);
    this.#payloadLength += taken;
    return taken;
  }

  /** Makes room for `length` bytes, and at once for the whole payload when most of it is there. */
  #reserve(length: number): void {
    if (length <= this.#payload.length) return;
    const isWhole = length === this.#expected;
    const wanted = isWhole ? length : Math.max(firstAllocationBytes, 2 * this.#payload.length, length);
    const larger = new Uint8Array(Math.min(wanted, this.#expected));
    larger.set(this.#payload.subarray(0, this.#payloadLength));
    this.#payload = larger;
  }

  #finish(): Frame {
    const frame = { channel: this.#header[4]!, payload: this.#payload };
    this.#headerLength = 0;
    this.#payload = new Uint8Array(0);
    this.#payloadLength = 0;
    this.#expected = 0;
    return frame;
  }
}
