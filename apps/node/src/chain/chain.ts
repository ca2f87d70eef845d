/**
 * The chain of one node on disk: block log, detached texts and state, opened in the order that recovery needs.
 *
 * A block becomes durable in this order: (1) its texts, synced, (2) the block and why it is final in the block log, synced.
 * (3) Its effects on the state follow, and are synced some time. A crash after (1) leaves texts that nothing refers to; after
 * (2) a block that opening executes again, with the same roots or not at all.
 */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { equalBytes } from "@guts/primitives";
import { executeBlock, type BlockPlace, type Content, type ExecutedBlock, type Genesis } from "@guts/ledger";
import { BlockLog, ContentLog, StateStore, StorageError, type LoggedBlock } from "@guts/storage";
import { headerHash, refuseFinality, type Finality } from "@guts/verifier";
import { ChainView } from "./chain-view.ts";
import { redactedDigests } from "./redacted-digests.ts";

/** A finalized block that has been applied to the state. */
export interface AppliedBlock {
  readonly block: ExecutedBlock;
  readonly finality: Finality;
}

/** The stores of one chain, with the right to write them: one at a time has it. */
export class Chain extends ChainView {
  declare readonly state: StateStore;
  declare readonly contents: ContentLog;
  readonly #blocks: BlockLog;

  private constructor(directory: string, stores: { state: StateStore; contents: ContentLog; blocks: BlockLog }) {
    super(directory, stores);
    this.#blocks = stores.blocks;
  }

  /** Opens the stores below `directory`, executing blocks that were finalized but not applied before the last stop. */
  static openForWriting(directory: string, genesis: Genesis): Chain {
    const state = openState(directory, genesis);
    const contents = new ContentLog(directory);
    const blocks = new BlockLog(join(directory, "blocks"), { after: state.logPosition });
    const chain = new Chain(directory, { state, contents, blocks });
    chain.#assertRoot();
    for (const logged of blocks.finalizedFrom(state.logPosition)) chain.#replay(logged);
    return chain;
  }

  /** Makes a finalized block durable and applies it. Steps as numbered above. */
  append({ block, finality }: AppliedBlock, contents: ReadonlyMap<string, Content> = block.contents): void {
    this.contents.put(contents); // (1)
    const position = this.#blocks.append(block, finality); // (2)
    this.#blocks.sync();
    this.state.commit(block, { finality, position, next: this.#blocks.tail }); // (3)
    this.#redact(block);
  }

  override close(): void {
    this.#blocks.close();
    super.close();
  }

  #replay({ block, finality, position, next }: LoggedBlock): void {
    const { header } = block;
    if (header.height <= this.state.tip.height) return;
    const { networkId, genesis } = this.state;
    const refusal = refuseFinality(headerHash(header), finality, networkId, genesis.validators);
    if (refusal !== undefined)
      throw new StorageError("log-corrupt", `nothing proves that block ${header.height} is final: ${refusal}`, {});
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
    this.state.commit(executed.block, { finality, position, next });
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
