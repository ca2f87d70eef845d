import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ObjectId } from "@guts/primitives";
import { lacksBitmaps } from "./repack.ts";
import { Client, inPieces, mainRef, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";

const HOUR_MS = 3_600_000;
let engine: TestEngine;
let client: Client;
const errors: unknown[] = [];

beforeAll(async () => {
  engine = await TestEngine.open({
    packsBeforeRepack: 10,
    unreachableGraceMs: HOUR_MS,
    onMaintenanceError: (error) => errors.push(error),
  });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  expect(errors).toEqual([]);
});
beforeEach(async () => {
  client = new Client();
  await engine.engine.createRepository(repositoryId, "sha1", never());
});
afterEach(async () => {
  client[Symbol.dispose]();
  await engine.engine.deleteRepository(repositoryId, never());
});

function packDirectory(suffix: string): string[] {
  return readdirSync(join(engine.path(), "objects/pack")).filter((name) => name.endsWith(suffix));
}

function marker(): string {
  return join(engine.path(), "guts-may-hold-unreachable");
}

/** As if the packs had been pushed long ago. */
function agePacks(ms: number): void {
  const then = new Date(Date.now() - ms);
  for (const name of packDirectory("")) utimesSync(join(engine.path(), "objects/pack", name), then, then);
}

/** As if everything had happened long ago. */
function age(ms: number): void {
  agePacks(ms);
  const then = new Date(Date.now() - ms);
  for (const name of ["guts-may-hold-unreachable", "guts-last-full-repack"]) {
    const path = join(engine.path(), name);
    if (existsSync(path)) utimesSync(path, then, then);
  }
}

/** Commits in a chain, made in one run of git. */
function chain(length: number): ObjectId[] {
  const commits = Array.from({ length }, (_, index) =>
    [
      "commit refs/heads/chain",
      `mark :${index + 1}`,
      `committer Ada <ada@example.org> ${1_700_000_000 + index} +0000`,
      "data 1",
      String(index % 10),
      ...(index === 0 ? [] : [`from :${index}`]),
      `M 100644 inline file${index % 7}`,
      `data ${String(index).length}`,
      String(index),
      "",
    ].join("\n"),
  );
  client.gitWith(commits.join("\n"), "fast-import", "--quiet");
  return client.git("rev-list", "--reverse", "refs/heads/chain").split("\n") as ObjectId[];
}

describe("repacking after pushes", () => {
  test("keeps the number of packs bounded over 200 pushes and loses nothing", { timeout: 120_000 }, async () => {
    const commits = chain(200);
    let previous: ObjectId | undefined;
    let packsMax = 0;
    for (const commit of commits) {
      await push(previous, commit);
      packsMax = Math.max(packsMax, packDirectory(".pack").length);
      previous = commit;
    }
    expect(packsMax).toBeLessThanOrEqual(20);
    expect(engine.git("rev-list", "--count", "refs/heads/main")).toBe("200");
    // A repack of the last pushes may still take packs away while git looks at them.
    await expect.poll(() => engine.git("fsck", "--full", "--strict"), { timeout: 60_000 }).toBe("");
    expect(existsSync(marker())).toBe(false);
  });

  test("gives bitmaps to a repository whose first push was large, and again only when as much has come", async () => {
    const first = client.commit("large", { "random.bin": randomBytes(1_500_000).toString("latin1") });
    await push(undefined, first);
    await expect.poll(() => packDirectory(".bitmap").length, { timeout: 20_000 }).toBe(1);
    const covered = packDirectory(".bitmap");
    const second = client.commit("small", { "small.txt": "small" });
    await push(first, second);
    expect(await lacksBitmaps(engine.path())).toBe(false);
    expect(packDirectory(".bitmap")).toEqual(covered);
    const third = client.commit("larger", { "more.bin": randomBytes(4_000_000).toString("latin1") });
    await push(second, third);
    await expect.poll(() => packDirectory(".bitmap"), { timeout: 20_000 }).not.toEqual(covered);
    await expect.poll(() => lacksBitmaps(engine.path()), { timeout: 20_000 }).toBe(false);
  });

  async function push(previous: ObjectId | undefined, commit: ObjectId): Promise<void> {
    const command = client.update("refs/heads/main", previous, commit);
    const tips = previous === undefined ? [] : [previous];
    const outcome = await engine.engine.receivePack(repositoryId, {
      commands: [command],
      pack: inPieces(client.pack([commit], tips)),
      tips,
      limits: testLimits,
      signal: never(),
    });
    if (outcome.outcome === "rejected") throw new Error(outcome.message);
    await using quarantine = outcome.quarantine;
    await quarantine.promote(never());
    await engine.engine.projectRefs(repositoryId, [command], mainRef, never());
  }

  test("disturbs no reader, fetch or push that runs at the same time", { timeout: 120_000 }, async () => {
    const commits = chain(40);
    await push(undefined, commits[0]!);
    const over = new AbortController();
    const maintaining = (async () => {
      while (!over.signal.aborted) await engine.engine.maintain(repositoryId, never());
    })();
    const reading = (async () => {
      while (!over.signal.aborted) {
        const found = await engine.engine.log(repositoryId, { from: commits[0]!, skip: 0, limit: 10, signal: never() });
        expect(found).toHaveLength(1);
        const body = `0011command=fetch0001000fno-progress0032want ${commits[0]!}\n0009done\n0000`;
        let bytes = 0;
        const options = { protocol: 2 as const, body: Buffer.from(body), signal: never() };
        for await (const chunk of engine.engine.uploadPack(repositoryId, options)) bytes += chunk.length;
        expect(bytes).toBeGreaterThan(100);
      }
    })();
    for (let index = 1; index < commits.length; index++) await push(commits[index - 1], commits[index]!);
    over.abort();
    await Promise.all([maintaining, reading]);
    expect(engine.git("rev-list", "--count", "refs/heads/main")).toBe("40");
    expect(engine.git("fsck", "--full", "--strict")).toBe("");
  });
});

describe("unreachable objects", () => {
  test("are kept during the grace time, dropped after it, and then the marker goes", async () => {
    const kept = client.commit("kept", { "a.txt": "kept" });
    const lost = client.commit("lost", { "a.txt": "lost" });
    await engine.push(client, [client.update("refs/heads/main", undefined, lost)]);
    await engine.push(client, [client.update("refs/heads/main", lost, kept)]);
    agePacks(25 * HOUR_MS);
    await engine.engine.maintain(repositoryId, never());
    expect(engine.git("cat-file", "-t", lost)).toBe("commit");
    expect(packDirectory(".mtimes")).toHaveLength(1);
    expect(existsSync(marker())).toBe(true);
    age(25 * HOUR_MS);
    await engine.engine.maintain(repositoryId, never());
    expect(() => engine.git("cat-file", "-t", lost)).toThrow();
    expect(existsSync(marker())).toBe(false);
    expect(engine.git("fsck", "--full")).toBe("");
    expect(await engine.engine.readCommit(repositoryId, kept, never())).toMatchObject({ message: "kept\n" });
  });

  test("clear the marker at once when a removed branch left none", async () => {
    const commit = client.commit("one", { "a.txt": "a" });
    await engine.push(client, [client.update("refs/heads/main", undefined, commit)]);
    await engine.push(client, [client.update("refs/heads/copy", undefined, commit)]);
    await engine.engine.projectRefs(
      repositoryId,
      [{ name: "refs/heads/copy" as never, newId: client.zero }],
      mainRef,
      never(),
    );
    expect(existsSync(marker())).toBe(true);
    await engine.engine.maintain(repositoryId, never());
    expect(existsSync(marker())).toBe(false);
  });

  test("are not what a push that is promoted but not yet projected has brought", async () => {
    const first = client.commit("first", { "a.txt": "a" });
    const second = client.commit("second", { "a.txt": "b" });
    await engine.push(client, [client.update("refs/heads/main", undefined, first)]);
    await engine.push(client, [client.update("refs/heads/gone", undefined, first)]);
    await engine.push(client, [client.update("refs/heads/gone", first, undefined)]);
    age(25 * HOUR_MS);
    const command = client.update("refs/heads/main", first, second);
    const outcome = await engine.engine.receivePack(repositoryId, {
      commands: [command],
      pack: inPieces(client.pack([second], [first])),
      tips: [first],
      limits: testLimits,
      signal: never(),
    });
    if (outcome.outcome === "rejected") throw new Error(outcome.message);
    await outcome.quarantine.promote(never());
    await engine.engine.maintain(repositoryId, never());
    await engine.engine.projectRefs(repositoryId, [command], mainRef, never());
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(engine.git("fsck", "--full")).toBe("");
    expect(engine.git("rev-parse", "refs/heads/main")).toBe(second);
  });
});
