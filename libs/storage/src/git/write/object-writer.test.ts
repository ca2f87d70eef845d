import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { Client, mainRef, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";
import type { FileChange } from "./object-writer.ts";

const signal = never();
const ada = { name: "Ada", email: "ada@example.org", timeSeconds: 1_700_000_000, zoneMinutes: -90 };
const words = { author: ada, committer: { ...ada, zoneMinutes: 0 }, message: "made here\n\nwith a bödy" };
const bytes = (text: string): Uint8Array => Buffer.from(text);

describe.each<ObjectFormat>(["sha1", "sha256"])("objects made for a %s repository", (format) => {
  let engine: TestEngine;
  let client: Client;
  let head: ObjectId;

  beforeAll(async () => {
    engine = await TestEngine.open();
    client = new Client(format);
    await engine.engine.createRepository(repositoryId, format, signal);
    head = client.commit("one", { "a.txt": "a\n", "dir/b.txt": "b\n", "dir/c.sh": "c\n", "dir.x": "x\n" });
    await engine.push(client, [client.update(mainRef, undefined, head)]);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  const build = (changes: readonly FileChange[], parent: ObjectId | undefined = head) =>
    engine.engine.buildCommit(repositoryId, { ...words, format, parent, changes, signal });
  const receive = (newId: ObjectId, pack: AsyncIterable<Uint8Array> | undefined) =>
    engine.engine.receivePack(repositoryId, {
      commands: [client.update(mainRef, head, newId)],
      pack,
      tips: [head],
      limits: testLimits,
      signal,
    });

  test("a commit is what git would have made, and is received like a push", async () => {
    const built = await build([
      { path: "dir/b.txt", action: "write", content: bytes("b\r\nB") },
      { path: "dir/new/ümlaut", action: "write", content: bytes(""), mode: "100755" },
      { path: "a.txt", action: "delete" },
    ]);
    if (built.outcome !== "built") throw new TypeError(built.code);
    const received = await receive(built.commit, built.pack);
    if (received.outcome !== "received") throw new TypeError(received.message);
    await using quarantine = received.quarantine;
    await quarantine.promote(signal);
    expect(received.facts[0]).toMatchObject({ isFastForward: true, hasMerges: false, newType: "commit" });
    const [blob, empty] = ["b\r\nB", ""].map((text) => client.gitWith(text, "hash-object", "-w", "--stdin"));
    client.git("rm", "-q", "--cached", "a.txt");
    client.git("update-index", "--add", "--cacheinfo", `100644,${blob},dir/b.txt`);
    client.git("update-index", "--add", "--cacheinfo", `100755,${empty},dir/new/ümlaut`);
    expect(built.tree).toBe(client.git("write-tree"));
    client.git("reset", "-q", head);
    expect(engine.git("cat-file", "commit", built.commit)).toBe(
      `tree ${built.tree}\nparent ${head}\nauthor Ada <ada@example.org> 1700000000 -0130\n` +
        "committer Ada <ada@example.org> 1700000000 +0000\n\nmade here\n\nwith a bödy",
    );
    expect(engine.git("fsck", "--strict", built.commit)).not.toContain("error");
  });

  test("the first commit of a repository, and one that empties it", async () => {
    const first = await build([{ path: "x/y", action: "write", content: bytes("y") }], undefined);
    expect(first.outcome).toBe("built");
    const all = ["a.txt", "dir/b.txt", "dir/c.sh", "dir.x"].map((path) => ({ path, action: "delete" as const }));
    expect(await build(all)).toMatchObject({
      outcome: "built",
      tree: client.git("hash-object", "-t", "tree", "/dev/null"),
    });
  });

  test("a file that was a directory, and the other way round, in one change", async () => {
    const renamed = await build([
      { path: "a.txt", action: "delete" },
      { path: "a.txt/inside", action: "write", content: bytes("i") },
    ]);
    expect(renamed.outcome).toBe("built");
  });

  test.each([
    ["../x", "path-invalid"],
    ["/x", "path-invalid"],
    ["a/./b", "path-invalid"],
    ["x/", "path-invalid"],
    ["", "path-invalid"],
    [".GIT/config", "path-invalid"],
    ["a\0b", "path-invalid"],
    [`${"d/".repeat(200)}x`, "path-invalid"],
    ["a.txt/below", "path-conflict"],
  ])("%j is refused as a path", async (path, code) => {
    const outcome = await build([{ path, action: "write", content: bytes("") }]);
    expect(outcome).toMatchObject({ outcome: "rejected", code });
  });

  test("a path is changed once, what is deleted is there, and what is named exists", async () => {
    const write = { path: "n", action: "write", content: bytes("") } as const;
    expect(await build([write, write])).toMatchObject({ code: "path-conflict" });
    expect(await build([write, { ...write, path: "n/below" }])).toMatchObject({ code: "path-conflict" });
    expect(await build([{ path: "gone", action: "delete" }])).toMatchObject({ code: "path-missing" });
    const id = "1".repeat(head.length) as ObjectId;
    expect(await build([{ path: "n", action: "write", id }])).toMatchObject({ code: "object-missing", id });
  });

  test("objects made one by one are packed together once a ref leads to them", async () => {
    const draft = async (options: Parameters<typeof engine.engine.draftObject>[1]) => {
      const outcome = await engine.engine.draftObject(repositoryId, options);
      if (outcome.outcome === "rejected") throw new TypeError(outcome.code);
      return outcome.id;
    };
    const blob = await draft({ type: "blob", bytes: bytes("drafted\n"), format, signal });
    expect(blob).toBe(client.gitWith("drafted\n", "hash-object", "--stdin"));
    const changes = [{ path: "dir/drafted", to: { id: blob, mode: "100644" } }];
    const tree = await draft({ type: "tree", base: client.id(`${head}^{tree}`), changes, format, signal });
    const commit = await draft({ type: "commit", ...words, tree, parents: [head], format, signal });
    const unreached = await engine.engine.readBlob(repositoryId, { blob, bytesMax: 10, signal });
    expect(unreached).toBeUndefined();
    const listed = await engine.engine.listDraftTree(repositoryId, { tree, signal });
    expect(listed?.map(({ name, type }) => [name, type])).toEqual([
      ["a.txt", "blob"],
      ["dir.x", "blob"],
      ["dir", "tree"],
    ]);
    const received = await receive(
      commit,
      await engine.engine.packDrafts(repositoryId, { root: commit, format, signal }),
    );
    expect(received.outcome).toBe("received");
    if (received.outcome === "received") await received.quarantine[Symbol.asyncDispose]();
    expect(await engine.engine.packDrafts(repositoryId, { root: head, format, signal })).toBeUndefined();
    const missing = { type: "commit" as const, ...words, tree: head, parents: ["2".repeat(head.length) as ObjectId] };
    expect(await engine.engine.draftObject(repositoryId, { ...missing, format, signal })).toMatchObject({
      code: "object-missing",
    });
  });
});
