/** Blocks and why they are final, in the order in which they became durable. The chain's own truth: state can be rebuilt from it. */
import { decode, encode } from "@guts/primitives";
import { blockCodec, type Block } from "@guts/ledger";
import { finalityCodec, type Finality } from "@guts/verifier";
import { SegmentLog } from "./segment-log.ts";
import { SegmentReader, type LogPosition, type LogRecord } from "./segment-reader.ts";

const TAGS = { block: 1, finality: 2 } as const;

/** A finalized block and where the log has it. */
export interface LoggedBlock {
  readonly block: Block;
  readonly finality: Finality;
  readonly position: LogPosition;
  readonly next: LogPosition;
}

/** Reads the block log of a data directory, also while its writer is at work. */
export class BlockReader {
  readonly #reader: SegmentReader;

  constructor(directory: string, options: { readonly segmentBytes?: number } = {}) {
    this.#reader = new SegmentReader(directory, options);
  }

  /** The finalized block at a position. */
  readAt(position: LogPosition): LoggedBlock | undefined {
    return finalizedIn(this.#reader.read(position)).next().value;
  }
}

/** The block log of one data directory. */
export class BlockLog {
  readonly #log: SegmentLog;

  constructor(directory: string, options: { readonly after?: LogPosition; readonly segmentBytes?: number } = {}) {
    this.#log = new SegmentLog(directory, options);
  }

  /** Writes a finalized block; durable after the next `sync`. */
  append(block: Block, finality: Finality): LogPosition {
    const position = this.#log.append(TAGS.block, encode(blockCodec, block));
    this.#log.append(TAGS.finality, encode(finalityCodec, finality));
    return position;
  }

  /** Makes everything appended durable. */
  sync(): void {
    this.#log.sync();
  }

  /** Where the log ends. */
  get tail(): LogPosition {
    return this.#log.tail;
  }

  /** Finalized blocks from a position on. A block whose finality did not become durable is passed over. */
  finalizedFrom(from: LogPosition): Generator<LoggedBlock, undefined> {
    return finalizedIn(this.#log.read(from));
  }

  close(): void {
    this.#log.close();
  }
}

function* finalizedIn(records: Iterable<LogRecord>): Generator<LoggedBlock, undefined> {
  let pending: { readonly block: Block; readonly position: LogPosition } | undefined;
  for (const record of records) {
    if (record.tag === TAGS.block) pending = { block: decode(blockCodec, record.payload), position: record.position };
    else if (pending !== undefined) {
      yield { ...pending, finality: decode(finalityCodec, record.payload), next: record.next };
      pending = undefined;
    }
  }
}
