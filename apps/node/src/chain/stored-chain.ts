import { encodeEvent, kindOf, proveEventLog, proveTransaction, type EventScope } from "@guts/ledger";
import type { Digest, Height } from "@guts/primitives";
import type { ChainBlock, ChainReader, ChainTransaction } from "@guts/server";

import type { ChainView } from "./chain-view.ts";

/** Blocks and transactions as the doors show them, read from this node's stores. */
export class StoredChain implements ChainReader {
  readonly #chain: ChainView;

  constructor(chain: ChainView) {
    this.#chain = chain;
  }

  block(height: Height): ChainBlock | undefined {
    return this.#chain.state.block(height);
  }

  blocksBefore(before: number, limit: number): readonly ChainBlock[] {
    return this.#chain.state.blocksBefore(before, limit);
  }

  transactions(height: Height): readonly ChainTransaction[] {
    const block = this.#chain.state.block(height);
    if (block === undefined) return [];
    const records = this.#chain.state.resultsOf(height);
    return this.#chain
      .readTransactions(block.position)
      .map((envelope, index) => ({ envelope, record: records[index]! }));
  }

  signerCount(height: Height): number | undefined {
    const block = this.#chain.state.block(height);
    return block === undefined ? undefined : this.#chain.readBlock(block.position)?.finality.certificate.votes.length;
  }

  proof(transactionId: Digest): Uint8Array | undefined {
    const place = this.locate(transactionId);
    const block = place === undefined ? undefined : this.#chain.state.block(place.height);
    const logged = block === undefined ? undefined : this.#chain.readBlock(block.position);
    if (place === undefined || block === undefined || logged === undefined) return undefined;
    const { header, finality } = block;
    const records = this.#chain.state.resultsOf(place.height);
    return proveTransaction({ header, finality, transactions: logged.block.transactions, records }, place.index);
  }

  eventLog(scope: EventScope, before: number, limit: number): readonly Uint8Array[] {
    return this.#chain.state.eventsOf(scope, before, limit).map((event) => encodeEvent(event, kindOf(event.kind).tag));
  }

  eventLogProof(scope: EventScope): Uint8Array | undefined {
    // Tip, header and proof are read in one turn, so they are of one height.
    const tip = this.#chain.state.block(this.#chain.state.tip.height);
    return tip === undefined ? undefined : proveEventLog(this.#chain.state, tip, scope);
  }

  locate(transactionId: Digest): { readonly height: Height; readonly index: number } | undefined {
    return this.#chain.state.result(transactionId);
  }
}
