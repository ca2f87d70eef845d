/** Packets and numbers of OpenPGP (RFC 9580, sections 3.2 and 4.2). Partial lengths are not for keys and are refused. */
import { openPgpLimits } from "./limits.ts";

/** A packet: what it is, and its contents. */
export interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** The bytes are not what they should be. It stays within this folder: readers answer in a word. */
export class OpenPgpFormatError extends TypeError {}

/** Reads what stands in a byte string, in order. Throws `OpenPgpFormatError` at its end. */
export class PacketReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new OpenPgpFormatError("the bytes end too early");
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** An unsigned number of up to 4 bytes, the most significant first. */
  number(length: 1 | 2 | 4): number {
    let value = 0;
    for (const byte of this.take(length)) value = value * 256 + byte;
    return value;
  }

  /** A multiprecision integer, without the zeros in front. */
  integer(): Uint8Array {
    const bits = this.number(2);
    return this.take(Math.ceil(bits / 8));
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#offset);
  }
}

/** All packets of a byte string. Throws `OpenPgpFormatError`. */
export function readPackets(bytes: Uint8Array): readonly Packet[] {
  const reader = new PacketReader(bytes);
  const packets: Packet[] = [];
  while (!reader.isAtEnd) {
    if (packets.length >= openPgpLimits.packetsMax) throw new OpenPgpFormatError("too many packets");
    packets.push(readPacket(reader));
  }
  return packets;
}

function readPacket(reader: PacketReader): Packet {
  const head = reader.number(1);
  if ((head & 0x80) === 0) throw new OpenPgpFormatError("no packet begins here");
  if ((head & 0x40) !== 0) return { tag: head & 0x3f, body: reader.take(readLength(reader)) };
  const lengthType = head & 0x03;
  if (lengthType === 3) throw new OpenPgpFormatError("a packet without a length");
  return { tag: (head & 0x3f) >> 2, body: reader.take(reader.number(lengthType === 0 ? 1 : lengthType === 1 ? 2 : 4)) };
}

/** A length of one, two or five bytes, as new packets and subpackets have it. */
export function readLength(reader: PacketReader): number {
  const first = reader.number(1);
  if (first < 192) return first;
  if (first < 224) return (first - 192) * 256 + reader.number(1) + 192;
  if (first !== 255) throw new OpenPgpFormatError("a partial length");
  return reader.number(4);
}
