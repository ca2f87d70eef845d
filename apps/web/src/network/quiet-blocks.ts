import type { BlockSummary } from "@guts/api";

/** A block that did something, or a run of neighbours that did not, newest first. */
export type BlockGroup =
  | { readonly kind: "block"; readonly block: BlockSummary }
  | { readonly kind: "quiet"; readonly newest: BlockSummary; readonly oldest: BlockSummary; readonly count: number };

/** Joins neighbouring empty blocks, which an idle network makes once a minute, so that what happened stands out. */
export function groupQuietBlocks(blocks: readonly BlockSummary[]): readonly BlockGroup[] {
  const groups: BlockGroup[] = [];
  for (const block of blocks) {
    const previous = groups.at(-1);
    if (block.transactionCount > 0) groups.push({ kind: "block", block });
    else if (previous?.kind === "quiet")
      groups[groups.length - 1] = { ...previous, oldest: block, count: previous.count + 1 };
    else groups.push({ kind: "quiet", newest: block, oldest: block, count: 1 });
  }
  return groups;
}
