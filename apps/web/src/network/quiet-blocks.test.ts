import type { BlockSummary } from "@guts/api";
import { describe, expect, it } from "vitest";

import { groupQuietBlocks } from "./quiet-blocks.ts";

const block = (height: number, transactionCount: number): BlockSummary => ({
  height,
  id: String(height),
  time: "2026-11-20T12:00:00Z",
  transactionCount,
  proposer: null,
});

describe("groupQuietBlocks", () => {
  it("joins neighbours without transactions and keeps the others", () => {
    const groups = groupQuietBlocks([block(9, 0), block(8, 0), block(7, 2), block(6, 0), block(5, 1)]);
    expect(
      groups.map((group) => (group.kind === "block" ? group.block.height : [group.newest.height, group.count])),
    ).toEqual([[9, 2], 7, [6, 1], 5]);
    expect(groups[0]).toMatchObject({ oldest: { height: 8 } });
  });

  it("gives nothing for nothing", () => {
    expect(groupQuietBlocks([])).toEqual([]);
  });
});
