/** A block's header: what validators sign and everything else is proved against. */
import {
  digestCodec,
  digestOf,
  encode,
  heightCodec,
  struct,
  timeCodec,
  u16,
  u32,
  u64,
  type Decoded,
  type Digest,
} from "@guts/primitives";

/** The bytes of a header, in this order. Roots are those *after* the block. */
export const headerCodec = struct({
  /** Selects the rules that gave the roots. */
  rulesVersion: u16,
  /** The hash of the genesis document. */
  networkId: digestCodec,
  epoch: u64,
  view: u64,
  height: heightCodec,
  /** The header of height - 1; for height 1 the genesis hash. */
  parent: digestCodec,
  /** Milliseconds; greater than the parent's. The only time in the ledger. */
  time: timeCodec,
  /** The proposer's index in the validator set. */
  proposer: u32,
  transactionsRoot: digestCodec,
  resultsRoot: digestCodec,
  stateRoot: digestCodec,
  /** Mountain range over the hashes of all earlier headers. */
  headersRoot: digestCodec,
  validatorsHash: digestCodec,
  nextValidatorsHash: digestCodec,
});

/** What a block says of itself. */
export type Header = Decoded<typeof headerCodec>;

/** A block's identity: the hash of its header's bytes. */
export function headerHash(header: Header): Digest {
  return digestOf("header", encode(headerCodec, header));
}
