import { encodeFrameHeader, frameHeaderBytes } from "./frame.ts";

/** Frames that wait for a peer, in order, within bounds of bytes and of frames. Full means that the frame is refused. */
export class SendQueue {
  readonly #bytesMax: number;
  readonly #framesMax: number;
  #waiting: { readonly channel: number; readonly payload: Uint8Array }[] = [];
  #head = 0;
  #bytes = 0;

  constructor(bytesMax: number, framesMax: number) {
    this.#bytesMax = bytesMax;
    this.#framesMax = framesMax;
  }

  /** Bytes that wait, with their headers. */
  get bytes(): number {
    return this.#bytes;
  }

  get frameCount(): number {
    return this.#waiting.length - this.#head;
  }

  /** Takes the frame in, or answers false when a bound would be exceeded. `elsewhere` counts bytes already handed on. */
  offer(channel: number, payload: Uint8Array, elsewhere: number): boolean {
    const size = frameHeaderBytes + payload.length;
    if (this.frameCount >= this.#framesMax || this.#bytes + elsewhere + size > this.#bytesMax) return false;
    this.#waiting.push({ channel, payload });
    this.#bytes += size;
    return true;
  }

  /** The next frames as bytes for the wire: as many as fit into `batchBytes`, at least one. Undefined when none waits. */
  take(batchBytes: number): Uint8Array | undefined {
    if (this.frameCount === 0) return undefined;
    let size = 0;
    let end = this.#head;
    do {
      size += frameHeaderBytes + this.#waiting[end]!.payload.length;
      end += 1;
    } while (end < this.#waiting.length && size + frameHeaderBytes + this.#waiting[end]!.payload.length <= batchBytes);
    const batch = new Uint8Array(size);
    let offset = 0;
    for (; this.#head < end; this.#head++) offset = this.#write(batch, offset);
    this.#bytes -= size;
    this.#forgetTaken();
    return batch;
  }

  #write(batch: Uint8Array, offset: number): number {
    const { channel, payload } = this.#waiting[this.#head]!;
    batch.set(encodeFrameHeader(channel, payload.length), offset);
    batch.set(payload, offset + frameHeaderBytes);
    return offset + frameHeaderBytes + payload.length;
  }

  #forgetTaken(): void {
    if (this.#head === this.#waiting.length) this.#waiting = [];
    else if (this.#head > 1024) this.#waiting = this.#waiting.slice(this.#head);
    else return;
    this.#head = 0;
  }
}
