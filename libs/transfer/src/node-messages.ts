/** What nodes say to each other beside consensus, and the bytes of it (docs/protocol/node-messages.md). */
import { blockCodec, contentCodec, ledgerLimits } from "@guts/ledger";
import {
  bytes,
  decode,
  DecodeError,
  heightCodec,
  list,
  struct,
  text,
  timeCodec,
  u32,
  type Codec,
  type Decoded,
} from "@guts/primitives";
import { finalityCodec } from "@guts/verifier";

/** Channels of the direct stream between two nodes. */
export const CHANNELS = { consensus: 1, transactions: 2, served: 3 } as const;

/** Protocols of requests. */
export const PROTOCOLS = { blocks: "blocks/1" } as const;

/** Texts of one transaction, and bytes of a transaction with its texts. */
export const transactionContentsMax = 64;
export const transactionFrameBytesMax = ledgerLimits.envelopeBytesMax + 4 * 1024 * 1024;

/** A transaction that waits, with the texts beside it. */
export const transactionFrameCodec = struct({
  raw: bytes(ledgerLimits.envelopeBytesMax),
  contents: list(contentCodec, transactionContentsMax),
});

/** Bytes of a notice of what a node serves. */
export const servedFrameBytesMax = 384;
/** What the sender serves, its release, where people reach it, and its clock's time as it says so. */
export const servedFrameCodec = struct({ height: heightCodec, version: text(64), url: text(256), time: timeCodec });

/** Bytes of a request for blocks. */
export const blocksRequestBytesMax = 64;
/** Asks for finalized blocks from a height on. */
export const blocksRequestCodec = struct({ fromHeight: heightCodec, countMax: u32 });

/** Blocks and bytes of one answer; one block is always answered whole. */
export const blocksPerAnswerMax = 256;
export const answerBytesMax = 4 * 1024 * 1024;
/** Bytes of the largest answer: the limits, and one block above them with its texts. */
export const answerBytesCap =
  answerBytesMax + ledgerLimits.blockBytesMax + ledgerLimits.blockContentBytesMax + 1024 * 1024;

/** A finalized block as it is handed over: texts that were erased are missing. */
export const syncedBlockCodec = struct({
  block: blockCodec,
  contents: list(contentCodec, 4_096),
  finality: finalityCodec,
});
/** One finalized block. */
export type SyncedBlock = Decoded<typeof syncedBlockCodec>;

/** Blocks by ascending height without gaps. */
export const blocksAnswerCodec = struct({ blocks: list(syncedBlockCodec, blocksPerAnswerMax) });

/** The value in these bytes, or undefined when there is none. */
export function tryDecode<Value>(codec: Codec<Value>, raw: Uint8Array): Value | undefined {
  try {
    return decode(codec, raw);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
