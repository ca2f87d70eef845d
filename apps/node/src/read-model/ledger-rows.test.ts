import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { LedgerPart } from "@guts/database";
import type { ExecutedBlock, StateChange } from "@guts/ledger";
import { toHex, type Height } from "@guts/primitives";
import { recentChangesBlocks } from "@guts/storage";
import { RandomUsers, SimulatedLedger } from "@guts/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Chain } from "../chain/chain.ts";
import { openLedgerSnapshot } from "./ledger-rows.ts";

const blockCount = 20;
let directory: string;
let chain: Chain;
let ledger: SimulatedLedger;
/** All entries as they were after each block. */
const entriesAt: ReadonlyMap<string, string>[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "guts-rows-"));
  ledger = new SimulatedLedger(5);
  const users = new RandomUsers(ledger);
  chain = Chain.openForWriting(directory, ledger.genesis);
  entriesAt.push(entriesNow());
  for (let count = 0; count < blockCount; count++) {
    append(users.appendBlock(8));
    entriesAt.push(entriesNow());
  }
}, 120_000);

afterAll(() => {
  chain.close();
  rmSync(directory, { recursive: true, force: true });
});

function append(block: ExecutedBlock): void {
  const { hash, header } = block;
  const certificate = { epoch: 0, kind: "finalize", view: header.view, header: hash, votes: [] } as const;
  chain.append({ block, finality: { certificate, descendants: [] } });
}

function entriesNow(): ReadonlyMap<string, string> {
  return new Map(ledger.state.entries().map(([key, value]) => [toHex(key), toHex(value)]));
}

function cursorAt(height: number) {
  const headerHash = height === 0 ? ledger.networkId : ledger.blocks[height - 1]!.hash;
  return { height: height as Height, headerHash };
}

async function read(part: LedgerPart) {
  return {
    blocks: await Array.fromAsync(part.blocks()),
    changes: await Array.fromAsync(part.changes()),
    contents: await Array.fromAsync(part.contents()),
    events: await Array.fromAsync(part.events()),
  };
}

function applied(entries: ReadonlyMap<string, string>, changes: readonly StateChange[]): ReadonlyMap<string, string> {
  const after = new Map(entries);
  for (const { key, value } of changes) {
    if (value === undefined) after.delete(toHex(key));
    else after.set(toHex(key), toHex(value));
  }
  return new Map([...after].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

test("the whole is every entry, text, block and event", async () => {
  using snapshot = openLedgerSnapshot(chain);
  const whole = await read(snapshot.whole());
  expect(applied(new Map(), whole.changes)).toEqual(entriesAt.at(-1));
  expect(whole.events).toEqual(ledger.events);
  expect(new Map(whole.contents)).toEqual(ledger.texts);
  expect(whole.blocks.map(({ height }) => height)).toEqual(ledger.blocks.map(({ header }) => header.height));
});

test("what came since a height leads from its entries to those of now", async () => {
  using snapshot = openLedgerSnapshot(chain);
  for (const height of [0, 7, blockCount - 1, blockCount]) {
    const since = await read(snapshot.since(cursorAt(height))!);
    expect(applied(entriesAt[height]!, since.changes)).toEqual(entriesAt.at(-1));
    expect(since.events).toEqual(ledger.events.filter((event) => event.height > height));
    expect(since.blocks.map((block) => block.height)).toEqual(
      ledger.blocks.map(({ header }) => header.height).filter((at) => at > height),
    );
    for (const [digest, text] of since.contents) expect(text).toBe(ledger.texts.get(digest));
  }
});

test("nothing is known since a block of another chain, a later one, or one too long ago", () => {
  using snapshot = openLedgerSnapshot(chain);
  expect(snapshot.since({ ...cursorAt(7), headerHash: cursorAt(8).headerHash })).toBeUndefined();
  expect(snapshot.since({ ...cursorAt(7), height: (blockCount + 1) as Height })).toBeUndefined();
  for (let count = blockCount; count <= recentChangesBlocks; count++) append(ledger.appendBlock(1000, []));
  using later = openLedgerSnapshot(chain);
  expect(later.since(cursorAt(0))).toBeUndefined();
  expect(later.since(cursorAt(1))).toBeDefined();
  expect(snapshot.since(cursorAt(7))).toBeDefined();
});
