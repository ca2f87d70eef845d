import { toHex } from "@guts/primitives";
import { tables, type LedgerEvent } from "@guts/ledger";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dumpRows, embeddedDatabases, serverDatabases, type DatabaseKind } from "../../test/databases.ts";
import * as make from "../../test/entries.ts";
import { openReadModel } from "../open-read-model.ts";
import type { DatabaseLocation, QuarantinedEntry, ReadModel } from "../read-model.ts";
import { tableProjections, unprojected } from "./table-projections.ts";

const signal = new AbortController().signal;

test("every table of the state is projected or named as not needed", () => {
  const known = new Set([...tableProjections.map(({ from }) => from), ...unprojected].map(({ name }) => name));
  const all = Object.values(tables).flatMap((value) =>
    typeof value === "object" && "prefix" in value ? [value.name] : [],
  );
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((name) => !known.has(name))).toEqual([]);
});

describe.each([
  ["PGlite", async () => embeddedDatabases()],
  ["PostgreSQL", serverDatabases],
] as const)("on %s", (_name, start) => {
  let kind: DatabaseKind;
  let location: DatabaseLocation;
  let shared: ReadModel;
  const quarantined: QuarantinedEntry[] = [];

  beforeAll(async () => {
    kind = await start();
    location = await kind.fresh();
    const onQuarantine = (entry: QuarantinedEntry) => quarantined.push(entry);
    shared = await openReadModel({ location, networkId: make.networkId, onQuarantine });
  }, 120_000);

  afterAll(async () => {
    await shared.close();
    await kind[Symbol.asyncDispose]();
  }, 120_000);

  test("knows no height and projects no block before the first rebuild", async () => {
    expect(shared.cursor()).toBeUndefined();
    expect(await shared.project([make.block(1, [])], signal)).toBe("gap");
    await expect(shared.nodes(signal)).rejects.toMatchObject({ code: "not-ready" });
  });

  /** One database serves all tests of a kind: each begins with a rebuild from nothing. */
  async function withModel(
    use: (model: ReadModel, reported: QuarantinedEntry[], dump: () => ReturnType<typeof dumpRows>) => Promise<void>,
  ): Promise<void> {
    await shared.rebuild(make.snapshot([]), signal);
    quarantined.length = 0;
    await use(shared, quarantined, async () => dumpRows(location));
  }

  const alice = make.entry(tables.accountTable, make.account(1), make.accountRow("Alice"));

  test("projects blocks in order, a block twice once, and says when one is missing", async () => {
    await withModel(async (model) => {
      expect(await model.project([make.block(1, [alice])], signal)).toBe("projected");
      expect(await model.project([make.block(1, [alice])], signal)).toBe("repeated");
      expect(await model.project([make.block(3, [])], signal)).toBe("gap");
      expect(await model.project([make.block(1, [], { headerHash: make.digest(9) })], signal)).toBe("gap");
      expect(model.cursor()).toEqual({ height: 1, headerHash: make.digest(1) });
      expect((await model.account(make.account(1), signal))?.handle).toBe("Alice");
    });
  });

  test("projects blocks together as it would one by one, and none of them when one is missing", async () => {
    await withModel(async (model, _reported, dump) => {
      const renamed = make.entry(tables.accountTable, make.account(1), make.accountRow("Alicia"));
      const bob = make.entry(tables.accountTable, make.account(2), make.accountRow("bob"));
      const gone = make.entry(tables.accountTable, make.account(2), undefined);
      const blocks = [make.block(1, [alice, bob]), make.block(2, [renamed]), make.block(3, [gone])];
      expect(await model.project([blocks[0]!, blocks[2]!], signal)).toBe("gap");
      expect(model.cursor()?.height).toBe(0);
      expect(await model.project(blocks, signal)).toBe("projected");
      expect(await model.project(blocks, signal)).toBe("repeated");
      expect(model.cursor()).toEqual({ height: 3, headerHash: make.digest(3) });
      const together = await dump();
      await model.rebuild(make.snapshot([]), signal);
      for (const block of blocks) expect(await model.project([block], signal)).toBe("projected");
      expect(await dump()).toEqual(together);
      // Blocks that are there already may come again with one that is not.
      expect(await model.project([blocks[2]!, make.block(4, [])], signal)).toBe("projected");
      expect(await model.project([make.block(4, [], { headerHash: make.digest(9) })], signal)).toBe("gap");
    });
  });

  test("removes the row of an entry that is removed, also by a composite key", async () => {
    await withModel(async (model) => {
      const key = { repository: make.repository(1), account: make.account(1) };
      const role = { role: "write", sinceTime: make.time(1), sinceHeight: make.height(1) } as const;
      await model.project([make.block(1, [alice, make.entry(tables.collaboratorTable, key, role)])], signal);
      const query = { ...key, owner: make.account(2), affiliation: "direct", page: 1, perPage: 10 } as const;
      expect((await model.organizations.people(query, signal)).items).toEqual([key.account]);
      await model.project([make.block(2, [make.entry(tables.collaboratorTable, key, undefined)])], signal);
      expect((await model.organizations.people(query, signal)).items).toEqual([]);
    });
  });

  test("shows a text until its redaction, also when the text is projected again later", async () => {
    await withModel(async (model, _reported, dump) => {
      const ref = { digest: make.digest(7), length: 5 };
      const owned = { account: make.account(1), repository: undefined, redaction: undefined };
      const named = make.entry(tables.accountTable, make.account(1), make.accountRow("a", { displayName: ref }));
      const contents = new Map([[toHex(ref.digest), "Álice"]]);
      const first = make.block(1, [named, make.entry(tables.contentTable, ref.digest, owned)], { contents });
      await model.project([first], signal);
      expect((await model.account(make.account(1), signal))?.displayName).toBe("Álice");
      const redaction = { by: make.account(2), height: make.height(2), reason: "spam" };
      const second = make.block(2, [make.entry(tables.contentTable, ref.digest, { ...owned, redaction })], {
        contents,
      });
      await model.project([second], signal);
      expect((await model.account(make.account(1), signal))?.displayName).toBeUndefined();
      expect((await model.texts([ref.digest, make.digest(8)], signal)).get(toHex(ref.digest))).toEqual({
        state: "redacted",
        ...redaction,
      });
      const rows = await dump();
      await model.rebuild(make.snapshot([first, second]), signal);
      expect(await dump()).toEqual(rows);
    });
  });

  test("sets aside what it cannot apply, goes on, and gives the same rows when rebuilt", async () => {
    await withModel(async (model, reported, dump) => {
      const key = { ...make.entry(tables.accountTable, make.account(2), make.accountRow("b")) }.key;
      const good = make.block(1, [alice, make.entry(tables.accountTable, make.account(2), make.accountRow("b"))]);
      const broken = make.block(
        2,
        [
          { key, value: Uint8Array.of(1, 2, 3) },
          make.entry(tables.accountTable, make.account(3), make.accountRow("c")),
          { key: Uint8Array.of(0xee, 1), value: new Uint8Array() },
        ],
        { events: [event(1, "fine"), event(2, "not\0storable"), event(3, "fine too")] },
      );
      await model.project([good], signal);
      expect(await model.project([broken], signal)).toBe("projected");
      expect(reported.map(({ source, error }) => `${source} ${error}`).toSorted()).toEqual([
        "event 22021",
        "state truncated",
        "state unknown-table",
      ]);
      expect((await model.accountsSince(0, 10, signal)).map(({ handle }) => handle)).toEqual(["Alice", "c"]);
      const found = await model.events({ viewer: undefined, limit: 10 }, signal);
      expect(found.map(({ sequence }) => sequence)).toEqual([3, 1]);
      expect(await model.quarantined(10, signal)).toHaveLength(3);
      const rows = await dump();
      await model.rebuild(make.snapshot([good, broken]), signal);
      expect(await dump()).toEqual(rows);
      const repaired = make.entry(tables.accountTable, make.account(2), make.accountRow("bb"));
      await model.project([make.block(3, [repaired])], signal);
      expect((await model.account(make.account(2), signal))?.handle).toBe("bb");
      expect(await model.quarantined(10, signal)).toHaveLength(2);
    });
  });

  test("catches up with what came since, or rebuilds when nobody knows that any more", async () => {
    await withModel(async (model) => {
      await model.project([make.block(1, [alice])], signal);
      const bob = make.entry(tables.accountTable, make.account(2), make.accountRow("bob"));
      const later = [make.block(2, [bob]), make.block(3, [])];
      const since = make.snapshot(later).whole();
      const asked: unknown[] = [];
      const known = make.snapshot(later, { since: (cursor) => (asked.push(cursor), since) });
      expect(await model.catchUp(known, signal)).toBe("caught-up");
      expect(asked).toEqual([{ height: 1, headerHash: make.digest(1) }]);
      expect((await model.accountsSince(0, 10, signal)).map(({ handle }) => handle)).toEqual(["Alice", "bob"]);
      expect((await model.blocks(undefined, 10, signal)).map(({ height }) => height)).toEqual([3, 2, 1]);
      expect(await model.catchUp(make.snapshot([make.block(4, [bob])]), signal)).toBe("rebuilt");
      expect((await model.accountsSince(0, 10, signal)).map(({ handle }) => handle)).toEqual(["bob"]);
    });
  });

  test("keeps its rows when a rebuild is broken off, and lists nothing while one runs", async () => {
    await withModel(async (model) => {
      await model.rebuild(make.snapshot([make.block(1, [alice])]), signal);
      const stop = new AbortController();
      const failing = make.snapshot([], {
        whole: () => ({
          blocks: () => [],
          changes: async function* () {
            await expect(model.accountsSince(0, 10, signal)).rejects.toMatchObject({ code: "not-ready" });
            expect(await model.caughtUp(make.height(1), 1, signal)).toBe(false);
            stop.abort();
            yield alice;
          },
          contents: () => [],
          events: () => [],
        }),
      });
      await expect(model.rebuild(failing, stop.signal)).rejects.toThrow();
      expect(model.cursor()?.height).toBe(1);
      expect((await model.accountsSince(0, 10, signal)).map(({ handle }) => handle)).toEqual(["Alice"]);
    });
  });

  test("tells who waits for a height when it is there, and who waits in vain", async () => {
    await withModel(async (model) => {
      expect(await model.caughtUp(make.height(0), 1, signal)).toBe(true);
      expect(await model.caughtUp(make.height(1), 1, signal)).toBe(false);
      const reached = model.caughtUp(make.height(2), 60_000, signal);
      await model.project([make.block(1, [])], signal);
      await model.project([make.block(2, [])], signal);
      expect(await reached).toBe(true);
      await expect(model.caughtUp(make.height(9), 60_000, AbortSignal.abort(new Error("left")))).rejects.toThrow(
        "left",
      );
    });
  });
});

function event(sequence: number, kind: string): LedgerEvent {
  return {
    sequence,
    height: make.height(2),
    index: sequence,
    transactionId: make.digest(sequence),
    time: make.time(2),
    actor: make.account(1),
    kind: kind as LedgerEvent["kind"],
    scope: { type: "account", id: 1 },
    payload: new Uint8Array(),
    result: new Uint8Array(),
  };
}
