import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import {
  Client,
  commitBody,
  idOf,
  inPieces,
  makePack,
  never,
  type PackEntry,
  repositoryId,
  TestEngine,
  testLimits,
  treeBody,
} from "../testing.fixture.ts";
import { parseHunks } from "./diff-parser.ts";

let engine: TestEngine;
const signal = never();

async function text(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each<ObjectFormat>(["sha1", "sha256"])("reading a %s repository", (format) => {
  let client: Client;
  let first: ObjectId;
  let second: ObjectId;
  let merge: ObjectId;
  let tag: ObjectId;
  let missing: ObjectId;
  const big = "0123456789".repeat(300_000);

  beforeAll(async () => {
    engine = await TestEngine.open();
    client = new Client(format);
    await engine.engine.createRepository(repositoryId, format, signal);
    first = client.commit("one\n\nWith a body.", {
      "README.md": "hello\n",
      "src/a.ts": "a\n",
      "src/deep/er/b.ts": "b\n",
      "src/ümlaut name.txt": "u\n",
      "big.bin": big,
      "nul.bin": "a\0b",
    });
    second = client.commit("two", { "src/a.ts": "a\nmore\n" });
    client.git("checkout", "-q", "-b", "side", first);
    client.git("reset", "-q", "--hard");
    client.commit("side", { "src/deep/er/b.ts": "b\nside\n" });
    client.git("reset", "-q", "--hard");
    client.git("checkout", "-q", "main");
    client.git("reset", "-q", "--hard");
    client.git("merge", "-q", "--no-ff", "-m", "merge side", "side");
    merge = client.id("HEAD");
    client.git("tag", "-a", "-m", "release", "v1");
    tag = client.id("v1");
    missing = "1".repeat(client.zero.length) as ObjectId;
    await engine.push(client, [
      client.update("refs/heads/main", undefined, merge),
      client.update("refs/tags/v1", undefined, tag),
    ]);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  test("finds commits by the beginning of their ids, and nothing by anything else", async () => {
    const starting = (prefix: string) => engine.engine.commitsStartingWith(repositoryId, { prefix, signal });
    for (const length of [4, 7, first.length - 1]) expect(await starting(first.slice(0, length))).toContain(first);
    expect(await starting(first.slice(0, 12))).toEqual([first]);
    const others = [
      tag.slice(0, 12),
      missing.slice(0, 12),
      first.slice(0, 3),
      "",
      "main",
      "--all",
      "HEAD~1",
      "zzzzzzz",
    ];
    for (const prefix of others) expect(await starting(prefix)).toEqual([]);
  });

  test("reads commits and tags", async () => {
    expect(await engine.engine.readCommit(repositoryId, merge, signal)).toEqual({
      id: merge,
      tree: client.id("HEAD^{tree}"),
      parents: [second, client.id("side")],
      author: { name: "Ada", email: "ada@example.org", timeSeconds: 1_700_000_000, zoneMinutes: 0 },
      committer: { name: "Ada", email: "ada@example.org", timeSeconds: 1_700_000_000, zoneMinutes: 0 },
      message: "merge side\n",
    });
    expect(await engine.engine.readTag(repositoryId, tag, signal)).toMatchObject({
      target: merge,
      targetType: "commit",
      name: "v1",
      tagger: { name: "Ada" },
      message: "release\n",
    });
    expect(await engine.engine.readCommit(repositoryId, tag, signal)).toBeUndefined();
    expect(await engine.engine.readTag(repositoryId, merge, signal)).toBeUndefined();
    expect(await engine.engine.readCommit(repositoryId, missing, signal)).toBeUndefined();
  });

  test("lists directories with the sizes of files", async () => {
    const root = await engine.engine.listTree(repositoryId, { commit: merge, path: "", signal });
    expect(root?.map(({ name, mode, type, sizeBytes }) => [name, mode, type, sizeBytes])).toEqual([
      ["README.md", "100644", "blob", 6],
      ["big.bin", "100644", "blob", big.length],
      ["nul.bin", "100644", "blob", 3],
      ["src", "040000", "tree", undefined],
    ]);
    const names = async (path: string, commit = merge): Promise<string[] | undefined> =>
      (await engine.engine.listTree(repositoryId, { commit, path, signal }))?.map(({ name }) => name);
    expect(await names("src")).toEqual(["a.ts", "deep", "ümlaut name.txt"]);
    expect(await names("/src/deep/")).toEqual(["er"]);
    expect(await names("src", tag)).toEqual(["a.ts", "deep", "ümlaut name.txt"]);
    for (const path of ["src/a.ts", "nowhere", "src/../src", "..", "a\0b", ":(glob)*"]) {
      expect(await names(path)).toBeUndefined();
    }
    expect(await names("", missing)).toBeUndefined();
  });

  test("reads files by path and by id, whole, cut and streamed", async () => {
    const at = (path: string, bytesMax = 1 << 20): ReturnType<TestEngine["engine"]["readBlob"]> =>
      engine.engine.readBlob(repositoryId, { commit: merge, path, bytesMax, signal });
    expect(await at("src/ümlaut name.txt")).toMatchObject({ sizeBytes: 2, isTruncated: false, isBinary: false });
    expect(await at("nul.bin")).toMatchObject({ isBinary: true });
    const cut = await at("README.md", 3);
    expect([Buffer.from(cut!.bytes).toString(), cut!.isTruncated]).toEqual(["hel", true]);
    const large = await at("big.bin", 1_500_000);
    expect([large!.bytes.length, large!.sizeBytes, large!.isTruncated]).toEqual([1_500_000, big.length, true]);
    const whole = await at("big.bin", big.length);
    expect(whole!.isTruncated).toBe(false);
    expect(Buffer.from(whole!.bytes).toString()).toBe(big);
    expect(await at("src")).toBeUndefined();
    expect(await at("src/none")).toBeUndefined();
    const blob = whole!.id;
    expect(await engine.engine.readBlob(repositoryId, { blob, bytesMax: 4, signal })).toMatchObject({
      sizeBytes: big.length,
    });
    expect((await text(engine.engine.streamBlob(repositoryId, { blob, signal }))).toString()).toBe(big);
    await expect(text(engine.engine.streamBlob(repositoryId, { blob: missing, signal }))).rejects.toMatchObject({
      code: "git-failed",
    });
  });

  test("walks the history in pages, of everything or of a path", async () => {
    const log = async (options: { path?: string; skip?: number; limit?: number }): Promise<string[]> =>
      (await engine.engine.log(repositoryId, { from: merge, skip: 0, limit: 10, signal, ...options })).map(
        ({ message }) => message.trim().split("\n", 1).join(),
      );
    expect(new Set(await log({}))).toEqual(new Set(["merge side", "two", "side", "one"]));
    expect(await log({ path: "src/a.ts" })).toEqual(["two", "one"]);
    expect(await log({ path: "src/deep" })).toEqual(["side", "one"]);
    expect(await log({ path: "src/a.ts", skip: 1, limit: 1 })).toEqual(["one"]);
    expect(await log({ path: "*" })).toEqual([]);
    expect(await log({ path: "../x" })).toEqual([]);
    expect(await log({ path: "--all" })).toEqual([]);
    expect(await engine.engine.log(repositoryId, { from: missing, skip: 0, limit: 1, signal })).toEqual([]);
    expect(await engine.engine.countCommits(repositoryId, { from: merge, signal })).toBe(4);
    expect(await engine.engine.countCommits(repositoryId, { from: merge, path: "src/a.ts", signal })).toBe(2);
    const pair = { base: second, head: client.id("side"), signal };
    expect(await engine.engine.aheadBehind(repositoryId, pair)).toEqual({ ahead: 1, behind: 1 });
    expect(await engine.engine.mergeBase(repositoryId, pair)).toBe(first);
    expect(await engine.engine.aheadBehind(repositoryId, { ...pair, base: missing })).toBeUndefined();
    const count = (changes: object) =>
      engine.engine.countNewCommits(repositoryId, { ...pair, countMax: 250, ...changes });
    expect(await Promise.all([count({}), count({ base: first, head: merge }), count({ head: pair.base })])).toEqual([
      1, 3, 0,
    ]);
    expect(await count({ base: first, head: merge, countMax: 2 })).toBe(2);
    expect(await Promise.all([count({ base: missing }), count({ head: missing })])).toEqual([undefined, undefined]);
  });

  test("finds the last commit of each entry of a directory", async () => {
    const last = async (path: string, commit = merge): Promise<Record<string, string>> =>
      Object.fromEntries(
        Array.from(await engine.engine.lastCommits(repositoryId, { commit, path, signal }), ([name, found]) => [
          name,
          found.message.trim().split("\n", 1).join(),
        ]),
      );
    expect(await last("", first)).toEqual({ "README.md": "one", "big.bin": "one", "nul.bin": "one", src: "one" });
    expect(await last("", second)).toEqual({ "README.md": "one", "big.bin": "one", "nul.bin": "one", src: "two" });
    expect(await last("src")).toEqual({ "a.ts": "two", deep: "side", "ümlaut name.txt": "one" });
    expect(await last("src/deep")).toEqual({ er: "side" });
    expect(await last("nowhere")).toEqual({});
    const again = await engine.engine.lastCommits(repositoryId, { commit: merge, path: "src", signal });
    expect(again.isComplete).toBe(true);
  });

  test("shows what a commit changed", async () => {
    const diff = await engine.engine.diff(repositoryId, { commit: second, signal });
    expect(diff).toMatchObject({ additions: 1, deletions: 0, isTruncated: false });
    expect(diff!.files).toMatchObject([
      {
        path: "src/a.ts",
        status: "modified",
        additions: 1,
        deletions: 0,
        isBinary: false,
        patch: "@@ -1 +1,2 @@\n a\n+more\n",
      },
    ]);
    const root = await engine.engine.diff(repositoryId, { commit: first, signal });
    expect(root!.files.map(({ path, status, isBinary }) => [path, status, isBinary])).toEqual([
      ["README.md", "added", false],
      ["big.bin", "added", false],
      ["nul.bin", "added", true],
      ["src/a.ts", "added", false],
      ["src/deep/er/b.ts", "added", false],
      ["src/ümlaut name.txt", "added", false],
    ]);
    expect(root!.files[1]).toMatchObject({ isTruncated: true, patch: "@@ -0,0 +1 @@\n" });
    const pair = await engine.engine.diff(repositoryId, { base: first, head: merge, signal });
    expect(pair!.files.map(({ path }) => path)).toEqual(["src/a.ts", "src/deep/er/b.ts"]);
    expect(await engine.engine.diff(repositoryId, { commit: missing, signal })).toBeUndefined();
  });
});

describe("diffs", () => {
  let engine: TestEngine;
  let client: Client;

  beforeAll(async () => {
    engine = await TestEngine.open();
    client = new Client();
    await engine.engine.createRepository(repositoryId, "sha1", signal);
  });
  afterAll(async () => {
    client[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  test("tell renames, modes, types, odd names and lines that look like headers", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
    const before = client.commit("before", {
      "old name.txt": lines,
      "mode.sh": "x\n",
      "type.txt": "text\n",
      "gone.txt": "x\n",
      'quo"te\nline': "1\n",
      "tricky.txt": "a\n",
    });
    client.git("rm", "-q", "--cached", "old name.txt", "gone.txt");
    client.git("update-index", "--cacheinfo", `100755,${client.id("HEAD:mode.sh")},mode.sh`);
    const link = client.gitWith("mode.sh", "hash-object", "-w", "--stdin");
    client.git("update-index", "--cacheinfo", `120000,${link},type.txt`);
    const after = client.commit("after", {
      "new name.txt": `${lines}end`,
      'quo"te\nline': "2\n",
      "tricky.txt": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n",
    });
    await engine.push(client, [client.update("refs/heads/main", undefined, after)]);
    const diff = await engine.engine.diff(repositoryId, { base: before, head: after, signal });
    expect(
      diff!.files.map((file) => [file.path, file.previousPath, file.status, file.additions, file.deletions]),
    ).toEqual([
      ["gone.txt", undefined, "deleted", 0, 1],
      ["mode.sh", undefined, "modified", 0, 0],
      ["new name.txt", "old name.txt", "renamed", 1, 0],
      ['quo"te\nline', undefined, "modified", 1, 1],
      ["tricky.txt", undefined, "modified", 4, 1],
      ["type.txt", undefined, "type-changed", 1, 1],
    ]);
    expect(diff!.files[1]).toMatchObject({ oldMode: "100644", newMode: "100755", patch: "" });
    expect(diff!.files[5]!.patch).toBe("@@ -1 +0,0 @@\n-text\n@@ -0,0 +1 @@\n+mode.sh\n\\ No newline at end of file\n");
    const [hunk] = parseHunks(diff!.files[2]!.patch);
    expect(hunk!.lines.at(-1)).toEqual({
      kind: "added",
      text: "end",
      oldNumber: undefined,
      newNumber: 31,
      endsWithoutNewline: true,
    });
    expect(parseHunks(diff!.files[4]!.patch)[0]!.lines.map(({ text: line }) => line)).toEqual([
      "a",
      "diff --git a/x b/x",
      "--- a/x",
      "+++ b/x",
      "@@ -1 +1 @@",
    ]);
  });

  test("are cut at their limits and say so", async () => {
    const before = client.commit("many before");
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`many/${index}`, "line\n".repeat(100)]));
    const after = client.commit("many after", files);
    await engine.push(client, [client.update("refs/heads/many", undefined, after)]);
    const options = { base: before, head: after, signal };
    const whole = await engine.engine.diff(repositoryId, { ...options, limits: { filesMax: 10 } });
    expect(whole).toMatchObject({ isTruncated: false, additions: 1000 });
    const few = await engine.engine.diff(repositoryId, { ...options, limits: { filesMax: 9 } });
    expect([few!.files.length, few!.isTruncated]).toEqual([9, true]);
    const size = whole!.files[0]!.patch.length;
    const total = await engine.engine.diff(repositoryId, { ...options, limits: { totalBytesMax: size * 2 } });
    expect(total!.files.map(({ isTruncated }) => isTruncated)).toEqual([false, false, ...Array<boolean>(8).fill(true)]);
    const short = await engine.engine.diff(repositoryId, { ...options, limits: { fileBytesMax: size - 1 } });
    expect(short!.files[0]).toMatchObject({ isTruncated: true, additions: 100 });
    expect(short!.files[0]!.patch.endsWith("+line\n")).toBe(true);
  });
});

describe("a tree bomb", () => {
  test("can be browsed, and what would expand it ends at a limit", async () => {
    await using engine = await TestEngine.open({ limits: { read: { timeoutMs: 500 } } });
    using client = new Client();
    await engine.engine.createRepository(repositoryId, "sha1", signal);
    const blob = Buffer.from("boom\n");
    let tree = treeBody(tenNames("100644", idOf("blob", blob)));
    const entries: PackEntry[] = [{ type: "blob", body: blob }];
    for (let level = 0; level < 9; level++) {
      entries.push({ type: "tree", body: tree });
      tree = treeBody(tenNames("40000", idOf("tree", tree)));
    }
    const commit = commitBody(idOf("tree", tree));
    entries.push({ type: "tree", body: tree }, { type: "commit", body: commit });
    const tip = idOf("commit", commit);
    const outcome = await engine.engine.receivePack(repositoryId, {
      commands: [client.update("refs/heads/main", undefined, tip)],
      pack: inPieces(makePack(entries)),
      tips: [],
      limits: testLimits,
      signal,
    });
    if (outcome.outcome === "rejected") throw new Error(outcome.message);
    await outcome.quarantine.promote(signal);
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(await engine.engine.listTree(repositoryId, { commit: tip, path: "f1/f2", signal })).toHaveLength(10);
    const found = await engine.engine.lastCommits(repositoryId, { commit: tip, path: "", deadlineMs: 400, signal });
    expect([found.isComplete, found.size <= 10]).toEqual([found.size === 10, true]);
    expect(await engine.engine.diff(repositoryId, { commit: tip, signal })).toMatchObject({ isTruncated: true });
  });
});

function tenNames(mode: string, id: string): (readonly [string, string, string])[] {
  return Array.from({ length: 10 }, (_, index) => [mode, `f${index}`, id] as const);
}
