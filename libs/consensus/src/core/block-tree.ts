/** Blocks above the last finalized one, by hash, and the last few finalized ones for peers that lag. */
import { assert, type Digest } from "@guts/primitives";
import { recentBlockBytesMax, recentBlocksMax } from "../limits.ts";
import type { FinalizedBlock, Peer, Proposal } from "../ports.ts";
import type { BlockId } from "../voting-rules.ts";
import { idOf } from "./terms.ts";

/** A block with what became of it here. */
export interface KnownBlock {
  readonly id: BlockId;
  readonly parent: BlockId;
  readonly proposal: Proposal;
  /** Who sent it; undefined for this node's own and the journal's. */
  readonly source: Peer | undefined;
  /** A certificate names it or a descendant, so it is executed even without a vote. */
  isVouched: boolean;
  state: "received" | "valid" | "invalid";
  isJournaled: boolean;
}

/** Where a block stands in the chain. */
export interface Place {
  readonly view: number;
  readonly height: number;
  readonly time: number;
  /** Whether a child can be executed. */
  readonly isExecuted: boolean;
}

/** What lies between the floor and a block. */
export type Path =
  | { readonly outcome: "whole"; readonly blocks: readonly KnownBlock[] }
  /** `child` is the lowest block that is known, undefined when not even the target is. */
  | { readonly outcome: "missing"; readonly hash: Digest; readonly child: KnownBlock | undefined };

/** The tree that grows from the last finalized block. */
export class BlockTree {
  #floor: FinalizedBlock;
  #floorId: BlockId;
  readonly #blockById = new Map<BlockId, KnownBlock>();
  /** Oldest first. */
  readonly #recent = new Map<BlockId, Proposal>();

  constructor(floor: FinalizedBlock) {
    this.#floor = floor;
    this.#floorId = idOf(floor.hash);
  }

  get floor(): FinalizedBlock {
    return this.#floor;
  }

  get floorId(): BlockId {
    return this.#floorId;
  }

  get(id: BlockId): KnownBlock | undefined {
    return this.#blockById.get(id);
  }

  /** All blocks above the floor, parents before children. */
  ascending(): readonly KnownBlock[] {
    return [...this.#blockById.values()].sort((left, right) => viewOf(left) - viewOf(right));
  }

  add(proposal: Proposal, from: Pick<KnownBlock, "source" | "isVouched" | "state" | "isJournaled">): KnownBlock {
    const id = idOf(proposal.hash);
    const block = { id, parent: idOf(proposal.header.parent), proposal, ...from };
    this.#blockById.set(id, block);
    return block;
  }

  delete(id: BlockId): void {
    this.#blockById.delete(id);
  }

  /** Where the block of this id stands, when it is the floor or known. */
  placeOf(id: BlockId): Place | undefined {
    if (id === this.#floorId) return { ...this.#floor, isExecuted: true };
    const block = this.#blockById.get(id);
    if (block === undefined) return undefined;
    const { view, height, time } = block.proposal.header;
    return { view, height, time, isExecuted: block.state === "valid" };
  }

  /** The blocks from above the floor to `hash`, ancestors first. A finalized block that does not descend from the floor is a fork. */
  pathTo(hash: Digest): Path {
    const blocks: KnownBlock[] = [];
    let wanted = hash;
    while (idOf(wanted) !== this.#floorId) {
      const block = this.#blockById.get(idOf(wanted));
      const isBelowFloor = (blocks.at(-1)?.proposal.header.height ?? Infinity) <= this.#floor.height + 1;
      assert(!isBelowFloor, "a quorum finalized another block of a final height");
      if (block === undefined) return { outcome: "missing", hash: wanted, child: blocks.at(-1) };
      blocks.push(block);
      wanted = block.proposal.header.parent;
    }
    return { outcome: "whole", blocks: blocks.toReversed() };
  }

  /** Moves the floor. Returns the executed blocks that cannot become final any more. */
  raiseFloor(floor: FinalizedBlock, committed: readonly Proposal[]): readonly KnownBlock[] {
    this.#floor = floor;
    this.#floorId = idOf(floor.hash);
    const final = new Set(committed.map(({ hash }) => idOf(hash)));
    for (const proposal of committed) this.#remember(proposal);
    const dead: KnownBlock[] = [];
    for (const block of this.#blockById.values()) {
      if (viewOf(block) > floor.view) continue;
      this.#blockById.delete(block.id);
      if (block.state === "valid" && !final.has(block.id)) dead.push(block);
    }
    return dead;
  }

  /** A block that a peer may ask for. */
  findForPeer(hash: Digest): Proposal | undefined {
    const id = idOf(hash);
    return this.#blockById.get(id)?.proposal ?? this.#recent.get(id);
  }

  #remember(proposal: Proposal): void {
    this.#recent.set(idOf(proposal.hash), proposal);
    let bytes = 0;
    for (const { body } of this.#recent.values()) bytes += body.length;
    for (const [id, { body }] of this.#recent) {
      if (this.#recent.size <= recentBlocksMax && bytes <= recentBlockBytesMax) return;
      this.#recent.delete(id);
      bytes -= body.length;
    }
  }
}

function viewOf(block: KnownBlock): number {
  return block.proposal.header.view;
}
