import type { Execution, ExecutionOutcome, Proposal, ProposalPlace } from "@guts/consensus";
import { assert, digestOf, equalBytes, toHex, zeroDigest, type Digest, type Height } from "@guts/primitives";
import { headerHash, type Certificate, type Header } from "@guts/verifier";

/** A transaction of the simulation: a number that says whose it is and whether execution accepts it. */
export type SimulatedTransaction = number;

/** Accounts that send transactions. */
export const accountCount = 4;
const invalidBit = 0x8000_0000;

/** The `nth` transaction of `account`. */
export function transactionOf(account: number, nth: number): SimulatedTransaction {
  return nth * accountCount + account;
}

export function accountOf(transaction: SimulatedTransaction): number {
  return transaction % accountCount;
}

/** A transaction that no honest validator accepts in a block. */
export function invalidTransaction(nth: number): SimulatedTransaction {
  return (invalidBit | nth) >>> 0;
}

export function isInvalid(transaction: SimulatedTransaction): boolean {
  return transaction >= invalidBit;
}

/** Most transactions of one block. */
export const blockTransactionsMax = 8;

/** A final block and the certificate that makes it so, which may be a descendant's. */
export interface HostFinalBlock extends Proposal {
  readonly certificate: Certificate;
}

/** What every host of a network agrees on. */
export interface HostTerms {
  readonly networkId: Digest;
  readonly validatorsHash: Digest;
}

/** What a host does differently when its operator lies; everything absent is honest. */
export interface HostBehaviour {
  /** Which waiting transactions go into a block. */
  readonly choose?: (waiting: readonly SimulatedTransaction[]) => readonly SimulatedTransaction[];
  /** Whether execution accepts what it must refuse. */
  readonly acceptsInvalid?: boolean;
}

/**
 * The application above the consensus: a pool of transactions, execution over overlays, and a durable chain of final blocks.
 * What it knows beside the chain is lost in a crash, as overlays and pools are.
 */
export class SimulatedHost implements Execution {
  readonly #terms: HostTerms;
  readonly #behaviour: HostBehaviour;
  /** Durable; the block of height h stands at h - 1. */
  readonly #chain: HostFinalBlock[];
  readonly #onFinal: (block: HostFinalBlock) => void;
  readonly #finalTransactions = new Set<SimulatedTransaction>();
  readonly #overlays = new Map<string, Proposal>();
  readonly #waiting = new Set<SimulatedTransaction>();

  /** `chain` is what the process finds on its disk; it is added to. */
  constructor(options: {
    readonly terms: HostTerms;
    readonly behaviour: HostBehaviour;
    readonly chain: HostFinalBlock[];
    readonly onFinal: (block: HostFinalBlock) => void;
  }) {
    this.#terms = options.terms;
    this.#behaviour = options.behaviour;
    this.#chain = options.chain;
    this.#onFinal = options.onFinal;
    for (const block of this.#chain)
      for (const transaction of decodeBody(block.body)) this.#finalTransactions.add(transaction);
  }

  /** The newest final block, or undefined for genesis. */
  get tip(): HostFinalBlock | undefined {
    return this.#chain.at(-1);
  }

  get height(): number {
    return this.#chain.length;
  }

  get overlayCount(): number {
    return this.#overlays.size;
  }

  get waiting(): ReadonlySet<SimulatedTransaction> {
    return this.#waiting;
  }

  blockAt(height: number): HostFinalBlock | undefined {
    return this.#chain[height - 1];
  }

  isFinal(transaction: SimulatedTransaction): boolean {
    return this.#finalTransactions.has(transaction);
  }

  /** Adds a transaction to the pool; answers whether it is new. */
  submit(transaction: SimulatedTransaction): boolean {
    if (this.isFinal(transaction) || this.#waiting.has(transaction)) return false;
    this.#waiting.add(transaction);
    return true;
  }

  build(
    place: ProposalPlace,
    { mustPropose }: { readonly mustPropose: boolean },
  ): { readonly header: Header; readonly body: Uint8Array } | undefined {
    const included = this.#includedSince(place.parent);
    const candidates = [...this.#waiting].filter((transaction) => !included.has(transaction));
    const chosen = (this.#behaviour.choose?.(candidates) ?? candidates).slice(0, blockTransactionsMax);
    if (chosen.length === 0 && !mustPropose) return undefined;
    const body = encodeBody(chosen);
    const header = headerOn(this.#headerBelow(place.parent), place, body, this.#terms);
    const hash = headerHash(header);
    // What was built counts as executed.
    this.#overlays.set(toHex(hash), { header, hash, body });
    return { header, body };
  }

  execute({ header, hash, body }: Proposal): ExecutionOutcome {
    if (!equalBytes(digestOf("transaction", body), header.transactionsRoot)) return { outcome: "not-the-body" };
    if (body.length % 4 !== 0) return { outcome: "invalid", code: "malformed-body" };
    if (decodeBody(body).some(isInvalid) && this.#behaviour.acceptsInvalid !== true)
      return { outcome: "invalid", code: "invalid-transaction" };
    const expected = headerOn(this.#headerBelow(header.parent), header, body, this.#terms);
    if (!equalBytes(headerHash(expected), hash)) return { outcome: "invalid", code: "roots-differ" };
    this.#overlays.set(toHex(hash), { header, hash, body });
    return { outcome: "valid" };
  }

  commit(proposal: Proposal, certificate: Certificate): void {
    const block: HostFinalBlock = { ...proposal, certificate };
    this.#chain.push(block);
    this.#overlays.delete(toHex(block.hash));
    for (const transaction of decodeBody(block.body)) {
      this.#finalTransactions.add(transaction);
      this.#waiting.delete(transaction);
    }
    this.#onFinal(block);
  }

  discard(hash: Digest): void {
    this.#overlays.delete(toHex(hash));
  }

  /** Transactions of the blocks from `hash` down to the newest final block. */
  #includedSince(hash: Digest): ReadonlySet<SimulatedTransaction> {
    const included = new Set<SimulatedTransaction>();
    for (let block = this.#overlays.get(toHex(hash)); block !== undefined;) {
      for (const transaction of decodeBody(block.body)) included.add(transaction);
      block = this.#overlays.get(toHex(block.header.parent));
    }
    return included;
  }

  #headerBelow(hash: Digest): Header | undefined {
    const overlay = this.#overlays.get(toHex(hash));
    if (overlay !== undefined) return overlay.header;
    const { tip } = this;
    assert(
      equalBytes(tip?.hash ?? this.#terms.networkId, hash),
      "a block stands on the newest final one or on an overlay",
    );
    return tip?.header;
  }
}

/** The header of a block with `body` on `parent` (undefined: genesis). Roots follow from parent and body alone. */
export function headerOn(
  parent: Header | undefined,
  place: ProposalPlace,
  body: Uint8Array,
  { networkId, validatorsHash }: HostTerms,
): Header {
  return {
    rulesVersion: 1,
    networkId,
    epoch: place.epoch,
    view: place.view,
    height: ((parent?.height ?? 0) + 1) as Height,
    parent: place.parent,
    time: place.time,
    proposer: place.proposer,
    transactionsRoot: digestOf("transaction", body),
    resultsRoot: zeroDigest,
    stateRoot: digestOf("stateNode", parent?.stateRoot ?? zeroDigest, body),
    headersRoot: zeroDigest,
    validatorsHash,
    nextValidatorsHash: validatorsHash,
  };
}

/** The bytes of a block's transactions: four each. */
export function encodeBody(transactions: readonly SimulatedTransaction[]): Uint8Array {
  const body = new Uint8Array(transactions.length * 4);
  const view = new DataView(body.buffer);
  for (const [index, transaction] of transactions.entries()) view.setUint32(index * 4, transaction);
  return body;
}

export function decodeBody(body: Uint8Array): readonly SimulatedTransaction[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Array.from({ length: Math.floor(body.length / 4) }, (_, index) => view.getUint32(index * 4));
}
