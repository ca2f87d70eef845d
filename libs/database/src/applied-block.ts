import { admissibleText, type ExecutedBlock } from "@guts/ledger";
import type { AppliedBlock } from "./read-model.ts";

/**
 * What the read model takes of an executed block.
 *
 * A block that was executed from the log, and not when it was finalized, carries no texts: its rows show them after
 * the next snapshot alone, so hand such blocks over as a snapshot.
 */
export function appliedBlockOf(block: Omit<ExecutedBlock, "tree">): AppliedBlock {
  return {
    height: block.header.height,
    headerHash: block.hash,
    time: block.header.time,
    transactionCount: block.transactions.length,
    changes: block.changes,
    contents: new Map([...block.contents].map(([digest, { text }]) => [digest, admissibleText(text)])),
    events: block.events,
  };
}
