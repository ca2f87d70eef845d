import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectFormat } from "@guts/primitives";
import { Client, TestEngine } from "../testing.fixture.ts";
import { type Files, MergeBench } from "./merging.fixture.ts";

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.open();
});
afterAll(() => engine[Symbol.asyncDispose]());

const open = (format: ObjectFormat = "sha1") => MergeBench.open(engine, new Client(format));
const lines = (count: number, change: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: count }, (_, line) => `${change[line] ?? `line ${line}`}\n`).join("");

describe.each<ObjectFormat>(["sha1", "sha256"])("a merge in a %s repository", (format) => {
  test("has two parents and what both sides changed, and is the same commit each time", async () => {
    await using bench = await open(format);
    await bench.diverge(
      { "a.txt": lines(20) },
      { "a.txt": lines(20, { 1: "ours" }) },
      { "a.txt": lines(20, { 18: "theirs" }) },
    );
    const [first, second] = [await bench.land(), await bench.land()];
    expect(second).toBe(first);
    expect(engine.git("cat-file", "commit", first)).toBe(
      [
        `tree ${engine.git("rev-parse", `${first}^{tree}`)}`,
        `parent ${bench.base}`,
        `parent ${bench.head}`,
        "author Ada <ada@example.org> 1700000100 +0000",
        "committer Ada <ada@example.org> 1700000100 +0000",
        "",
        "Merge it",
      ].join("\n"),
    );
    expect(`${engine.git("cat-file", "blob", `${first}:a.txt`)}\n`).toBe(lines(20, { 1: "ours", 18: "theirs" }));
    expect(engine.git("fsck", "--strict", first)).toBe("");
    expect(readdirSync(join(engine.path(), "objects")).filter((name) => name.startsWith("incoming"))).toEqual([]);
  });

  test("by squash is one commit on the branch; a branch that has all of it is left alone", async () => {
    await using bench = await open(format);
    await bench.diverge({ "a.txt": "a\n" }, { "b.txt": "b\n" }, { "c.txt": "c\n" });
    const result = await bench.land({ method: "squash" });
    expect(engine.git("log", "-1", "--format=%P", result)).toBe(bench.base);
    expect(engine.git("ls-tree", "--name-only", result)).toBe("a.txt\nb.txt\nc.txt");
    const again = await bench.merge({ base: result, head: bench.base });
    expect(again).toEqual({ outcome: "refused", code: "already-merged" });
  });
});

describe("a rebase", () => {
  test("makes each commit anew on the branch, with its author and message as they were", async () => {
    await using bench = await open();
    const { client } = bench;
    await bench.diverge({ "a.txt": "a\n" }, { "b.txt": "b\n" }, { "c.txt": "c\n" });
    client.git("checkout", "-q", "topic");
    client.git("rm", "-rq", "--cached", "a.txt");
    client.git(
      "-c",
      "i18n.commitEncoding=ISO-8859-1",
      "commit",
      "-q",
      "--author=Zoe <z@example.org>",
      "-m",
      "off\n\nbody",
    );
    await bench.push();
    const result = await bench.land({ method: "rebase" });
    const format = "%an <%ae> %at|%cn %ct|%B";
    expect(engine.git("log", "--reverse", `--format=${format}`, `${bench.base}..${result}`).split("\n\n")).toEqual([
      "Ada <ada@example.org> 1700000000|Ada 1700000100|theirs",
      "Zoe <z@example.org> 1700000000|Ada 1700000100|off",
      "body",
    ]);
    expect(engine.git("cat-file", "commit", result)).toContain("\nencoding ISO-8859-1\n");
    expect(engine.git("ls-tree", "--name-only", result)).toBe("b.txt\nc.txt");
  });

  test("leaves out merges and what the branch has already, and keeps commits that were empty", async () => {
    await using bench = await open();
    const { client } = bench;
    await bench.diverge({ "a.txt": "a\n" }, { "same.txt": "same\n" }, { "same.txt": "same\n" });
    client.git("checkout", "-q", "-f", "topic");
    bench.commit("empty", {});
    client.git("merge", "-q", "--no-edit", "main");
    bench.commit("last", { "z.txt": "z\n" });
    await bench.push();
    const result = await bench.land({ method: "rebase" });
    expect(engine.git("log", "--format=%s", `${bench.base}..${result}`)).toBe("last\nempty");
  });

  test("says which commit does not apply", async () => {
    await using bench = await open();
    await bench.diverge({ "a.txt": "a\n" }, { "a.txt": "ours\n" }, { "b.txt": "b\n" });
    bench.client.git("checkout", "-q", "-f", "topic");
    const commit = bench.commit("clash", { "a.txt": "theirs\n" });
    await bench.push();
    const conflicts = [{ path: "a.txt", reasons: ["contents"] }];
    expect(await bench.merge({ method: "rebase" })).toEqual({
      outcome: "conflicts",
      conflicts,
      conflictCount: 1,
      commit,
    });
  });
});

test("a fast-forward makes nothing, and is refused when the branch has gone on", async () => {
  await using bench = await open();
  await bench.diverge({ "a.txt": "a\n" }, {}, { "b.txt": "b\n" });
  const method = "fast-forward";
  expect(await bench.merge({ method })).toEqual({ outcome: "refused", code: "not-fast-forward" });
  bench.base = bench.client.id("main~1");
  await using merged = (await bench.merge({ method })) as AsyncDisposable & object;
  expect(merged).toMatchObject({ outcome: "merged", result: bench.head, isUpToDate: true, openPack: undefined });
});

describe("a conflict", () => {
  const binary = (byte: string) => `\0\u0001${byte.repeat(400)}\0`;
  const cases: readonly (readonly [string, readonly [Files, Files, Files], readonly unknown[]])[] = [
    [
      "in a file with a unicode name",
      [{ "naïve 文.txt": "a\n" }, { "naïve 文.txt": "b\n" }, { "naïve 文.txt": "c\n" }],
      [{ path: "naïve 文.txt", reasons: ["contents"] }],
    ],
    [
      "in a binary file",
      [{ "x.bin": binary("a") }, { "x.bin": binary("b") }, { "x.bin": binary("c") }],
      [{ path: "x.bin", reasons: ["binary", "contents"] }],
    ],
    [
      "of a file that both added",
      [{}, { "n.txt": "1\n" }, { "n.txt": "2\n" }],
      [{ path: "n.txt", reasons: ["contents"] }],
    ],
    [
      "of a file that one deleted and the other changed",
      [{ "a.txt": "a\n" }, { "a.txt": undefined }, { "a.txt": "b\n" }],
      [{ path: "a.txt", reasons: ["modify/delete"] }],
    ],
    [
      "that an attribute would hide: merge drivers are off",
      [{ "a.txt": "a\n", ".gitattributes": "*.txt merge=union\n" }, { "a.txt": "b\n" }, { "a.txt": "c\n" }],
      [{ path: "a.txt", reasons: ["contents"] }],
    ],
  ];

  test.each(cases)("%s is named", async (_name, [common, ours, theirs], conflicts) => {
    await using bench = await open();
    await bench.diverge(common, ours, theirs);
    const outcome = await bench.merge();
    expect(outcome).toEqual({ outcome: "conflicts", conflicts, conflictCount: conflicts.length, commit: undefined });
  });

  test("of a submodule that both moved is named", async () => {
    await using bench = await open();
    const { client } = bench;
    const link = (digit: string) =>
      client.git("update-index", "--add", "--cacheinfo", `160000,${digit.repeat(40)},sub`);
    link("1");
    client.commit("common");
    client.git("checkout", "-q", "-b", "topic");
    link("2");
    client.commit("theirs");
    client.git("checkout", "-q", "-f", "main");
    link("3");
    client.commit("ours");
    await bench.push();
    expect(await bench.merge()).toMatchObject({ outcome: "conflicts", conflicts: [{ path: "sub" }], conflictCount: 1 });
  });
});

describe("a merge", () => {
  test("follows a file that one side renamed and the other changed", async () => {
    await using bench = await open();
    const renamed = { "old.txt": undefined, "new.txt": lines(30) };
    await bench.diverge({ "old.txt": lines(30) }, renamed, { "old.txt": lines(30, { 3: "changed" }) });
    const result = await bench.land();
    expect(engine.git("ls-tree", "--name-only", result)).toBe("new.txt");
    expect(engine.git("cat-file", "blob", `${result}:new.txt`)).toContain("changed");
  });

  test("takes in a branch that changes nothing, and one of the same tree", async () => {
    await using bench = await open();
    await bench.diverge({ "a.txt": "a\n" }, {}, {});
    const result = await bench.land();
    expect(engine.git("log", "-1", "--format=%P", result)).toBe(`${bench.base} ${bench.head}`);
    expect(engine.git("diff", "--name-only", bench.base, result)).toBe("");
  });

  test("of criss-cross histories goes over all their bases", async () => {
    await using bench = await open();
    const { client } = bench;
    await bench.diverge({ "a.txt": lines(20) }, { "a.txt": lines(20, { 1: "o" }) }, { "a.txt": lines(20, { 9: "t" }) });
    for (const branch of ["main", "topic"]) {
      client.git("checkout", "-q", "-f", branch);
      client.git("merge", "-q", "--no-edit", branch === "main" ? bench.head : bench.base);
    }
    client.git("checkout", "-q", "-f", "topic");
    bench.commit("more", { "b.txt": "b\n" });
    await bench.push();
    expect(client.git("merge-base", "--all", "main", "topic").split("\n")).toHaveLength(2);
    expect(engine.git("ls-tree", "--name-only", await bench.land())).toBe("a.txt\nb.txt");
  });

  test("of histories that have nothing in common is refused, and so is one of a commit that is not there", async () => {
    await using bench = await open();
    const { client } = bench;
    client.commit("one");
    client.git("checkout", "-q", "--orphan", "topic");
    client.commit("other", { "a.txt": "a\n" });
    await bench.push();
    expect(await bench.merge()).toEqual({ outcome: "refused", code: "unrelated-histories" });
    const head = "1".repeat(40) as typeof bench.head;
    expect(await bench.merge({ head })).toEqual({ outcome: "refused", code: "commit-missing" });
  });
});
