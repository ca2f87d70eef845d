/**
 * Brings transactions that wait to every validator: a leader can only propose what it has, and none of them can be counted on
 * to pass another's on. What this node admitted is sent again until it is final or has expired.
 */
import { encode, type NodeId } from "@guts/primitives";
import type { Network } from "@guts/network";
import type { AppliedBlock, Chain } from "../chain/chain.ts";
import { nameContents, type NamedContents } from "@guts/ledger";
import { CHANNELS, transactionFrameCodec, tryDecode } from "@guts/transfer";
import type { PendingPool, PendingTransaction, PoolOutcome } from "./pending-pool.ts";

/** How often a transaction of this node is sent again. */
export const repeatMs = 2_000;
/** Transactions that are sent again at a time. */
export const repeatCountMax = 500;

/** Points that a peer loses for what it sends. */
const penalties: Partial<Record<PoolOutcome, number>> = { malformed: 20, "wrong-signature": 20 };

/** What the relay works with. */
export interface TransactionRelayOptions {
  readonly chain: Chain;
  readonly pool: PendingPool;
  readonly network: Network;
  readonly validators: readonly NodeId[];
  /** Work has come. */
  readonly onPending: () => void;
}

/** Sends and takes transactions of one node. */
export class TransactionRelay implements Disposable {
  readonly #options: TransactionRelayOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: TransactionRelayOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#repeat(), repeatMs);
  }

  /** Takes a transaction that this node admitted and sends it to every validator. */
  submit(raw: Uint8Array, contents: NamedContents): PoolOutcome {
    const outcome = this.#options.pool.add(raw, contents, { isOwn: true, isFinal: () => false });
    if (outcome !== "added") return outcome;
    this.#options.onPending();
    this.#send({ raw, contents }, this.#options.validators);
    return outcome;
  }

  /** A validator has connected: it gets what waits. */
  greet(nodeId: NodeId): void {
    if (!this.#options.validators.includes(nodeId)) return;
    for (const pending of this.#own()) this.#send(pending, [nodeId]);
  }

  /** Lets go of what a block has included, and of what has expired by its time. */
  follow({ block }: AppliedBlock): void {
    const { pool } = this.#options;
    for (const { transactionId } of block.results) pool.remove(transactionId);
    pool.expire(block.header.time, block.header.height);
  }

  /** A frame of another node. */
  take(from: NodeId, frame: Uint8Array): void {
    const { network, onPending } = this.#options;
    const received = tryDecode(transactionFrameCodec, frame);
    const outcome = received === undefined ? "malformed" : this.#admit(received.raw, nameContents(received.contents));
    if (outcome === "added") onPending();
    const points = penalties[outcome];
    if (points !== undefined) network.penalize(from, points, `a transaction that is ${outcome}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #admit(raw: Uint8Array, contents: NamedContents): PoolOutcome {
    const { chain, pool } = this.#options;
    return pool.add(raw, contents, { isOwn: false, isFinal: (id) => chain.state.result(id) !== undefined });
  }

  #repeat(): void {
    for (const pending of this.#own()) this.#send(pending, this.#options.validators);
  }

  #own(): readonly PendingTransaction[] {
    const own: PendingTransaction[] = [];
    for (const pending of this.#options.pool.pending()) {
      if (own.length >= repeatCountMax) break;
      if (pending.isOwn) own.push(pending);
    }
    return own;
  }

  #send({ raw, contents }: Pick<PendingTransaction, "raw" | "contents">, to: readonly NodeId[]): void {
    const { network } = this.#options;
    const frame = encode(transactionFrameCodec, { raw, contents: [...contents.values()] });
    for (const nodeId of to) if (nodeId !== network.nodeId) network.send(nodeId, CHANNELS.transactions, frame);
  }
}
