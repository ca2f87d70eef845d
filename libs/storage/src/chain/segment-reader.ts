/** Reading a segment log: its records by position, without the right to write. */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { StorageError } from "../errors.ts";

/** Bytes of one segment. */
export const segmentBytes = 32 * 1024 * 1024;
/** Bytes of one record's payload: a block with its certificate fits many times. */
export const recordBytesMax = 16 * 1024 * 1024;
/** Bytes before a record's payload: length, checksum, tag, synced. */
export const recordHeaderBytes = 13;
/** What the length field says of the largest record. */
export const recordLengthMax = recordBytesMax + recordHeaderBytes - 8;

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

/** The records of the log in one directory. A reader may run beside the one writer: it sees what has been written. */
export class SegmentReader {
  readonly #directory: string;
  readonly #segmentBytes: number;

  constructor(directory: string, options: { readonly segmentBytes?: number } = {}) {
    this.#directory = directory;
    this.#segmentBytes = options.segmentBytes ?? segmentBytes;
  }

  /** The file of a segment. */
  path(segment: number): string {
    return join(this.#directory, `${String(segment).padStart(8, "0")}.log`);
  }

  /** The record at a position that `append` or `read` gave. */
  readAt(position: LogPosition): LogRecord {
    for (const record of this.read(position)) return record;
    throw new StorageError("log-corrupt", `no record at segment ${position.segment}, byte ${position.offset}`, {});
  }

  /** Records from `position` to the end of the log. */
  *read(from: LogPosition): Generator<LogRecord, undefined> {
    let position = from;
    while (existsSync(this.path(position.segment))) {
      for (const record of this.readSegment(position)) {
        position = record.next;
        yield record;
      }
      position = { segment: position.segment + 1, offset: 0 };
    }
  }

  /** The sound records from a position to the first one that is not, within its segment. */
  *readSegment(from: LogPosition): Generator<LogRecord, undefined> {
    const descriptor = openSync(this.path(from.segment), "r");
    try {
      for (let at = from; ;) {
        const record = this.#readRecord(descriptor, at);
        if (record === undefined) return;
        at = record.next;
        yield record;
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** The sound record at a position, or undefined at the end and at a torn record. */
  #readRecord(descriptor: number, position: LogPosition): LogRecord | undefined {
    const header = Buffer.alloc(8);
    if (readSync(descriptor, header, 0, 8, position.offset) < 8) return undefined;
    const length = header.readUInt32BE(0);
    const headerLength = recordHeaderBytes - 8;
    if (length < headerLength || length > recordLengthMax || position.offset + 8 + length > this.#segmentBytes)
      return undefined;
    const body = Buffer.alloc(length);
    if (readSync(descriptor, body, 0, length, position.offset + 8) < length) return undefined;
    if (crc32(body) !== header.readUInt32BE(4)) return undefined;
    const next = { segment: position.segment, offset: position.offset + 8 + length };
    const payload = new Uint8Array(body.buffer, body.byteOffset + headerLength, length - headerLength);
    return { tag: body[0]!, synced: body.readUInt32BE(1), payload, position, next };
  }
}
