/**
 * What blocks mean, as consensus asks for it: built by a leader, executed by a voter before it votes, applied when final.
 *
 * Blocks that are not final yet keep their effects in memory, each over its parent's; the chain on disk has final blocks only.
 */
import {
  BlockExecution,
  BlockState,
  executeBlock,
  transactionsRoot,
  type AddRefusal,
  type BlockPlace,
  type BlockRefusal,
  type ExecutedBlock,
  type ParentBlock,
  type ParentState,
} from "@guts/ledger";
import { equalBytes, toHex, type Digest, type Height, type NodeId } from "@guts/primitives";
import type { Certificate, Finality, Header } from "@guts/verifier";
import type { Execution, ExecutionOutcome, Proposal, ProposalPlace } from "@guts/consensus";
import type { AppliedBlock, Chain } from "../chain/chain.ts";
import { encodeBody, openBody, type NamedContents } from "@guts/ledger";
import type { PendingPool, PendingTransaction } from "./pending-pool.ts";

/** What execution works with. */
export interface LedgerExecutionOptions {
  readonly chain: Chain;
  readonly pool: PendingPool;
  /** A block has become final and is durable. */
  readonly onApplied: (applied: AppliedBlock) => void;
}

/** A block that was executed and is not final yet. */
interface Candidate {
  readonly block: ExecutedBlock;
  readonly state: BlockState;
  readonly contents: NamedContents;
  /** Hexadecimal ids of its transactions. */
  readonly transactions: ReadonlySet<string>;
}

interface Parent {
  readonly state: ParentState;
  readonly block: ParentBlock;
}

/** Executes for the consensus engine of one node. */
export class LedgerExecution implements Execution {
  readonly #options: LedgerExecutionOptions;
  readonly #candidates = new Map<string, Candidate>();

  constructor(options: LedgerExecutionOptions) {
    this.#options = options;
  }

  build(at: ProposalPlace, { mustPropose }: { readonly mustPropose: boolean }): Omit<Proposal, "hash"> | undefined {
    const parent = this.#parentOf(at.parent);
    if (parent === undefined) return undefined;
    const place = placeOf(this.#options.chain, at, parent.block);
    const execution = new BlockExecution(parent.state, place, this.#hashesUpTo(at.parent));
    const added = this.#fill(execution, at.parent);
    if (added === 0 && !mustPropose) return undefined;
    const block = execution.seal();
    this.#keep(block, parent.state, block.contents);
    return { header: block.header, body: encodeBody(block) };
  }

  execute({ header, hash, body }: Proposal): ExecutionOutcome {
    if (this.#candidates.has(toHex(hash))) return { outcome: "valid" };
    const { chain } = this.#options;
    if (header.height <= chain.state.tip.height) return appliedOutcome(chain, header.height, hash);
    const parent = this.#parentOf(header.parent);
    if (parent === undefined) return { outcome: "invalid", code: "unknown-parent" };
    const opened = openBody(header, body);
    const isCommitted =
      opened !== undefined && equalBytes(transactionsRoot(opened.block.transactions), header.transactionsRoot);
    if (!isCommitted) return { outcome: "not-the-body" };
    const executed = executeBlock(parent.state, opened.block, {
      place: placeOf(this.#options.chain, header, parent.block),
      contents: opened.contents,
      isVerified: (raw) => this.#options.pool.isVerified(raw),
      hashes: this.#hashesUpTo(header.parent),
    });
    if (executed.outcome === "invalid") return isOfContents(executed.code) ? { outcome: "not-the-body" } : executed;
    this.#keep(executed.block, parent.state, opened.contents);
    return { outcome: "valid" };
  }

  commit({ header, hash }: Proposal, certificate: Certificate): void {
    const { chain, onApplied } = this.#options;
    const name = toHex(hash);
    if (header.height <= chain.state.tip.height) {
      this.#candidates.delete(name); // Block sync was faster.
      return;
    }
    const candidate = this.#candidates.get(name)!;
    const applied = { block: candidate.block, finality: this.#finalityOf(hash, certificate) };
    chain.append(applied, candidate.contents);
    candidate.state.settle();
    this.#candidates.delete(name);
    onApplied(applied);
  }

  discard(hash: Digest): void {
    this.#candidates.delete(toHex(hash));
  }

  /** Adds what waits and is admissible; the number of transactions added. */
  #fill(execution: BlockExecution, parent: Digest): number {
    const { chain, pool } = this.#options;
    const included = this.#includedSince(parent);
    const isOnFinal = equalBytes(parent, chain.state.tip.hash);
    const spent = new SpentBudgets();
    let added = 0;
    let refused = 0;
    for (const pending of pool.pending()) {
      if (included.some((ids) => ids.has(toHex(pending.id))) || spent.covers(pending)) continue;
      const outcome = execution.add(pending.raw, pending.contents, true);
      if (outcome.outcome !== "inadmissible") added++;
      else if (outcome.code === "block-full") break;
      else {
        spent.note(outcome.code, pending);
        if (isOnFinal && !mayBecomeAdmissible(outcome.code)) pool.remove(pending.id);
        if (++refused === triedPerBlockMax) break;
      }
    }
    return added;
  }

  /** The transactions of each block between the finalized chain and `parent`, that one included. */
  #includedSince(parent: Digest): readonly ReadonlySet<string>[] {
    const included: ReadonlySet<string>[] = [];
    for (let at = this.#candidates.get(toHex(parent)); at !== undefined;) {
      included.push(at.transactions);
      at = this.#candidates.get(toHex(at.block.header.parent));
    }
    return included;
  }

  /** The hashes of a block and of those before it, final or not. */
  #hashesUpTo(block: Digest): (height: Height) => Digest | undefined {
    return (height) => {
      for (let hash = block; ;) {
        const candidate = this.#candidates.get(toHex(hash));
        if (candidate === undefined) break;
        if (candidate.block.header.height === height) return hash;
        hash = candidate.block.header.parent;
      }
      return this.#options.chain.state.block(height)?.hash;
    };
  }

  #parentOf(hash: Digest): Parent | undefined {
    const { state } = this.#options.chain;
    if (equalBytes(hash, state.tip.hash)) return { state, block: state.tip };
    const candidate = this.#candidates.get(toHex(hash));
    if (candidate === undefined) return undefined;
    const { height, time } = candidate.block.header;
    return { state: candidate.state, block: { hash, height, time } };
  }

  #keep(block: ExecutedBlock, parent: ParentState, contents: NamedContents): void {
    this.#candidates.set(toHex(block.hash), {
      block,
      state: new BlockState(parent, block),
      contents,
      transactions: new Set(block.results.map(({ transactionId }) => toHex(transactionId))),
    });
  }

  /** The headers that lead from a block to the one that the certificate names: all of them were executed here. */
  #finalityOf(hash: Digest, certificate: Certificate): Finality {
    const descendants: Header[] = [];
    for (let at = certificate.header; !equalBytes(at, hash);) {
      const { header } = this.#candidates.get(toHex(at))!.block;
      descendants.unshift(header);
      at = header.parent;
    }
    return { certificate, descendants };
  }
}

/** What there is to say of a block at or below the newest applied one: it is that one, or it comes too late. */
function appliedOutcome(chain: Chain, height: Height, hash: Digest): ExecutionOutcome {
  const applied = chain.state.block(height);
  return applied !== undefined && equalBytes(applied.hash, hash)
    ? { outcome: "valid" }
    : { outcome: "invalid", code: "wrong-place" };
}

/**
 * Whose budget turned out to be spent while one block is filled: what else they have waiting is not tried, so that a flood which
 * its budget has cut costs the block one try and keeps nobody behind it waiting.
 */
class SpentBudgets {
  readonly #accounts = new Set<number>();
  readonly #nodes = new Set<NodeId>();

  note(code: AddRefusal, { envelope }: PendingTransaction): void {
    if (code === "account-budget-spent") this.#accounts.add(envelope.body.account);
    if (code === "node-budget-spent") this.#nodes.add(envelope.admission.node);
  }

  covers({ envelope }: PendingTransaction): boolean {
    return this.#accounts.has(envelope.body.account) || this.#nodes.has(envelope.admission.node);
  }
}

/** Inadmissible transactions that a leader tries for one block: they cost as much as admissible ones. */
export const triedPerBlockMax = 256;

/** Budgets fill up again; nothing else that is inadmissible on the finalized chain gets better before it expires. */
function mayBecomeAdmissible(code: AddRefusal): boolean {
  return code === "account-budget-spent" || code === "node-budget-spent";
}

/** Texts travel beside what the header commits to: without them the sender is at fault, not the block. */
function isOfContents(code: BlockRefusal): boolean {
  return code === "content-missing" || code === "content-inadmissible";
}

function placeOf(
  { state: { networkId } }: Chain,
  { epoch, view, proposer, time }: Pick<Header, "epoch" | "view" | "proposer" | "time">,
  parent: ParentBlock,
): BlockPlace {
  return { networkId, epoch, view, proposer, time, parent };
}
