import type { EventScope, ResultRecord } from "@guts/ledger";
import type { Digest, Height, TimeMs } from "@guts/primitives";

/** What a block's header says that the explorer shows. */
export interface ChainHeader {
  readonly height: Height;
  readonly time: TimeMs;
  readonly parent: Digest;
  /** Index of the validator that proposed it. */
  readonly proposer: number;
  readonly rulesVersion: number;
  readonly transactionsRoot: Digest;
  readonly resultsRoot: Digest;
  readonly stateRoot: Digest;
}

/** An applied block. `hash` is its id. */
export interface ChainBlock {
  readonly header: ChainHeader;
  readonly hash: Digest;
  readonly transactionCount: number;
}

/** A transaction as it stands in a block: the bytes of its envelope and what became of it. */
export interface ChainTransaction {
  readonly envelope: Uint8Array;
  readonly record: ResultRecord;
}

/** Blocks as this node keeps them, from 1 to the applied height. */
export interface ChainReader {
  block(height: Height): ChainBlock | undefined;
  /** Blocks below `before`, newest first. */
  blocksBefore(before: number, limit: number): readonly ChainBlock[];
  /** A block's transactions in order. */
  transactions(height: Height): readonly ChainTransaction[];
  /** Validators that signed the certificate that makes a block final; undefined when this node has no such block. */
  signerCount(height: Height): number | undefined;
  /** What shows offline that a transaction is final (formats-v1, "Transaction proof"); undefined for one that is not here. */
  proof(transactionId: Digest): Uint8Array | undefined;
  /** Canonical bytes of the events of a log with a smaller sequence than `before`, newest first. */
  eventLog(scope: EventScope, before: number, limit: number): readonly Uint8Array[];
  /** What shows offline that a log's events are all that it has (formats-v1, "Event log proof"); undefined before the first block. */
  eventLogProof(scope: EventScope): Uint8Array | undefined;
  /** Where a transaction stands. */
  locate(transactionId: Digest): { readonly height: Height; readonly index: number } | undefined;
}
