/** Blocks and their finalizations in the order in which they became durable. The chain's own truth: state can be rebuilt from it. */
import { decode, encode } from "@guts/primitives";
import { blockCodec, type Block } from "@guts/ledger";
import { certificateCodec, type Certificate } from "@guts/verifier";
import { SegmentLog, type LogPosition } from "./segment-log.ts";

const TAGS = { block: 1, finalization: 2 } as const;

/** A finalized block with its certificate and where the log has them. */
export interface LoggedBlock {
  readonly block: Block;
  readonly certificate: Certificate;
  readonly position: LogPosition;
  readonly next: LogPosition;
}

/** The block log of one data directory. */
export class BlockLog {
  readonly #log: SegmentLog;

  constructor(directory: string, options: { readonly after?: LogPosition; readonly segmentBytes?: number } = {}) {
    this.#log = new SegmentLog(directory, options);
  }

  /** Writes a block. It must be synced before this node votes for it. */
  appendBlock(block: Block): LogPosition {
    return this.#log.append(TAGS.block, encode(blockCodec, block));
  }

  /** Writes the certificate that finalizes the block appended last. */
  appendFinalization(certificate: Certificate): void {
    this.#log.append(TAGS.finalization, encode(certificateCodec, certificate));
  }

  /** Makes everything appended durable. */
  sync(): void {
    this.#log.sync();
  }

  /** Where the log ends. */
  get tail(): LogPosition {
    return this.#log.tail;
  }

  /** The finalized block at a position. */
  readAt(position: LogPosition): LoggedBlock | undefined {
    return this.finalizedFrom(position).next().value;
  }

  /** Finalized blocks from a position on. A block whose finalization did not become durable is passed over. */
  *finalizedFrom(from: LogPosition): Generator<LoggedBlock, undefined> {
    let pending: { readonly block: Block; readonly position: LogPosition } | undefined;
    for (const record of this.#log.read(from)) {
      if (record.tag === TAGS.block) pending = { block: decode(blockCodec, record.payload), position: record.position };
      else if (pending !== undefined) {
        yield { ...pending, certificate: decode(certificateCodec, record.payload), next: record.next };
        pending = undefined;
      }
    }
  }

  close(): void {
    this.#log.close();
  }
}
