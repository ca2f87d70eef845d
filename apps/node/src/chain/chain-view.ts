/** The chain of one node as its readers see it: doors, projections, proofs. */
import { join } from "node:path";
import type { Genesis } from "@guts/ledger";
import {
  BlockReader,
  openContentReader,
  StateView,
  type ContentReader,
  type LoggedBlock,
  type LogPosition,
} from "@guts/storage";

/** Reads the stores of a chain, beside the thread that writes them. */
export class ChainView {
  readonly state: StateView;
  readonly contents: ContentReader;
  readonly #reader: BlockReader;

  protected constructor(directory: string, stores: { readonly state: StateView; readonly contents: ContentReader }) {
    this.state = stores.state;
    this.contents = stores.contents;
    this.#reader = new BlockReader(join(directory, "blocks"));
  }

  /** Opens the stores below `directory` for reading; their writer has made them. */
  static open(directory: string, genesis: Genesis): ChainView {
    return new ChainView(directory, {
      state: StateView.open(directory, genesis),
      contents: openContentReader(directory),
    });
  }

  /** A block as the log has it; undefined when the log has none there. */
  readBlock(position: LogPosition): LoggedBlock | undefined {
    return this.#reader.readAt(position);
  }

  /** A block's transactions as the log has them. */
  readTransactions(position: LogPosition): readonly Uint8Array[] {
    return this.readBlock(position)?.block.transactions ?? [];
  }

  close(): void {
    this.contents.close();
    this.state.close();
  }
}
