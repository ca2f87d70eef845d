import { expect, test } from "vitest";
import { tables } from "@guts/ledger";
import * as make from "../test/entries.ts";
import { DatabaseError } from "./database-error.ts";
import { blocksPerTransactionMax, changesPerTransactionMax, queuedBlocksMax } from "./limits.ts";
import { ProjectionFeed } from "./projection-feed.ts";
import type { AppliedBlock, Cursor, LedgerSnapshot, ProjectOutcome } from "./read-model.ts";

/** Rows that only know how far they are, with failures to order. */
class FakeRows {
  cursorNow: Cursor | undefined;
  readonly log: string[] = [];
  failures: DatabaseError[] = [];
  knowsSince = false;
  /** Awaited before every write. */
  gate: Promise<void> = Promise.resolve();

  cursor = (): Cursor | undefined => this.cursorNow;

  project = async (blocks: readonly AppliedBlock[]): Promise<ProjectOutcome> => {
    await this.#pass();
    const [first, last] = [blocks[0]!, blocks.at(-1)!];
    const height = this.cursorNow?.height ?? -1;
    if (last.height <= height) return "repeated";
    if (first.height !== height + 1) return "gap";
    this.cursorNow = last;
    this.log.push(blocks.length === 1 ? `block ${first.height}` : `blocks ${first.height} to ${last.height}`);
    return "projected";
  };

  rebuild = async (snapshot: LedgerSnapshot): Promise<void> => {
    await this.#pass();
    this.cursorNow = snapshot;
    this.log.push(`rebuild ${snapshot.height}`);
  };

  catchUp = async (snapshot: LedgerSnapshot): Promise<"caught-up" | "rebuilt"> => {
    if (!this.knowsSince) {
      await this.rebuild(snapshot);
      return "rebuilt";
    }
    await this.#pass();
    this.cursorNow = snapshot;
    this.log.push(`since ${snapshot.height}`);
    return "caught-up";
  };

  async #pass(): Promise<void> {
    await this.gate;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}

function feedOver(rows: FakeRows, ledger: { tip: number }) {
  const failures: string[] = [];
  let openSnapshots = 0;
  const feed = new ProjectionFeed({
    readModel: rows,
    openSnapshot: () => {
      openSnapshots++;
      const at = make.snapshot([make.block(ledger.tip, [])]);
      return { ...at, [Symbol.dispose]: () => void openSnapshots-- };
    },
    onFailure: ({ code }) => failures.push(code),
  });
  return { feed, failures, openSnapshots: () => openSnapshots };
}

const at = (height: number): Cursor => ({ height: make.height(height), headerHash: make.digest(height) });

test("begins where the rows are, and projects blocks in their order", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(4);
  const { feed } = feedOver(rows, { tip: 4 });
  feed.offer(make.block(5, []));
  feed.offer(make.block(6, []));
  await feed.idle();
  expect(rows.log).toEqual(["blocks 5 to 6"]);
});

test("brings rows that lag, or follow another chain, up to date before the first block", async () => {
  for (const cursor of [undefined, at(3), { ...at(4), headerHash: make.digest(99) }]) {
    const rows = new FakeRows();
    rows.cursorNow = cursor;
    const { feed, openSnapshots } = feedOver(rows, { tip: 4 });
    feed.offer(make.block(5, []));
    await feed.idle();
    expect(rows.log).toEqual(["rebuild 4", "block 5"]);
    expect(openSnapshots()).toBe(0);
  }
});

test("tries again after a failure and loses no block", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(0);
  rows.failures = [new DatabaseError("unavailable", "gone"), new DatabaseError("busy", "lost a race")];
  const { feed, failures } = feedOver(rows, { tip: 0 });
  feed.offer(make.block(1, []));
  feed.offer(make.block(2, []));
  await feed.idle();
  expect(failures).toEqual(["unavailable", "busy"]);
  expect(rows.log).toEqual(["blocks 1 to 2"]);
});

test("blocks that wait together become one database transaction, up to its bounds", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  rows.gate = promise;
  const { feed } = feedOver(rows, { tip: 0 });
  const last = blocksPerTransactionMax + 4;
  for (let height = 1; height < last; height++) feed.offer(make.block(height, []));
  const entry = make.entry(tables.accountTable, make.account(1), make.accountRow("a"));
  const large = Array.from({ length: changesPerTransactionMax + 1 }, () => entry);
  feed.offer(make.block(last, large));
  feed.offer(make.block(last + 1, []));
  resolve();
  await feed.idle();
  expect(rows.log).toEqual([
    `blocks 1 to ${blocksPerTransactionMax}`,
    `blocks ${blocksPerTransactionMax + 1} to ${last - 1}`,
    `block ${last}`,
    `block ${last + 1}`,
  ]);
});

test("replaces blocks that were left out by a snapshot, and those that it includes", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(1);
  rows.knowsSince = true;
  const ledger = { tip: 1 };
  const { feed } = feedOver(rows, ledger);
  ledger.tip = 5;
  feed.offer(make.block(4, []));
  feed.offer(make.block(5, []));
  feed.offer(make.block(6, []));
  await feed.idle();
  feed.offer(make.block(6, []));
  await feed.idle();
  expect(rows.log).toEqual(["since 5", "block 6"]);
});

test("drops a queue that grew too long and takes a snapshot instead", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(0);
  const { promise, resolve } = Promise.withResolvers<void>();
  rows.gate = promise;
  const ledger = { tip: 0 };
  const { feed } = feedOver(rows, ledger);
  await feed.idle();
  for (let height = 1; height <= queuedBlocksMax + 1; height++) feed.offer(make.block(height, []));
  ledger.tip = queuedBlocksMax + 1;
  resolve();
  await feed.idle();
  expect(rows.log).toEqual(["block 1", `rebuild ${queuedBlocksMax + 1}`]);
});

test("rebuilds when asked to, also when the first try fails", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(2);
  rows.knowsSince = true;
  rows.failures = [new DatabaseError("unavailable", "gone")];
  const { feed } = feedOver(rows, { tip: 2 });
  feed.requestRebuild();
  await feed.idle();
  expect(rows.log).toEqual(["rebuild 2"]);
});

test("projects what waits when it is closed, and gives up at once when that fails", async () => {
  const rows = new FakeRows();
  rows.cursorNow = at(0);
  const { feed } = feedOver(rows, { tip: 0 });
  feed.offer(make.block(1, []));
  await feed[Symbol.asyncDispose]();
  feed.offer(make.block(2, []));
  expect(rows.log).toEqual(["block 1"]);

  const broken = new FakeRows();
  broken.cursorNow = at(0);
  broken.failures = [new DatabaseError("unavailable", "gone")];
  const closing = feedOver(broken, { tip: 0 });
  closing.feed.offer(make.block(1, []));
  await closing.feed[Symbol.asyncDispose]();
  expect(broken.log).toEqual([]);
});
