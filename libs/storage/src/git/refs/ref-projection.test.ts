import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ObjectFormat, ObjectId, RefName } from "@guts/primitives";
import { Client, inPieces, mainRef, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";

let engine: TestEngine;
let client: Client;

beforeAll(async () => {
  engine = await TestEngine.open();
});
afterAll(() => engine[Symbol.asyncDispose]());

function project(updates: readonly (readonly [name: string, id: string])[], head: RefName = mainRef): Promise<void> {
  const projected = updates.map(([name, id]) => ({ name: name as RefName, newId: id as ObjectId }));
  return engine.engine.projectRefs(repositoryId, projected, head, never());
}

function marker(): boolean {
  return existsSync(join(engine.path(), "guts-may-hold-unreachable"));
}

describe.each<ObjectFormat>(["sha1", "sha256"])("projecting refs of a %s repository", (format) => {
  let first: ObjectId;
  let second: ObjectId;

  beforeEach(async () => {
    client = new Client(format);
    await engine.engine.createRepository(repositoryId, format, never());
    first = client.commit("one", { "a.txt": "a" });
    second = client.commit("two", { "a.txt": "b" });
    await engine.push(client, [client.update("refs/heads/main", undefined, first)]);
    await engine.push(client, [client.update("refs/heads/main", first, second)]);
  });
  afterEach(async () => {
    client[Symbol.dispose]();
    await engine.engine.deleteRepository(repositoryId, never());
  });

  test("sets, moves and removes refs, and does so again without harm", async () => {
    for (let time = 0; time < 2; time++) {
      await project([
        ["refs/heads/a", first],
        ["refs/heads/b", second],
        ["refs/heads/a", second],
        ["refs/heads/main", client.zero],
        ["refs/heads/never-there", client.zero],
      ]);
      expect(engine.refs()).toEqual([
        ["refs/heads/a", second],
        ["refs/heads/b", second],
      ]);
    }
    expect(engine.git("fsck")).toBe("");
  });

  test("lets a ref make room for one below it, and back, in one batch", async () => {
    await project([["refs/heads/x", first]]);
    await project([
      ["refs/heads/x/y", first],
      ["refs/heads/x", client.zero],
    ]);
    expect(engine.refs().map(([name]) => name)).toEqual(["refs/heads/main", "refs/heads/x/y"]);
    await project([
      ["refs/heads/x", second],
      ["refs/heads/x/y", client.zero],
    ]);
    expect(engine.refs().map(([name]) => name)).toEqual(["refs/heads/main", "refs/heads/x"]);
  });

  test("says when a ref stands in the way, and works again afterwards", async () => {
    await project([["refs/heads/x", first]]);
    await expect(project([["refs/heads/x/y", first]])).rejects.toMatchObject({ code: "ref-conflict" });
    await project([["refs/heads/z", first]]);
    expect(engine.refs().map(([name]) => name)).toContain("refs/heads/z");
  });

  test("refuses to name an object that is not here", async () => {
    const missing = "1".repeat(client.zero.length);
    await expect(project([["refs/heads/x", missing]])).rejects.toMatchObject({ code: "ref-conflict" });
  });

  test("points HEAD, also at a branch that does not exist yet", async () => {
    await project([], "refs/heads/trunk" as RefName);
    expect(engine.git("symbolic-ref", "HEAD")).toBe("refs/heads/trunk");
  });

  test("removes the locks of a writer that was killed", async () => {
    await engine.engine.deleteRepository(repositoryId, never());
    await engine.engine.createRepository(repositoryId, format, never());
    for (const name of ["refs/heads/main.lock", "HEAD.lock", "packed-refs.lock"]) {
      writeFileSync(join(engine.path(), name), "");
    }
    await engine.push(client, [client.update("refs/heads/main", undefined, first)]);
    expect(engine.refs()).toEqual([["refs/heads/main", first]]);
  });

  test("writes many refs at once, over loose ones and below removed ones", async () => {
    client.git("tag", "-a", "-m", "x", "v1");
    const tag = client.id("v1");
    await engine.push(client, [client.update("refs/tags/v1", undefined, tag)]);
    await project([["refs/heads/b0", first]]);
    const names = Array.from({ length: 300 }, (_, index) => `refs/heads/b${index}`);
    await project([
      ...names.map((name) => [name, second] as const),
      ["refs/tags/copy", tag],
      ["refs/heads/main", client.zero],
      ["refs/heads/main/sub", second],
    ]);
    expect(engine.refs()).toHaveLength(303);
    expect(engine.git("rev-parse", "refs/heads/b0", "refs/tags/copy^{}")).toBe(`${second}\n${second}`);
    expect(readFileSync(join(engine.path(), "packed-refs"), "utf8")).toContain(`${tag} refs/tags/copy\n^${second}\n`);
    expect(engine.git("fsck")).toBe("");
    await project([["refs/heads/b1", first]]);
    expect(engine.git("rev-parse", "refs/heads/b1")).toBe(first);
  });

  test("rebuilds the refs exactly", async () => {
    await project([["refs/heads/stale", first]]);
    const refs = [
      ["refs/heads/main", second],
      ["refs/heads/über", first],
      ["refs/tags/t", first],
    ] as unknown as [RefName, ObjectId][];
    await engine.engine.rebuildRefs(repositoryId, refs, "refs/heads/über" as RefName, never());
    expect(engine.refs()).toEqual(refs);
    expect(engine.git("symbolic-ref", "HEAD")).toBe("refs/heads/über");
    expect(engine.git("fsck")).toBe("");
  });

  test("rebuilds refs that a power loss left unreadable", async () => {
    await project([["refs/heads/main", second]]);
    writeFileSync(join(engine.path(), "packed-refs"), Buffer.alloc(4096));
    writeFileSync(join(engine.path(), "refs", "heads", "main"), Buffer.alloc(41));
    const refs = [["refs/heads/main", second]] as unknown as [RefName, ObjectId][];
    await engine.engine.rebuildRefs(repositoryId, refs, "refs/heads/main" as RefName, never());
    expect(engine.refs()).toEqual(refs);
    expect(engine.git("fsck")).toBe("");
  });

  test("peels tags and leaves out everything else", async () => {
    client.git("tag", "-a", "-m", "x", "v1");
    client.git("tag", "-a", "-m", "x", "v2", "v1");
    const [v1, v2] = [client.id("v1"), client.id("v2")];
    await engine.push(client, [client.update("refs/tags/v2", undefined, v2)]);
    const missing = "1".repeat(client.zero.length) as ObjectId;
    const peeled = await engine.engine.peel(repositoryId, [v1, v2, second, missing], never());
    expect([...peeled]).toEqual([
      [v1, second],
      [v2, second],
    ]);
  });
});

describe("objects that no ref reaches", () => {
  let first: ObjectId;
  let second: ObjectId;
  let tip: ObjectId[];

  beforeEach(async () => {
    client = new Client();
    await engine.engine.createRepository(repositoryId, "sha1", never());
    first = client.commit("one", { "a.txt": "first" });
    second = client.commit("two", { "a.txt": "second" });
    tip = [second];
    await engine.push(client, [client.update("refs/heads/main", undefined, first)]);
    await engine.push(client, [client.update("refs/heads/main", first, second)]);
  });
  afterEach(async () => {
    client[Symbol.dispose]();
    await engine.engine.deleteRepository(repositoryId, never());
  });

  function unreachable(wants: readonly ObjectId[], tips: readonly ObjectId[]): Promise<readonly ObjectId[]> {
    return engine.engine.findUnreachable(repositoryId, { wants, tips, signal: never() });
  }

  test("cannot exist while refs only move forward", async () => {
    expect(marker()).toBe(false);
    const missing = "1".repeat(40) as ObjectId;
    expect(await unreachable([first, second, client.id("HEAD~:a.txt"), missing], tip)).toEqual([missing]);
  });

  test("are found after a forced update, whatever their type", async () => {
    client.git("tag", "-a", "-m", "x", "lost");
    const lost = [client.id("lost"), second, client.id("HEAD^{tree}"), client.id("HEAD:a.txt")];
    await engine.push(client, [client.update("refs/tags/lost", undefined, lost[0])]);
    await engine.push(client, [client.update("refs/tags/lost", lost[0], undefined)]);
    client.git("reset", "-q", "--hard", first);
    const other = client.commit("other", { "b.txt": "b" });
    await engine.push(client, [client.update("refs/heads/main", second, other)]);
    expect(marker()).toBe(true);
    const kept = [first, other, client.id("HEAD^{tree}"), client.id("HEAD:b.txt"), client.id(`${first}:a.txt`)];
    expect(new Set(await unreachable([...lost, ...kept], [other]))).toEqual(new Set(lost));
    expect(await unreachable(lost, [other, lost[0]!])).toEqual([]);
  });

  test("stay unreachable for a push that only names them", async () => {
    client.git("reset", "-q", "--hard", first);
    await engine.push(client, [client.update("refs/heads/main", second, client.commit("other"))]);
    const options = { limits: testLimits, tips: [client.id("HEAD")], signal: never() };
    const commands = [client.update("refs/heads/back", undefined, second)];
    const bare = await engine.engine.receivePack(repositoryId, { ...options, commands, pack: undefined });
    expect(bare).toMatchObject({ code: "missing-objects" });
    const empty = inPieces(client.pack([]));
    const outcome = await engine.engine.receivePack(repositoryId, { ...options, commands, pack: empty });
    expect(outcome).toMatchObject({ code: "missing-objects" });
    const whole = inPieces(client.pack([second], options.tips));
    const again = await engine.engine.receivePack(repositoryId, { ...options, commands, pack: whole });
    expect(again.outcome).toBe("received");
    if (again.outcome === "received") await again.quarantine[Symbol.asyncDispose]();
  });

  test("may come from a push that was promoted and then came to nothing", async () => {
    const third = client.commit("three");
    const outcome = await engine.engine.receivePack(repositoryId, {
      commands: [client.update("refs/heads/main", second, third)],
      pack: inPieces(client.pack([third], tip)),
      tips: tip,
      limits: testLimits,
      signal: never(),
    });
    if (outcome.outcome === "rejected") throw new Error(outcome.message);
    await outcome.quarantine.promote(never());
    expect(await unreachable([third, second], tip)).toEqual([third]);
    expect(marker()).toBe(false);
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(marker()).toBe(true);
    expect(await unreachable([third, second], tip)).toEqual([third]);
  });

  test("are noted when an update that no push proved moves a ref aside, not when it moves forward", async () => {
    client.git("reset", "-q", "--hard", first);
    const other = client.commit("other");
    await engine.push(client, [client.update("refs/heads/other", undefined, other)]);
    await project([["refs/heads/copy", first]]);
    await project([["refs/heads/copy", second]]);
    expect(marker()).toBe(false);
    await project([["refs/heads/copy", other]]);
    expect(marker()).toBe(true);
  });
});
