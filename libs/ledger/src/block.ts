/** Blocks: a header and the envelopes whose execution gives the header's roots. */
import {
  bytes,
  decode,
  encode,
  list,
  struct,
  union,
  unlessMalformed,
  digestCodec,
  type Decoded,
  type Digest,
} from "@guts/primitives";
import { headerCodec, merkleLeaf, merkleRoot, resultLeaf } from "@guts/verifier";
import { resultBytesMax } from "./event.ts";
import { blockTransactionsMax, envelopeBytesMax } from "./limits.ts";
import { rejectionCodec } from "./rejection.ts";
import { envelopeCodec, type Envelope } from "./transaction.ts";

/** The bytes of a block. Envelopes are kept as the bytes they arrived in. */
export const blockCodec = struct({
  header: headerCodec,
  transactions: list(bytes(envelopeBytesMax), blockTransactionsMax),
});
/** A header with its transactions. */
export type Block = Decoded<typeof blockCodec>;

/** What a header's results root commits to, one for each transaction in order. */
export const resultRecordCodec = struct({
  transactionId: digestCodec,
  verdict: union({
    /** The result's bytes, by the codec of the transaction's kind. */
    applied: [1, struct({ result: bytes(resultBytesMax) })],
    rejected: [2, struct({ code: rejectionCodec })],
  }),
});
/** A transaction's result as it is proved. */
export type ResultRecord = Decoded<typeof resultRecordCodec>;

/** The Merkle root over the envelopes' bytes. */
export function transactionsRoot(transactions: readonly Uint8Array[]): Digest {
  return merkleRoot(transactions.map(merkleLeaf));
}

/** The Merkle root over the results' bytes. */
export function resultsRoot(results: readonly ResultRecord[]): Digest {
  return merkleRoot(results.map((record) => resultLeaf(encode(resultRecordCodec, record))));
}

/** The envelope in these bytes, or undefined when they are not one. */
export function decodeEnvelope(raw: Uint8Array): Envelope | undefined {
  return unlessMalformed(() => decode(envelopeCodec, raw));
}
