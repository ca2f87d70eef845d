/**
 * Transactions that wait for a block, on one validator or observer. All of them are verified; each knows who admitted it.
 *
 * A node may fill only its share, so that a flood from one leaves room for the others. What the chain has included, and what
 * has expired by the chain's own time, leaves.
 */
import { createHash } from "node:crypto";
import { decodeEnvelope, ledgerLimits, transactionId, verifyEnvelope, type Envelope } from "@guts/ledger";
import { toHex, type Digest, type Height, type NodeId, type TimeMs } from "@guts/primitives";
import { LRUCache } from "lru-cache";
import type { NamedContents } from "@guts/ledger";

/** What may wait: in all, and of one admitting node. */
export const poolLimits = {
  transactionsMax: 10_000,
  bytesMax: 64 * 1024 * 1024,
  perNodeTransactionsMax: 5_000,
  perNodeBytesMax: 32 * 1024 * 1024,
} as const;

/** A transaction that waits. */
export interface PendingTransaction {
  readonly id: Digest;
  readonly raw: Uint8Array;
  readonly envelope: Envelope;
  readonly contents: NamedContents;
  readonly sizeBytes: number;
  /** Whether this node admitted it, and so repeats it until it is final. */
  readonly isOwn: boolean;
}

/** What became of a transaction that was offered. */
export type PoolOutcome = "added" | "known" | "final" | "full" | "malformed" | "wrong-signature";

/** How a transaction comes in. */
export interface AddOptions {
  /** Whether this node admitted it. */
  readonly isOwn: boolean;
  /** Whether the chain has it already. */
  readonly isFinal: (id: Digest) => boolean;
}

interface Share {
  transactions: number;
  bytes: number;
}

/** The waiting transactions of one node, in the order of their arrival. */
export class PendingPool {
  readonly #byName = new Map<string, PendingTransaction>();
  readonly #shares = new Map<NodeId, Share>();
  /** Envelopes whose signatures were right, by the hash of their bytes: a block's need no second look. */
  readonly #verified = new LRUCache<string, true>({ max: 2 * poolLimits.transactionsMax });
  #bytes = 0;

  get size(): number {
    return this.#byName.size;
  }

  /** Takes a transaction in after verifying it. */
  add(raw: Uint8Array, contents: NamedContents, { isOwn, isFinal }: AddOptions): PoolOutcome {
    const envelope = raw.length > ledgerLimits.envelopeBytesMax ? undefined : decodeEnvelope(raw);
    if (envelope === undefined) return "malformed";
    const id = transactionId(envelope.body);
    const name = toHex(id);
    if (this.#byName.has(name)) return "known";
    if (isFinal(id)) return "final";
    const sizeBytes = Array.from(contents.values()).reduce((sum, { text }) => sum + text.length, raw.length);
    if (!this.#hasRoom(envelope.admission.node, sizeBytes)) return "full";
    if (!this.#verify(raw, envelope)) return "wrong-signature";
    this.#count(envelope.admission.node, 1, sizeBytes);
    this.#byName.set(name, { id, raw, envelope, contents, sizeBytes, isOwn });
    return "added";
  }

  /** Everything that waits, oldest first. */
  pending(): Iterable<PendingTransaction> {
    return this.#byName.values();
  }

  remove(id: Digest): void {
    const name = toHex(id);
    const pending = this.#byName.get(name);
    if (pending === undefined) return;
    this.#byName.delete(name);
    this.#count(pending.envelope.admission.node, -1, -pending.sizeBytes);
  }

  /** Lets go of what no block after this one may hold. */
  expire(time: TimeMs, height: Height): void {
    for (const { id, envelope } of this.#byName.values())
      if (envelope.body.expiresTime <= time || envelope.body.expiresHeight <= height) this.remove(id);
  }

  /** Whether these very bytes have been verified here. */
  isVerified(raw: Uint8Array): boolean {
    return this.#verified.has(rawName(raw));
  }

  #verify(raw: Uint8Array, envelope: Envelope): boolean {
    const name = rawName(raw);
    if (this.#verified.has(name)) return true;
    if (!verifyEnvelope(envelope)) return false;
    this.#verified.set(name, true);
    return true;
  }

  #hasRoom(node: NodeId, sizeBytes: number): boolean {
    const share = this.#shares.get(node) ?? { transactions: 0, bytes: 0 };
    return (
      this.#byName.size < poolLimits.transactionsMax &&
      this.#bytes + sizeBytes <= poolLimits.bytesMax &&
      share.transactions < poolLimits.perNodeTransactionsMax &&
      share.bytes + sizeBytes <= poolLimits.perNodeBytesMax
    );
  }

  #count(node: NodeId, transactions: number, bytes: number): void {
    const share = this.#shares.get(node) ?? { transactions: 0, bytes: 0 };
    share.transactions += transactions;
    share.bytes += bytes;
    this.#bytes += bytes;
    if (share.transactions === 0) this.#shares.delete(node);
    else this.#shares.set(node, share);
  }
}

function rawName(raw: Uint8Array): string {
  return createHash("sha256").update(raw).digest("base64");
}
