import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { buildPack, commitOf, deflateZeros, deltaOf, objectId, type PackEntry, treeOf } from "./pack-builder.ts";
import { isRefusedPush, startTarget, type Target } from "./target.ts";

const mebibyte = 1024 * 1024;
let target: Target;

beforeAll(async () => {
  target = await startTarget({ env: { GUTS_GIT_INFLATED_BYTES_MAX: String(64 * mebibyte) } });
});
afterAll(() => target?.[Symbol.asyncDispose]());

/** A commit of a tree with one entry, and everything that it needs unless told otherwise. */
function commitWith(entry: { mode: string; name: string }, blob: Buffer = Buffer.from("text\n")) {
  const blobId = objectId("blob", blob);
  const tree = treeOf([{ ...entry, id: blobId }]);
  const commit = commitOf(objectId("tree", tree));
  const entries: readonly PackEntry[] = [
    { type: "commit", content: commit },
    { type: "tree", content: tree },
    { type: "blob", content: blob },
  ];
  return { id: objectId("commit", commit), entries };
}

const sound = commitWith({ mode: "100644", name: "file" });

async function expectRefused(pack: Uint8Array, id = sound.id): Promise<string> {
  const answer = await target.unharmed(() => target.pushRaw("refs/heads/hostile", id, pack));
  expect(answer).toSatisfy(isRefusedPush);
  expect(answer).not.toMatch(/\/tmp\/|at .*\.ts:|went wrong on this node/);
  return answer;
}

test("the builder makes packs that are accepted when nothing is wrong with them", async () => {
  expect(await target.pushRaw("refs/heads/sound", sound.id, buildPack(sound.entries))).toContain("unpack ok");
  expect(await target.pushRaw("refs/heads/sound", "0".repeat(40), new Uint8Array(), { oldId: sound.id })).toContain(
    "ok refs/heads/sound",
  );
});

describe("a pack is refused that", () => {
  const whole = buildPack(sound.entries);

  test.each([0, 3, 4, 11, 12, 13, 40, whole.length - 20, whole.length - 1])("ends after %i bytes", async (length) => {
    await expectRefused(whole.subarray(0, length));
  });

  test.each([4, 8, 11, 14, 20, 60, whole.length - 1])("has a wrong byte at %i", async (offset) => {
    const damaged = Buffer.from(whole);
    damaged[offset]! ^= 0xff;
    await expectRefused(damaged);
  });

  test("goes on behind its end", async () => {
    await expectRefused(Buffer.concat([whole, Buffer.from("and more")]));
  });

  test.each([
    ["4,294,967,295 objects", { count: 2 ** 32 - 1 }],
    ["more objects than it has", { count: 4 }],
    ["fewer objects than it has", { count: 2 }],
    ["version 9", { version: 9 }],
  ])("claims %s", async (_what, lie) => {
    await expectRefused(buildPack(sound.entries, lie));
  });

  test.each([0, 1, 4 * 2 ** 30, 2 ** 50])("has a blob that claims %i bytes", async (claimedSize) => {
    const [commit, tree, blob] = sound.entries;
    await expectRefused(buildPack([commit!, tree!, { ...blob!, claimedSize }]));
  });

  test("lacks the tree of its commit", async () => {
    await expectRefused(buildPack([sound.entries[0]!]));
  });

  test("is thin upon a base that nobody has", async () => {
    const delta = deltaOf(5, 5, Buffer.from([0x90, 5]));
    await expectRefused(
      buildPack([...sound.entries.slice(0, 2), { type: "idDelta", content: delta, baseId: "ab".repeat(20) }]),
    );
  });

  test.each([0, 1, 5_000, 2 ** 31])("has a delta whose base is %i bytes before it", async (baseOffset) => {
    const delta = deltaOf(5, 5, Buffer.from([0x90, 5]));
    await expectRefused(buildPack([...sound.entries, { type: "offsetDelta", content: delta, baseOffset }]));
  });

  test("has a delta that copies from behind the end of its base", async () => {
    const blobEntry = buildPack([sound.entries[2]!]).length - 12 - 20;
    const delta = deltaOf(5, 0xffff, Buffer.from([0xbf, 0, 0, 0, 0x7f, 0xff, 0xff]));
    await expectRefused(buildPack([...sound.entries, { type: "offsetDelta", content: delta, baseOffset: blobEntry }]));
  });

  test("is smaller than 1 MiB and holds 500 MiB of zeros", async () => {
    const deflated = await deflateZeros(500 * mebibyte);
    expect(deflated.length).toBeLessThan(mebibyte);
    const blob: PackEntry = { type: "blob", content: Buffer.alloc(0), claimedSize: 500 * mebibyte, deflated };
    expect(await expectRefused(buildPack([...sound.entries, blob]))).toMatch(/unpacked|bytes|large/i);
  });

  test("multiplies a megabyte a thousand times by deltas", async () => {
    const deflated = await deflateZeros(mebibyte);
    const base: PackEntry = { type: "blob", content: Buffer.alloc(0), claimedSize: mebibyte, deflated };
    const copies = 1_000;
    const copyAll = Buffer.from([0xf0, 0, 0, 0x10]); // 1 MiB from offset 0
    const delta = deltaOf(mebibyte, copies * mebibyte, Buffer.concat(Array.from({ length: copies }, () => copyAll)));
    const baseOffset = buildPack([base]).length - 12 - 20;
    const pack = buildPack([base, { type: "offsetDelta", content: delta, baseOffset }, ...sound.entries]);
    expect(pack.length).toBeLessThan(64 * 1024);
    expect(await expectRefused(pack)).toMatch(/unpacked|bytes|large/i);
  });
});

describe("objects are refused that git would not make:", () => {
  const dotGit = [".git", ".GIT", ".Git", "git~1", ".git ", ".git.", ".gi\u200ct", ".git::$INDEX_ALLOCATION"];
  test.each([...dotGit, "..", ".", "a/b", ""])("a tree with an entry called %j", async (name) => {
    const { id, entries } = commitWith({ mode: "100644", name: Buffer.from(name).toString("latin1") });
    expect(await expectRefused(buildPack(entries), id)).toMatch(/unpack (?!ok)/);
  });

  test("a tree with one name twice", async () => {
    const blob = Buffer.from("x");
    const entry = { mode: "100644", name: "same", id: objectId("blob", blob) };
    const tree = treeOf([entry, entry]);
    const commit = commitOf(objectId("tree", tree));
    const entries: PackEntry[] = [
      { type: "blob", content: blob },
      { type: "tree", content: tree },
      { type: "commit", content: commit },
    ];
    await expectRefused(buildPack(entries), objectId("commit", commit));
  });

  test.each([
    ["a symbolic link as .gitmodules", { mode: "120000", name: ".gitmodules" }, "target"],
    [
      "a submodule whose URL is an option",
      { mode: "100644", name: ".gitmodules" },
      '[submodule "a"]\n\tpath = a\n\turl = --upload-pack=/bin/sh\n',
    ],
    [
      "a submodule whose name climbs out",
      { mode: "100644", name: ".gitmodules" },
      '[submodule "../../x"]\n\tpath = a\n\turl = https://example.org/a\n',
    ],
    [
      "a submodule whose path is an option",
      { mode: "100644", name: ".gitmodules" },
      '[submodule "a"]\n\tpath = -a\n\turl = https://example.org/a\n',
    ],
  ])("%s", async (_what, entry, text) => {
    const { id, entries } = commitWith(entry, Buffer.from(text));
    await expectRefused(buildPack(entries), id);
  });

  test.each([
    ["no author", (tree: string) => `tree ${tree}\ncommitter A <a@b> 1 +0000\n\nx\n`],
    ["no tree", () => "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n"],
    [
      "a NUL in its header",
      (tree: string) => `tree ${tree}\nauthor A\0 <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n`,
    ],
    [
      "a date that overflows",
      (tree: string) => `tree ${tree}\nauthor A <a@b> 99999999999999999999 +0000\ncommitter A <a@b> 1 +0000\n\nx\n`,
    ],
  ])("a commit with %s", async (_what, textOf) => {
    const [, tree, blob] = sound.entries;
    const content = Buffer.from(textOf(objectId("tree", tree!.content)));
    await expectRefused(buildPack([{ type: "commit", content }, tree!, blob!]), objectId("commit", content));
  });

  test("a branch that names a blob", async () => {
    const { content } = sound.entries[2]!;
    await expectRefused(buildPack([{ type: "blob", content }]), objectId("blob", content));
  });
});

test("a tree bomb costs the node nothing until somebody checks it out", { timeout: 120_000 }, async () => {
  const blob = Buffer.from("boom\n");
  const entries: PackEntry[] = [{ type: "blob", content: blob }];
  let below = { mode: "100644", id: objectId("blob", blob) };
  for (let depth = 0; depth < 10; depth++) {
    const content = treeOf(Array.from({ length: 10 }, (_, index) => ({ ...below, name: `f${index}` })));
    entries.push({ type: "tree", content });
    below = { mode: "40000", id: objectId("tree", content) };
  }
  const commit = commitOf(below.id);
  const id = objectId("commit", commit);
  const answer = await target.pushRaw(
    "refs/heads/bomb",
    id,
    buildPack([...entries, { type: "commit", content: commit }]),
  );
  expect(answer).toMatch(/unpack ok/);
  const path = { owner: target.victim.login, repo: target.repository.name };
  const tree = await target.unharmed(() =>
    target.victim.client
      .call("GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}", {
        path: { ...path, tree_sha: "bomb" },
        query: { recursive: "1" },
      })
      .then(
        ({ tree: listed, truncated }) => ({ count: listed.length, truncated }),
        (error: unknown) => ({ error: String(error) }),
      ),
  );
  expect(tree).toSatisfy(
    (found: { truncated?: boolean; error?: string }) => found.truncated === true || found.error !== undefined,
  );
});
