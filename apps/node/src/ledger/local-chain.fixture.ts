/** For tests: the chain of a network of one in this thread, with the real stores, execution and consensus, without libp2p. */
import { join } from "node:path";
import { ConsensusEngine, lanTiming, ed25519Signatures, type Consensus } from "@guts/consensus";
import type { Genesis } from "@guts/ledger";
import type { Digest, PrivateSeed } from "@guts/primitives";
import { SegmentJournal } from "@guts/storage";
import { Chain, type AppliedBlock } from "../chain/chain.ts";
import type { NamedContents } from "@guts/ledger";
import type { SubmitReceipt } from "../chain-thread/contract.ts";
import { floorOf, systemClock } from "../chain-thread/engine-ports.ts";
import { LedgerExecution } from "../chain-thread/ledger-execution.ts";
import { PendingPool } from "../chain-thread/pending-pool.ts";

/** What a local chain is opened with. */
export interface LocalChainOptions {
  readonly directory: string;
  readonly genesis: Genesis;
  readonly seed: PrivateSeed;
  readonly now: () => number;
  readonly onApplied: (applied: AppliedBlock) => void;
  readonly onFailure: (failure: unknown) => void;
}

/** Finalizes alone. */
export class LocalChain implements Disposable {
  readonly chain: Chain;
  readonly #pool = new PendingPool();
  readonly #engine: Consensus;
  readonly #journal: SegmentJournal;

  constructor({ directory, genesis, seed, now, onApplied, onFailure }: LocalChainOptions) {
    this.chain = Chain.openForWriting(directory, genesis);
    this.#journal = new SegmentJournal(join(directory, "consensus"));
    const applied = (block: AppliedBlock): void => {
      for (const { transactionId } of block.block.results) this.#pool.remove(transactionId);
      onApplied(block);
      this.#engine.setPending(this.#pool.size > 0);
    };
    const ports = {
      execution: new LedgerExecution({ chain: this.chain, pool: this.#pool, onApplied: applied }),
      journal: this.#journal,
      transport: { send: () => {}, broadcast: () => {} },
      clock: { ...systemClock, now },
      events: { onFailure },
    };
    const options = {
      networkId: this.chain.state.networkId,
      epoch: 0,
      validators: genesis.validators,
      self: 0,
      signatures: ed25519Signatures(genesis.validators, seed),
      timing: lanTiming,
      finalized: floorOf(this.chain),
      nonce: 1,
    };
    this.#engine = new ConsensusEngine(options, ports);
    this.#engine.start();
  }

  async submit(raw: Uint8Array, contents: NamedContents): Promise<SubmitReceipt> {
    const outcome = this.#pool.add(raw, contents, { isOwn: true, isFinal: () => false });
    if (outcome === "full") return { outcome: "queue-full" };
    if (outcome === "added") this.#engine.setPending(true);
    return { outcome: "queued" };
  }

  withdraw(id: Digest): void {
    this.#pool.remove(id);
  }

  get pendingCount(): number {
    return this.#pool.size;
  }

  [Symbol.dispose](): void {
    this.#engine.stop();
    this.#journal.close();
    this.chain.close();
  }
}
