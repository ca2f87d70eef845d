import { tables } from "@guts/ledger";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverDatabases } from "../test/databases.ts";
import * as make from "../test/entries.ts";
import { pageOffsetMax, perPageMax } from "./limits.ts";
import { openReadModel } from "./open-read-model.ts";
import type { DatabaseLocation, ReadModel } from "./read-model.ts";

const signal = new AbortController().signal;
let databases: Awaited<ReturnType<typeof serverDatabases>>;

beforeAll(async () => {
  databases = await serverDatabases();
}, 60_000);

afterAll(async () => databases[Symbol.asyncDispose](), 60_000);

async function open(location: DatabaseLocation, networkId = make.networkId): Promise<ReadModel> {
  return openReadModel({ location, networkId, onQuarantine: () => {} });
}

/** Ends every other session of the database, as a restarting server would. */
async function endSessions(location: DatabaseLocation): Promise<void> {
  const { url } = location as { readonly url: string };
  const admin = postgres(url, { max: 1 });
  await admin`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await admin.end();
}

describe("a server's database", () => {
  test("keeps its rows and its height", async () => {
    const location = await databases.fresh();
    const first = await open(location);
    await first.rebuild(make.snapshot([make.block(7, [])]), signal);
    await first.close();
    const again = await open(location);
    expect(again.cursor()).toEqual({ height: 7, headerHash: make.digest(7) });
    await again.close();
  });

  test("serves one node at a time", async () => {
    const location = await databases.fresh();
    const first = await open(location);
    await expect(open(location)).rejects.toMatchObject({ code: "in-use" });
    await first.close();
    await (await open(location)).close();
  });

  test("is refused when it holds another network's rows", async () => {
    const location = await databases.fresh();
    const first = await open(location);
    await first.rebuild(make.snapshot([]), signal);
    await first.close();
    await expect(open(location, make.digest(1))).rejects.toMatchObject({ code: "wrong-network" });
  });

  test("is refused when a later version has changed its schema", async () => {
    const location = await databases.fresh();
    await (await open(location)).close();
    const admin = postgres((location as { readonly url: string }).url, { max: 1 });
    await admin`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`;
    await admin.end();
    await expect(open(location)).rejects.toMatchObject({ code: "newer-schema" });
  });

  test("is projected anew when its rows are of another projection", async () => {
    const location = await databases.fresh();
    const first = await open(location);
    await first.rebuild(make.snapshot([make.block(7, [])]), signal);
    await first.close();
    const admin = postgres((location as { readonly url: string }).url, { max: 1 });
    await admin`update projection set version = version - 1`;
    await admin.end();
    const again = await open(location);
    expect(again.cursor()).toBeUndefined();
    await again.close();
  });

  test("goes on after its sessions were ended", async () => {
    const location = await databases.fresh();
    const model = await open(location);
    await model.rebuild(make.snapshot([]), signal);
    await model.nodes(signal);
    await endSessions(location);
    expect(await model.nodes(signal)).toEqual([]);
    await endSessions(location);
    expect(await model.project([make.block(1, [])], signal)).toBe("projected");
    expect(await model.project([make.block(1, [])], signal)).toBe("repeated");
    await model.close();
  });
});

test("a server that is not there is unavailable", async () => {
  const url = "postgres://guts@127.0.0.1:41499/none";
  await expect(open({ type: "server", url })).rejects.toMatchObject({ code: "unavailable", isRetryable: true });
});

test("a name that no server has is unavailable", async () => {
  await expect(open({ type: "server", url: databases.server.urlOf("none") })).rejects.toMatchObject({
    code: "unavailable",
  });
});

describe("lists", () => {
  let model: ReadModel;

  beforeAll(async () => {
    model = await open(await databases.fresh());
    await model.rebuild(make.snapshot([]), signal);
  });

  afterAll(async () => model.close());

  test("refuse a page that lies too deep", async () => {
    const query = { sort: "created", direction: "asc", perPage: perPageMax } as const;
    const deepest = pageOffsetMax / perPageMax + 1;
    expect(await model.listPublicRepositories({ ...query, page: deepest }, signal)).toEqual({
      items: [],
      hasMore: false,
    });
    const deeper = model.listPublicRepositories({ ...query, page: deepest + 1 }, signal);
    await expect(deeper).rejects.toMatchObject({ code: "page-too-deep" });
  });

  test("say whether another page follows", async () => {
    const ids = Array.from({ length: 6 }, (_, index) => index + 1);
    const changes = ids.flatMap((id) => [
      make.entry(tables.accountTable, make.account(id), make.accountRow(`user${id}`)),
      make.entry(
        tables.collaboratorTable,
        { repository: make.repository(1), account: make.account(id) },
        { role: "read" as const, sinceTime: make.time(1), sinceHeight: make.height(1) },
      ),
    ]);
    await model.rebuild(make.snapshot([make.block(1, changes)]), signal);
    const query = {
      repository: make.repository(1),
      owner: make.account(9),
      affiliation: "direct",
      perPage: 3,
    } as const;
    const pages = [1, 2, 3].map(async (page) => model.organizations.people({ ...query, page }, signal));
    expect((await Promise.all(pages)).map(({ items, hasMore }) => [items.length, hasMore])).toEqual([
      [3, true],
      [3, false],
      [0, false],
    ]);
  });

  test("throw the signal's reason", async () => {
    await expect(model.nodes(AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
  });

  test("say that a closed read model is closed", async () => {
    const closed = await open(await databases.fresh());
    await closed.close();
    await closed.close();
    await expect(closed.nodes(signal)).rejects.toMatchObject({ code: "closed" });
    await expect(closed.project([make.block(1, [])], signal)).rejects.toMatchObject({ code: "closed" });
  });
});
