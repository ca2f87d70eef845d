/**
 * What follows a finalized block, in the one order that every crash survives: objects before refs, refs before rows, rows
 * before events. Objects were there before the block (a receipt says so); each later step is idempotent and has its cursor.
 */
import type { ForgeState, LedgerEvent } from "@guts/ledger";
import { parseHeight, type Height } from "@guts/primitives";
import type { ChainView } from "../chain/chain-view.ts";
import type { FinalBlock } from "../chain-thread/contract.ts";
import {
  gitHeightNote,
  heightNote,
  projectEvents,
  reprojectSince,
  type GitProjection,
  type ObjectGate,
} from "./project-git.ts";

/** Keeps how far git has come, beside the state. */
export interface NoteKeeper {
  /** Durable when it resolves. */
  setNote(name: string, value: Uint8Array): Promise<void> | void;
  /** Durable with the next block. */
  deferNote(name: string, value: Uint8Array): void;
}

/** The parts that follow the chain. */
export interface FinalizedBlocksOptions {
  readonly chain: ChainView;
  readonly notes: NoteKeeper;
  readonly forge: ForgeState;
  readonly git: GitProjection;
  readonly objects: ObjectGate;
  /** Rows; may lag, so answers do not wait for it. */
  readonly onRows: (applied: FinalBlock) => void;
  /** Everybody who listens: doors' caches, live updates. */
  readonly onEvents: (height: Height, events: readonly LedgerEvent[]) => void;
}

/** Blocks between two syncs of refs on disk: at most so many are projected again after a crash. */
export const refSyncIntervalBlocks = 64;

/** Further behind than this, objects are not waited for block by block. */
const blocksBehindMax = 4;

/** Follows the chain block by block. */
export class FinalizedBlocks {
  readonly #options: FinalizedBlocksOptions;
  #last: Promise<void> = Promise.resolve();
  #syncedHeight = 0;
  #followedHeight = 0 as Height;

  constructor(options: FinalizedBlocksOptions) {
    this.#options = options;
  }

  /** Repairs what a stop left half done. Before the doors open. */
  async recover(): Promise<void> {
    const { chain, notes } = this.#options;
    const note = chain.state.note(gitHeightNote);
    const height = parseHeight(note === undefined ? 0 : Number(new TextDecoder().decode(note))) ?? (0 as Height);
    await reprojectSince(this.#options, chain.state.eventsAbove(height));
    await notes.setNote(gitHeightNote, heightNote(chain.state.tip.height));
    this.#syncedHeight = chain.state.tip.height;
    this.#followedHeight = chain.state.tip.height;
  }

  /** Resolves when the block shows in git and has been announced. Blocks are followed one after the other. */
  follow(applied: FinalBlock): Promise<void> {
    this.#last = this.#last.then(() => this.#followOne(applied));
    return this.#last;
  }

  /** Resolves when nothing is under way and the refs on disk are durable, so that the next start repairs nothing. */
  async settled(): Promise<void> {
    await this.#last;
    const { git, notes } = this.#options;
    await git.syncRefs();
    await notes.setNote(gitHeightNote, heightNote(this.#followedHeight));
  }

  async #followOne(applied: FinalBlock): Promise<void> {
    const { chain, onRows, onEvents } = this.#options;
    const { header, events } = applied.block;
    const isCatchingUp = chain.state.tip.height > header.height + blocksBehindMax;
    await projectEvents(this.#options, events, { isCatchingUp });
    this.#followedHeight = header.height;
    await this.#noteProgress(header.height);
    onRows(applied);
    onEvents(header.height, events);
  }

  /** The cursor counts only refs that a power loss cannot take back; syncing them for every block would slow every push. */
  async #noteProgress(height: Height): Promise<void> {
    if (height - this.#syncedHeight < refSyncIntervalBlocks) return;
    const { notes, git } = this.#options;
    await git.syncRefs();
    notes.deferNote(gitHeightNote, heightNote(height));
    this.#syncedHeight = height;
  }
}
