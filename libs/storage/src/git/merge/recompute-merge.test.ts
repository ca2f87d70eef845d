import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, TestEngine } from "../testing.fixture.ts";
import { MergeBench } from "./merging.fixture.ts";
import type { Merged } from "./merge-outcome.ts";

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.open();
});
afterAll(() => engine[Symbol.asyncDispose]());

const content = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join("");

/** A rename on one side and a change on the other: what comes of it depends on how git merges. */
async function diverge(bench: MergeBench): Promise<void> {
  const renamed = { "old.txt": undefined, "new.txt": content };
  await bench.diverge({ "old.txt": content }, renamed, { "old.txt": `${content}more\n` });
}

const rejected = { outcome: "rejected", code: "merge-differs" };

describe("a push that is said to be a merge", () => {
  test("is taken when the same comes of it here, by every method", async () => {
    await using bench = await MergeBench.open(engine, new Client());
    await diverge(bench);
    const results = [];
    for (const method of ["merge", "squash", "rebase"] as const) results.push(await bench.land({ method }));
    expect(new Set(results).size).toBe(3);
  });

  test("is refused as another method, of another head, and by a strategy that is not known", async () => {
    await using bench = await MergeBench.open(engine, new Client());
    await diverge(bench);
    await using merged = (await bench.merge()) as Merged;
    expect(await bench.receive(merged, { method: "squash" })).toMatchObject(rejected);
    expect(await bench.receive(merged, { head: bench.base })).toMatchObject(rejected);
    expect(await bench.receive(merged, { isUpToDate: true })).toMatchObject(rejected);
    const unknown = await bench.receive(merged, { strategy: 2 });
    expect(unknown).toMatchObject({ ...rejected, message: expect.stringContaining("strategy 2") as string });
  });

  test("is refused with a tree or a header that no merge makes", async () => {
    await using bench = await MergeBench.open(engine, new Client());
    await diverge(bench);
    const { client } = bench;
    client.git("merge-tree", "--write-tree", bench.base, bench.head); // The tree of the merge is here too.
    const genuine = engine.git("cat-file", "commit", await bench.land());
    const forged = [
      genuine.replace(/^tree .*/, `tree ${client.id(`${bench.base}^{tree}`)}`),
      genuine.replace("\n\n", "\nencoding latin1\n\n"),
    ];
    for (const body of forged) {
      const commit = client.gitWith(`${body}\n`, "hash-object", "-t", "commit", "-w", "--stdin") as typeof bench.base;
      const pack = client.pack([commit], [bench.base, bench.head]);
      expect(await bench.receiveCommit(commit, [pack])).toMatchObject(rejected);
    }
  });

  test("is refused, with both results in words, by a git that merges otherwise", async () => {
    await using bench = await MergeBench.open(engine, new Client());
    await diverge(bench);
    await using merged = (await bench.merge()) as Merged;
    // A git that leaves out the other side whenever it merges.
    const gitPath = join(bench.client.scratch.path, "other-git");
    const git = execFileSync("which", ["git"]).toString().trim();
    const onlyOurs = 'if [[ " $* " == *" merge-tree "* ]]; then set -- "${@:1:$#-1}" "${@: -2:1}"; fi';
    writeFileSync(gitPath, `#!/bin/bash\n${onlyOurs}\nexec ${git} "$@"\n`);
    chmodSync(gitPath, 0o755);
    await using other = await TestEngine.open({ gitPath });
    await using elsewhere = await MergeBench.open(other, new Client());
    await other.push(
      bench.client,
      [
        ["refs/heads/main", bench.base],
        ["refs/heads/topic", bench.head],
      ].map(([name, id]) => bench.client.update(name!, undefined, id)),
    );
    const outcome = await bench.receive(merged, {}, elsewhere.test.engine);
    const short = merged.result.slice(0, 12);
    const words = new RegExp(`^the merge is said to be ${short}; here it is (?!${short})[0-9a-f]{12}$`);
    expect(outcome).toMatchObject({ ...rejected, message: expect.stringMatching(words) as string });
  });
});
