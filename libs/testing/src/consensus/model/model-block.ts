import type { BlockId, BlockRef } from "@guts/consensus";

/** A block that somebody may propose: which view proposes it, on which parent (undefined: genesis), told apart by `id`. */
export interface ModelBlock {
  readonly index: number;
  readonly id: BlockId;
  readonly view: number;
  readonly parent: ModelBlock | undefined;
}

/** Where every chain of the model begins. */
export const modelGenesis: BlockRef = { view: 0, id: "genesis" };

/**
 * Every block of a model of `viewCount` views. The first view has two (its leader equivocates); each later view has one on
 * genesis and one on every earlier block, which lets its leader lie about the parent and equivocate at once.
 */
export function modelBlocks(viewCount: number): readonly ModelBlock[] {
  const blocks: ModelBlock[] = [];
  for (let view = 1; view <= viewCount; view++) {
    const parents: readonly (ModelBlock | undefined)[] = view === 1 ? [undefined, undefined] : [undefined, ...blocks];
    for (const [nth, parent] of parents.entries())
      blocks.push({ index: blocks.length, id: `${view}${"abcdefghijkl"[nth]}`, view, parent });
  }
  return blocks;
}

/** Whether one of two blocks is an ancestor of the other, or both are the same. */
export function areOnOneChain(one: ModelBlock, other: ModelBlock): boolean {
  const [lower, upper] = one.view <= other.view ? [one, other] : [other, one];
  for (let block: ModelBlock | undefined = upper; block !== undefined; block = block.parent)
    if (block === lower) return true;
  return false;
}
