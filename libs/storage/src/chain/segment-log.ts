/**
 * An append-only log in preallocated segments.
 *
 * A record is {length u32, crc32 u32, tag u8, synced u32, payload}; the checksum covers what is behind it, and `synced` is the
 * offset below which the segment was durable when the record was written. Segments are files of fixed size, filled with
 * zeros when they are made, so that an append changes no file's length and `fdatasync` is one write. A record never
 * crosses segments.
 *
 * Reading stops at the first length of zero (the end) or at a record that is torn. A power loss keeps any of the pages
 * that were written since the last sync, so the first record of a batch may be torn while later ones are whole: all of
 * the batch was never promised and is cleared. A bad record below the `synced` of another one had been durable: that is
 * corruption, and opening refuses.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { makeDirectory, syncDirectory, syncFile } from "./durable-files.ts";
import { StorageError } from "../errors.ts";

/** Bytes of one segment. */
export const segmentBytes = 32 * 1024 * 1024;
/** Bytes of one record's payload: a block with its certificate fits many times. */
export const recordBytesMax = 16 * 1024 * 1024;

const headerBytes = 13;
/** What the length field says of the largest record. */
const recordLengthMax = recordBytesMax + headerBytes - 8;
const preallocationChunk = new Uint8Array(1024 * 1024);

/** Where a record begins. */
export interface LogPosition {
  readonly segment: number;
  readonly offset: number;
}

/** One record with the position behind it. */
export interface LogRecord {
  readonly tag: number;
  /** Below this offset the segment was durable when the record was written. */
  readonly synced: number;
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
  #synced: number;

  /** Opens or makes the log. `after` is a position that is known to be sound: scanning for the tail begins there. */
  constructor(directory: string, options: { readonly segmentBytes?: number; readonly after?: LogPosition } = {}) {
    this.#directory = directory;
    this.#segmentBytes = options.segmentBytes ?? segmentBytes;
    makeDirectory(directory);
    const last = lastSegment(directory);
    this.#segment = last ?? 0;
    this.#descriptor = last === undefined ? this.#createSegment(0) : openSync(this.#path(last), "r+");
    this.#offset = 0;
    this.#synced = 0;
    let tail: LogPosition = options.after ?? { segment: 0, offset: 0 };
    for (const record of this.read(tail)) tail = record.next;
    this.#assertNothingBehind(tail);
    this.#moveTo(tail);
    this.#clearBehindTail();
    // A process that was killed may have left records unsynced that this one builds on.
    syncFile(this.#descriptor);
    this.#synced = this.#offset;
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
    record.writeUInt32BE(this.#synced, 9);
    record.set(payload, headerBytes);
    record.writeUInt32BE(length - 8, 0);
    record.writeUInt32BE(crc32(record.subarray(8)), 4);
    writeAll(this.#descriptor, record, this.#offset);
    const position = this.tail;
    this.#offset += length;
    return position;
  }

  /** Makes all appended records durable. */
  sync(): void {
    syncFile(this.#descriptor);
    this.#synced = this.#offset;
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
    if (length < headerBytes - 8 || length > recordLengthMax || position.offset + 8 + length > this.#segmentBytes)
      return undefined;
    const body = Buffer.alloc(length);
    if (readSync(descriptor, body, 0, length, position.offset + 8) < length) return undefined;
    if (crc32(body) !== header.readUInt32BE(4)) return undefined;
    const next = { segment: position.segment, offset: position.offset + 8 + length };
    const payload = new Uint8Array(body.buffer, body.byteOffset + headerBytes - 8, length - (headerBytes - 8));
    return { tag: body[0]!, synced: body.readUInt32BE(1), payload, position, next };
  }

  /** A crash tears only what was never synced: a record that was written after a sync of the tail shows corruption. */
  #assertNothingBehind(tail: LogPosition): void {
    const skipped = this.#lengthAt(tail);
    const behind = { segment: tail.segment, offset: tail.offset + 8 + skipped };
    const isTailSynced = skipped > 0 && this.#recordsOf(behind).some(({ synced }) => synced > tail.offset);
    const later = segmentsAfter(tail.segment, lastSegment(this.#directory) ?? 0);
    if (!isTailSynced && later.every((position) => this.#recordsOf(position).length === 0)) return;
    throw new StorageError(
      "log-corrupt",
      `${this.#path(tail.segment)} is damaged at byte ${tail.offset}; restore this node from its peers`,
      {},
    );
  }

  /** The sound records from a position to the first one that is not, within its segment. */
  #recordsOf(from: LogPosition): readonly LogRecord[] {
    const records: LogRecord[] = [];
    const descriptor = openSync(this.#path(from.segment), "r");
    try {
      for (let at = from, record = this.#readRecord(descriptor, at); record !== undefined;) {
        records.push(record);
        at = record.next;
        record = this.#readRecord(descriptor, at);
      }
    } finally {
      closeSync(descriptor);
    }
    return records;
  }

  #lengthAt(position: LogPosition): number {
    const header = Buffer.alloc(4);
    const descriptor = openSync(this.#path(position.segment), "r");
    readSync(descriptor, header, 0, 4, position.offset);
    closeSync(descriptor);
    const length = header.readUInt32BE(0);
    return length > recordLengthMax ? 0 : length;
  }

  /** Appends go to `position` from now on. */
  #moveTo(position: LogPosition): void {
    if (position.segment !== this.#segment) {
      syncFile(this.#descriptor);
      closeSync(this.#descriptor);
      const exists = existsSync(this.#path(position.segment));
      this.#descriptor = exists ? openSync(this.#path(position.segment), "r+") : this.#createSegment(position.segment);
    }
    this.#segment = position.segment;
    this.#offset = position.offset;
    this.#synced = position.offset;
  }

  /** Clears what a torn batch left: a later record that ends where one of its records begins would bring that back. */
  #clearBehindTail(): void {
    const chunk = Buffer.alloc(preallocationChunk.length);
    for (let offset = this.#offset; offset < this.#segmentBytes; offset += chunk.length) {
      const end = Math.min(offset + chunk.length, this.#segmentBytes);
      const length = readSync(this.#descriptor, chunk, 0, end - offset, offset);
      if (!chunk.subarray(0, length).equals(preallocationChunk.subarray(0, length)))
        clearRange(this.#descriptor, offset, end);
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
