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
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { makeDirectory, syncDirectory, syncFile } from "./durable-files.ts";
import { StorageError } from "../errors.ts";
import {
  recordBytesMax,
  recordHeaderBytes,
  recordLengthMax,
  segmentBytes,
  SegmentReader,
  type LogPosition,
  type LogRecord,
} from "./segment-reader.ts";

const preallocationChunk = new Uint8Array(1024 * 1024);

/** The log in one directory. One writer; `sync` makes everything appended before it durable. */
export class SegmentLog {
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #reader: SegmentReader;
  #segment: number;
  #descriptor: number;
  #offset: number;
  #synced: number;

  /** Opens or makes the log. `after` is a position that is known to be sound: scanning for the tail begins there. */
  constructor(directory: string, options: { readonly segmentBytes?: number; readonly after?: LogPosition } = {}) {
    this.#directory = directory;
    this.#segmentBytes = options.segmentBytes ?? segmentBytes;
    this.#reader = new SegmentReader(directory, { segmentBytes: this.#segmentBytes });
    makeDirectory(directory);
    const last = lastSegment(directory);
    this.#segment = last ?? 0;
    this.#descriptor = last === undefined ? this.#createSegment(0) : openSync(this.#reader.path(last), "r+");
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
    const length = recordHeaderBytes + payload.length;
    if (this.#offset + length > this.#segmentBytes) this.#moveTo({ segment: this.#segment + 1, offset: 0 });
    const record = Buffer.alloc(length);
    record[8] = tag;
    record.writeUInt32BE(this.#synced, 9);
    record.set(payload, recordHeaderBytes);
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

  /** Begins a segment, so that what was appended before can be dropped as a whole. */
  startSegment(): LogPosition {
    this.#moveTo({ segment: this.#segment + 1, offset: 0 });
    return this.tail;
  }

  /** Removes the segments before `position`, oldest first: what a crash leaves is the end of the log, without a gap. */
  dropBefore(position: LogPosition): void {
    const older = segmentsOf(this.#directory).filter((segment) => segment < position.segment);
    for (const segment of older) unlinkSync(this.#reader.path(segment));
    syncDirectory(this.#directory);
  }

  /** The record at a position that `append` or `read` gave. */
  readAt(position: LogPosition): LogRecord {
    return this.#reader.readAt(position);
  }

  /** Records from `position` to the end of the log. */
  read(from: LogPosition): Generator<LogRecord, undefined> {
    return this.#reader.read(from);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** A crash tears only what was never synced: a record that was written after a sync of the tail shows corruption. */
  #assertNothingBehind(tail: LogPosition): void {
    const skipped = this.#lengthAt(tail);
    const behind = { segment: tail.segment, offset: tail.offset + 8 + skipped };
    const isTailSynced = skipped > 0 && this.#reader.readSegment(behind).some(({ synced }) => synced > tail.offset);
    const later = segmentsAfter(tail.segment, lastSegment(this.#directory) ?? 0);
    if (!isTailSynced && later.every((position) => this.#reader.readSegment(position).next().done === true)) return;
    throw new StorageError(
      "log-corrupt",
      `${this.#reader.path(tail.segment)} is damaged at byte ${tail.offset}; restore this node from its peers`,
      {},
    );
  }

  #lengthAt(position: LogPosition): number {
    const header = Buffer.alloc(4);
    const descriptor = openSync(this.#reader.path(position.segment), "r");
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
      const exists = existsSync(this.#reader.path(position.segment));
      this.#descriptor = exists
        ? openSync(this.#reader.path(position.segment), "r+")
        : this.#createSegment(position.segment);
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
    const draft = `${this.#reader.path(segment)}.new`;
    const descriptor = openSync(draft, "w+");
    clearRange(descriptor, 0, this.#segmentBytes);
    syncFile(descriptor);
    renameSync(draft, this.#reader.path(segment));
    syncDirectory(this.#directory);
    return descriptor;
  }
}

function lastSegment(directory: string): number | undefined {
  return segmentsOf(directory).at(-1);
}

/** The numbers of a log's segments, ascending. */
export function segmentsOf(directory: string): readonly number[] {
  return readdirSync(directory)
    .filter((name) => /^\d{8}\.log$/.test(name) && statSync(join(directory, name)).isFile())
    .map((name) => Number.parseInt(name, 10))
    .sort((left, right) => left - right);
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
