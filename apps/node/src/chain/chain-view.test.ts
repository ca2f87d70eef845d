import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import type { ExecutedBlock } from "@guts/ledger";
import { toHex } from "@guts/primitives";
import { recentChangesBlocks } from "@guts/storage";
import { RandomUsers, SimulatedLedger } from "@guts/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Chain } from "./chain.ts";
import { ChainView } from "./chain-view.ts";

let directory: string;
let chain: Chain;
let view: ChainView;
let users: RandomUsers;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guts-view-"));
  const ledger = new SimulatedLedger(11);
  users = new RandomUsers(ledger);
  chain = Chain.openForWriting(directory, ledger.genesis);
  view = ChainView.open(directory, ledger.genesis);
});
afterEach(() => {
  view.close();
  chain.close();
  rmSync(directory, { recursive: true, force: true });
});

function append(block: ExecutedBlock): void {
  const certificate = { epoch: 0, kind: "finalize", view: block.header.view, header: block.hash, votes: [] } as const;
  chain.append({ block, finality: { certificate, descendants: [] } });
}

function entriesOf({ state }: ChainView): readonly string[] {
  return Array.from(state.entries(), ([key, value]) => `${toHex(key)} ${toHex(value)}`);
}

test("a view sees one height within a turn, and the newest in the next", async () => {
  expect(view.state.tip.height).toBe(0);
  const before = entriesOf(view);
  append(users.appendBlock(8));
  expect(view.state.tip.height).toBe(0);
  expect(entriesOf(view)).toEqual(before);
  await nextTurn();
  expect(view.state.tip.height).toBe(1);
  expect(entriesOf(view)).toEqual(entriesOf(chain));
  expect(view.state.root()).toEqual(chain.state.root());
});

test("values that were read before a block are not kept over it", async () => {
  append(users.appendBlock(8));
  for (const [key] of chain.state.entries()) view.state.get(key);
  await nextTurn();
  for (let count = 0; count < 5; count++) {
    append(users.appendBlock(8));
    await nextTurn();
    for (const [key, value] of chain.state.entries()) expect(view.state.get(key)).toEqual(value);
  }
});

test("a view that was not read for many blocks is right as well", async () => {
  append(users.appendBlock(8));
  for (const [key] of chain.state.entries()) view.state.get(key);
  await nextTurn();
  for (let count = 0; count < recentChangesBlocks + 2; count++) append(users.appendBlock(2));
  for (const [key, value] of chain.state.entries()) expect(view.state.get(key)).toEqual(value);
});

test("the log is read while it is written", async () => {
  const block = users.appendBlock(8);
  append(block);
  const stored = view.state.block(block.header.height)!;
  expect(view.readTransactions(stored.position)).toEqual(block.transactions);
  for (const [digest, { text }] of block.contents)
    expect(view.contents.get(Buffer.from(digest, "hex"))?.text).toEqual(text);
});
