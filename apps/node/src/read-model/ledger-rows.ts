/** The chain in the read model's terms: single blocks as they are applied, and everything at once. */
import type { AppliedBlock as BlockOfRows, LedgerSnapshot, ProjectedBlock } from "@guts/database";
import { scanRows, tables } from "@guts/ledger";
import { fromUtf8, toHex, type Height } from "@guts/primitives";
import type { StoredBlock } from "@guts/storage";

import type { AppliedBlock, Chain } from "../ledger/chain.ts";

/** What a block did, for its rows. */
export function rowsOfBlock({ block }: AppliedBlock): BlockOfRows {
  const { header, hash, transactions, changes, events, contents } = block;
  return {
    height: header.height,
    headerHash: hash,
    time: header.time,
    transactionCount: transactions.length,
    changes,
    events,
    contents: new Map([...contents].map(([digest, { text }]) => [digest, fromUtf8(text)])),
  };
}

/**
 * Everything that rows are made of, as of the newest block; blocks applied while it is read do not show in it.
 *
 * The store does not keep which keys changed when, so rows that are behind by more than the blocks in memory are made anew.
 */
export function openLedgerSnapshot({ state: store, contents: texts }: Chain): LedgerSnapshot & Disposable {
  const state = store.openSnapshot();
  const { height, hash } = state.tip;
  return {
    height,
    headerHash: hash,
    since: () => undefined,
    whole: () => ({
      *changes() {
        for (const [key, value] of state.entries()) yield { key, value };
      },
      *blocks() {
        for (let next = 1; next <= height; next++) yield projectedBlock(state.block(next as Height)!);
      },
      *contents() {
        for (const [digest] of scanRows(state, tables.contentTable)) {
          const content = texts.get(digest);
          yield [toHex(digest), content === undefined ? undefined : fromUtf8(content.text)] as const;
        }
      },
      events: () => state.eventsAbove(0 as Height),
    }),
    [Symbol.dispose]: () => state[Symbol.dispose](),
  };
}

function projectedBlock({ header, hash, transactionCount }: StoredBlock): ProjectedBlock {
  return { height: header.height, headerHash: hash, time: header.time, transactionCount };
}
