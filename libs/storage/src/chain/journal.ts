/** The journal of consensus in segments: what this validator has signed, and what it needs to go on. */
import { freshJournalRecords, type Journal } from "@guts/consensus";
import { makeDirectory } from "./durable-files.ts";
import { SegmentLog, segmentsOf } from "./segment-log.ts";
import type { LogPosition } from "./segment-reader.ts";

/** Bytes of a segment: the largest block fits, and a new one is made in a few milliseconds. */
const journalSegmentBytes = 16 * 1024 * 1024;
const recordTag = 1;

/** The journal in one directory. */
export class SegmentJournal implements Journal {
  readonly #log: SegmentLog;
  readonly #first: LogPosition;
  #bytes = 0;

  constructor(directory: string, options: { readonly segmentBytes?: number } = {}) {
    makeDirectory(directory);
    // Segments before it were dropped when the journal was compacted.
    this.#first = { segment: segmentsOf(directory)[0] ?? 0, offset: 0 };
    this.#log = new SegmentLog(directory, {
      segmentBytes: options.segmentBytes ?? journalSegmentBytes,
      after: this.#first,
    });
  }

  /** Makes the journal of a validator whose key was made just now and has signed nothing. */
  static create(directory: string): void {
    const journal = new SegmentJournal(directory);
    for (const record of freshJournalRecords()) journal.append(record);
    journal.sync();
    journal.close();
  }

  get bytes(): number {
    return this.#bytes;
  }

  *read(): Generator<Uint8Array, undefined> {
    for (const { payload } of this.#log.read(this.#first)) {
      this.#bytes += payload.length;
      yield payload;
    }
  }

  append(record: Uint8Array): void {
    this.#bytes += record.length;
    this.#log.append(recordTag, record);
  }

  sync(): void {
    this.#log.sync();
  }

  /**
   * 1. A new segment gets what is kept; 2. it is synced; 3. older ones go, the oldest first. A crash before 3 leaves records twice, which
   * means the same as once; a crash in it leaves some that are not needed.
   */
  compact(keep: Iterable<Uint8Array>): void {
    const start = this.#log.startSegment();
    for (const record of keep) this.#log.append(recordTag, record);
    this.#log.sync();
    this.#log.dropBefore(start);
    this.#bytes = 0;
  }

  close(): void {
    this.#log.close();
  }
}
