/** The chain in the read model's terms: everything at once, or what came after a height. */
import type { ContentEntry, Cursor, LedgerPart, LedgerSnapshot, ProjectedBlock } from "@guts/database";
import { admissibleText, decodeRowKey, scanRows, tables } from "@guts/ledger";
import { equalBytes, toHex, type Digest, type Height } from "@guts/primitives";
import type { StateView, StoredBlock } from "@guts/storage";

import type { ChainView } from "../chain/chain-view.ts";

/** Everything that rows are made of, as of the newest block; blocks applied while it is read do not show in it. */
export function openLedgerSnapshot({ state: store, contents: texts }: ChainView): LedgerSnapshot & Disposable {
  const state = store.openSnapshot();
  const { height, hash } = state.tip;
  const textOf = (digest: Digest): ContentEntry => {
    const content = texts.get(digest);
    return [toHex(digest), content === undefined ? undefined : admissibleText(content.text)];
  };
  return {
    height,
    headerHash: hash,
    whole: () => ({
      blocks: () => blocksAbove(state, 0),
      *changes() {
        for (const [key, value] of state.entries()) yield { key, value };
      },
      *contents() {
        for (const [digest] of scanRows(state, tables.contentTable)) yield textOf(digest);
      },
      events: () => state.eventsAbove(0 as Height),
    }),
    since: (cursor) => partSince(state, cursor, textOf),
    [Symbol.dispose]: () => state[Symbol.dispose](),
  };
}

/** What came after the cursor, if its block is one of this chain and the store still knows what changed since. */
function partSince(state: StateView, cursor: Cursor, textOf: (digest: Digest) => ContentEntry): LedgerPart | undefined {
  const at = cursor.height === 0 ? state.networkId : state.block(cursor.height)?.hash;
  const changes = state.changesSince(cursor.height);
  if (at === undefined || !equalBytes(at, cursor.headerHash) || changes === undefined) return undefined;
  const contents = changes.filter(({ key }) => key[0] === tables.contentTable.prefix);
  return {
    blocks: () => blocksAbove(state, cursor.height),
    changes: () => changes,
    contents: () => contents.map(({ key }) => textOf(decodeRowKey(tables.contentTable, key))),
    events: () => state.eventsAbove(cursor.height),
  };
}

function* blocksAbove(state: StateView, height: number): Iterable<ProjectedBlock> {
  for (let next = height + 1; next <= state.tip.height; next++) yield projectedBlock(state.block(next as Height)!);
}

function projectedBlock({ header, hash, transactionCount }: StoredBlock): ProjectedBlock {
  return { height: header.height, headerHash: hash, time: header.time, transactionCount };
}
