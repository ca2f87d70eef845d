/**
 * An append-only log in preallocated segments.
 *
 * A record is {length u32, crc32 u32, tag u8, payload}; the checksum covers tag and payload. Segments are files of fixed
 * size, filled with zeros when they are made, so that an append changes no file's length and `fdatasync` is one write.
 * A record never crosses segments.
 *
 * Reading stops at the first length of zero (the end) or at a record that is torn. A torn tail is what a crash leaves and
 * is overwritten; a bad record with a good one behind it is corruption, and opening refuses.
 */
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { makeDirectory, syncDirectory, syncFile } from "./durable-files.ts";
import { StorageError } from "../errors.ts";

/** Bytes of one segment. */
export const segmentBytes = 32 * 1024 * 1024;
/** Bytes of one record's payload: a block with its certificate fits many times. */
export const recordBytesMax = 16 * 1024 * 1024;

const headerBytes = 9;
const preallocationChunk = new Uint8Array(1024 * 1024);

/** Where a record begins. */
export interface LogPosition {
  readonly segment: number;
  readonly offset: number;
}

/** One record with the position behind it. */
export interface LogRecord {
  readonly tag: number;
  readonly payload: Uint8Array;
  readonly position: LogPosition;
  readonly next: LogPosition;
}

/** The log in one directory. One writer; `sync` makes everything appended before it durable. */
export class SegmentLog {
  readonly #directory: string;
  readonly #segmentBytes: number;
  #segment: number;
  #descriptor: number;
  #offset: number;

  /** Opens or makes the log. `after` is a position that is known to be sound: scanning for the tail begins there. */
  constructor(directory: string, options: { readonly segmentBytes?: number; readonly after?: LogPosition } = {}) {
    this.#directory = directory;
    this.#segmentBytes = options.segmentBytes ?? segmentBytes;
    makeDirectory(directory);
    const last = lastSegment(directory);
    this.#segment = last ?? 0;
    this.#descriptor = last === undefined ? this.#createSegment(0) : openSync(this.#path(last), "r+");
    this.#offset = 0;
    let tail: LogPosition = options.after ?? { segment: 0, offset: 0 };
    for (const record of this.read(tail)) tail = record.next;
    this.#assertNothingBehind(tail);
    this.#moveTo(tail);
  }

  /** Where the next record will begin. */
  get tail(): LogPosition {
    return { segment: this.#segment, offset: this.#offset };
  }

  /** Writes a record; it is durable after the next `sync`. */
  append(tag: number, payload: Uint8Array): LogPosition {
    if (payload.length > recordBytesMax)
      throw new StorageError("record-too-large", `a log record of ${payload.length} bytes`, {});
    const length = headerBytes + payload.length;
    if (this.#offset + length > this.#segmentBytes) this.#moveTo({ segment: this.#segment + 1, offset: 0 });
    const record = Buffer.alloc(length);
    record[8] = tag;
    record.set(payload, headerBytes);
    record.writeUInt32BE(payload.length + 1, 0);
    record.writeUInt32BE(crc32(record.subarray(8)), 4);
    writeAll(this.#descriptor, record, this.#offset);
    const position = this.tail;
    this.#offset += length;
    return position;
  }

  /** Makes all appended records durable. */
  sync(): void {
    syncFile(this.#descriptor);
  }

  /** The record at a position that `append` or `read` gave. */
  readAt(position: LogPosition): LogRecord {
    for (const record of this.read(position)) return record;
    throw new StorageError("log-corrupt", `no record at segment ${position.segment}, byte ${position.offset}`, {});
  }

  /** Records from `position` to the end of the log. */
  *read(from: LogPosition): Generator<LogRecord, undefined> {
    let position = from;
    while (existsSync(this.#path(position.segment))) {
      const descriptor = openSync(this.#path(position.segment), "r");
      try {
        for (
          let record = this.#readRecord(descriptor, position);
          record !== undefined;
          record = this.#readRecord(descriptor, position)
        ) {
          position = record.next;
          yield record;
        }
      } finally {
        closeSync(descriptor);
      }
      position = { segment: position.segment + 1, offset: 0 };
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The sound record at a position, or undefined at the end and at a torn record. */
  #readRecord(descriptor: number, position: LogPosition): LogRecord | undefined {
    const header = Buffer.alloc(8);
    if (readSync(descriptor, header, 0, 8, position.offset) < 8) return undefined;
    const length = header.readUInt32BE(0);
    if (length === 0 || length > recordBytesMax + 1 || position.offset + 8 + length > this.#segmentBytes)
      return undefined;
    const body = Buffer.alloc(length);
    if (readSync(descriptor, body, 0, length, position.offset + 8) < length) return undefined;
    if (crc32(body) !== header.readUInt32BE(4)) return undefined;
    const next = { segment: position.segment, offset: position.offset + 8 + length };
    return { tag: body[0]!, payload: new Uint8Array(body.buffer, body.byteOffset + 1, length - 1), position, next };
  }

  /** A crash tears only the last record: whatever is sound behind the tail, or in a later segment, shows corruption. */
  #assertNothingBehind(tail: LogPosition): void {
    const last = lastSegment(this.#directory) ?? 0;
    const skipped = this.#lengthAt(tail);
    const behind = [{ segment: tail.segment, offset: tail.offset + 8 + skipped }, ...segmentsAfter(tail.segment, last)];
    for (const position of behind) {
      if (skipped === 0 && position.segment === tail.segment) continue;
      const descriptor = openSync(this.#path(position.segment), "r");
      const record = this.#readRecord(descriptor, position);
      closeSync(descriptor);
      if (record !== undefined) {
        throw new StorageError(
          "log-corrupt",
          `${this.#path(tail.segment)} is damaged at byte ${tail.offset}; restore this node from its peers`,
          {},
        );
      }
    }
  }

  #lengthAt(position: LogPosition): number {
    const header = Buffer.alloc(4);
    const descriptor = openSync(this.#path(position.segment), "r");
    readSync(descriptor, header, 0, 4, position.offset);
    closeSync(descriptor);
    const length = header.readUInt32BE(0);
    return length > recordBytesMax + 1 ? 0 : length;
  }

  /** Appends go to `position` from now on; the bytes of a torn record there are cleared first. */
  #moveTo(position: LogPosition): void {
    if (position.segment !== this.#segment) {
      syncFile(this.#descriptor);
      closeSync(this.#descriptor);
      const exists = existsSync(this.#path(position.segment));
      this.#descriptor = exists ? openSync(this.#path(position.segment), "r+") : this.#createSegment(position.segment);
    }
    this.#segment = position.segment;
    this.#offset = position.offset;
    if (this.#lengthAt(position) !== 0) {
      clearRange(this.#descriptor, position.offset, this.#segmentBytes);
      syncFile(this.#descriptor);
    }
  }

  /** Makes a segment of zeros under another name first, so that a crash never leaves a short one. */
  #createSegment(segment: number): number {
    const draft = `${this.#path(segment)}.new`;
    const descriptor = openSync(draft, "w+");
    clearRange(descriptor, 0, this.#segmentBytes);
    syncFile(descriptor);
    renameSync(draft, this.#path(segment));
    syncDirectory(this.#directory);
    return descriptor;
  }

  #path(segment: number): string {
    return join(this.#directory, `${String(segment).padStart(8, "0")}.log`);
  }
}

function lastSegment(directory: string): number | undefined {
  const numbers = readdirSync(directory)
    .filter((name) => /^\d{8}\.log$/.test(name) && statSync(join(directory, name)).isFile())
    .map((name) => Number.parseInt(name, 10));
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function segmentsAfter(first: number, last: number): readonly LogPosition[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => ({ segment: first + index + 1, offset: 0 }));
}

function clearRange(descriptor: number, from: number, to: number): void {
  for (let offset = from; offset < to; offset += preallocationChunk.length) {
    writeAll(descriptor, preallocationChunk.subarray(0, Math.min(preallocationChunk.length, to - offset)), offset);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, offset + written);
  }
}
