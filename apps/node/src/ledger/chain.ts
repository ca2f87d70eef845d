/**
 * The chain of one node on disk: block log, detached texts and state, opened in the order that recovery needs.
 *
 * A block becomes durable in this order: (1) its texts, (2) the block and its finalization in the block log, synced,
 * (3) its effects on the state, synced. A crash after (1) leaves texts that nothing refers to; after (2) a block that
 * opening executes again, with the same roots or not at all.
 */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { equalBytes } from "@guts/primitives";
import { executeBlock, type BlockPlace, type ExecutedBlock, type Genesis } from "@guts/ledger";
import { BlockLog, ContentLog, StateStore, StorageError, type LoggedBlock } from "@guts/storage";
import { redactedDigests } from "./redacted-digests.ts";
import { refuseCertificate, type Certificate } from "@guts/verifier";

/** A finalized block that has been applied to the state. */
export interface AppliedBlock {
  readonly block: ExecutedBlock;
  readonly certificate: Certificate;
}

/** The stores of one chain. */
export class Chain {
  readonly state: StateStore;
  readonly contents: ContentLog;
  readonly #blocks: BlockLog;

  private constructor(stores: {
    readonly state: StateStore;
    readonly contents: ContentLog;
    readonly blocks: BlockLog;
  }) {
    this.state = stores.state;
    this.contents = stores.contents;
    this.#blocks = stores.blocks;
  }

  /** Opens the stores below `directory`, executing blocks that were finalized but not applied before the last stop. */
  static open(directory: string, genesis: Genesis): Chain {
    const state = openState(directory, genesis);
    const contents = new ContentLog(directory);
    const blocks = new BlockLog(join(directory, "blocks"), { after: state.logPosition });
    const chain = new Chain({ state, contents, blocks });
    chain.#assertRoot();
    for (const logged of blocks.finalizedFrom(state.logPosition)) chain.#replay(logged);
    return chain;
  }

  /** Makes a finalized block durable and applies it. Steps as numbered above. */
  append({ block, certificate }: AppliedBlock): void {
    this.contents.put(block.contents); // (1)
    const position = this.#blocks.appendBlock(block); // (2)
    this.#blocks.appendFinalization(certificate);
    this.#blocks.sync();
    this.state.commit(block, { certificate, position, next: this.#blocks.tail }); // (3)
    this.#redact(block);
  }

  /** A block's transactions as the log has them. */
  readTransactions(position: { readonly segment: number; readonly offset: number }): readonly Uint8Array[] {
    return this.#blocks.readAt(position)?.block.transactions ?? [];
  }

  close(): void {
    this.#blocks.close();
    this.contents.close();
    this.state.close();
  }

  #replay({ block, certificate, position, next }: LoggedBlock): void {
    const { header } = block;
    if (header.height <= this.state.tip.height) return;
    const { networkId, genesis } = this.state;
    const refusal = refuseCertificate(certificate, networkId, genesis.validators);
    if (refusal !== undefined)
      throw new StorageError("log-corrupt", `block ${header.height} has no valid certificate: ${refusal}`, {});
    const { epoch, view, proposer, time } = header;
    const place: BlockPlace = { networkId, epoch, view, proposer, time, parent: this.state.tip };
    const executed = executeBlock(this.state, block, { place, contents: "finalized", isVerified: () => true });
    if (executed.outcome === "invalid") {
      throw new StorageError(
        "state-mismatch",
        `block ${header.height} of the log does not follow from the state: ${executed.code}`,
        {},
      );
    }
    this.state.commit(executed.block, { certificate, position, next });
    this.#redact(executed.block);
  }

  /** Erases what the block redacts, once the redaction is final. */
  #redact(block: ExecutedBlock): void {
    for (const event of block.events)
      if (event.kind === "content.redact") this.contents.erase(redactedDigests(event.payload));
  }

  /** The stored tree must have the root that the newest header commits to. */
  #assertRoot(): void {
    const tip = this.state.block(this.state.tip.height);
    if (tip === undefined || equalBytes(tip.header.stateRoot, this.state.root())) return;
    throw new StorageError(
      "state-mismatch",
      `the state is damaged: its root differs from block ${tip.header.height}`,
      {},
    );
  }
}

/**
 * The state, or an empty one when the file cannot be read: the block log then makes it again from the first block.
 *
 * Only a disk that lies about syncs, or fails, damages the file. It is set aside, not deleted.
 */
function openState(directory: string, genesis: Genesis): StateStore {
  try {
    return new StateStore(directory, genesis);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "store-unreadable") throw error;
    const file = join(directory, "state.sqlite");
    renameSync(file, `${file}.damaged`);
    for (const suffix of ["-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
    return new StateStore(directory, genesis);
  }
}
