import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ObjectId, RepositoryId } from "@guts/primitives";
import { Client, mainRef, never, repositoryId, TestEngine } from "./testing.fixture.ts";

const forkId = 514 as RepositoryId;
let engine: TestEngine;
let client: Client;

beforeAll(async () => {
  engine = await TestEngine.open();
});
afterAll(() => engine[Symbol.asyncDispose]());
beforeEach(async () => {
  client = new Client();
  await engine.engine.createRepository(repositoryId, "sha1", never());
});
afterEach(async () => {
  client[Symbol.dispose]();
  for (const id of [repositoryId, forkId]) await engine.engine.deleteRepository(id, never());
});

/** A push to the parent. */
async function push(message: string, before?: ObjectId): Promise<ObjectId> {
  const commit = client.commit(message, { [message]: message.repeat(1_000) });
  await engine.push(client, [client.update(mainRef, before, commit)]);
  return commit;
}

/** Forks, and projects the one ref that the fork has. */
async function fork(tip: ObjectId): Promise<void> {
  await engine.engine.forkRepository(forkId, { source: repositoryId, format: "sha1", signal: never() });
  await engine.engine.rebuildRefs(forkId, [[mainRef, tip]], mainRef, never());
}

/** What git says of everything that the fork's refs reach. */
function fsck(): string {
  return execFileSync("git", ["--git-dir", engine.path(forkId), "fsck", "--full", "--strict", "--no-dangling"], {
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
}

function packFiles(id: RepositoryId): ReadonlyMap<string, number> {
  const folder = join(engine.path(id), "objects/pack");
  const names = readdirSync(folder).filter((name) => name.endsWith(".pack"));
  return new Map(names.map((name) => [name, statSync(join(folder, name)).ino]));
}

describe("a fork", () => {
  test("has its parent's objects in the same files", async () => {
    const tip = await push("two", await push("one"));
    await fork(tip);
    expect(packFiles(forkId)).toEqual(packFiles(repositoryId));
    expect(packFiles(forkId).size).toBe(2);
    expect(fsck()).toBe("");
  });

  test("is whole after its parent was repacked, and after it was removed", async () => {
    const tip = await push("two", await push("one"));
    await fork(tip);
    await engine.engine.maintain(repositoryId, never());
    expect(packFiles(repositoryId)).not.toEqual(packFiles(forkId));
    expect(fsck()).toBe("");
    await engine.engine.deleteRepository(repositoryId, never());
    expect(fsck()).toBe("");
    expect((await engine.engine.readCommit(forkId, tip, never()))?.id).toBe(tip);
  });

  test("leaves its parent whole when it is repacked itself", async () => {
    const tip = await push("two", await push("one"));
    await fork(tip);
    await engine.engine.maintain(forkId, never());
    expect(engine.git("fsck", "--full", "--strict", "--no-dangling")).toBe("");
    expect(fsck()).toBe("");
  });

  test("has nothing of what comes to its parent later, and the parent nothing of the fork's", async () => {
    const first = await push("one");
    await fork(first);
    const later = await push("two", first);
    expect(await engine.engine.findMissing(forkId, [first, later], never())).toEqual([later]);
  });

  test("shows nothing that only other refs of its parent reach", async () => {
    const first = await push("one");
    const secret = await push("two", first);
    await fork(first);
    const asked = { wants: [first, secret], tips: [first], signal: never() };
    expect(await engine.engine.findUnreachable(forkId, asked)).toEqual([secret]);
  });

  test("made while its parent is repacked is whole", { timeout: 60_000 }, async () => {
    let tip = await push("0");
    for (let count = 1; count < 6; count++) tip = await push(String(count), tip);
    for (let round = 0; round < 5; round++) {
      const repacked = engine.engine.maintain(repositoryId, never());
      await fork(tip);
      await repacked;
      expect(fsck()).toBe("");
      await engine.engine.deleteRepository(forkId, never());
      tip = await push(`after ${round}`, tip);
    }
  });

  test("is made once, and is empty without a parent here", async () => {
    const tip = await push("one");
    await engine.engine.deleteRepository(repositoryId, never());
    const options = { source: repositoryId, format: "sha1", signal: never() } as const;
    for (let count = 0; count < 2; count++) await engine.engine.forkRepository(forkId, options);
    expect(await engine.engine.findMissing(forkId, [tip], never())).toEqual([tip]);
  });
});
