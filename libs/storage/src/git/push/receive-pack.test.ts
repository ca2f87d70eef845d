import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
import type { ReceiveOutcome } from "./receive-outcome.ts";
import type { ReceivePackOptions } from "./receive-pack.ts";

let engine: TestEngine;

beforeAll(async () => {
  engine = await TestEngine.open();
});
afterAll(() => engine[Symbol.asyncDispose]());
afterEach(() => engine.engine.deleteRepository(repositoryId, never()));

function receive(options: Partial<ReceivePackOptions> & Pick<ReceivePackOptions, "commands">): Promise<ReceiveOutcome> {
  return engine.engine.receivePack(repositoryId, {
    pack: undefined,
    tips: [],
    limits: testLimits,
    signal: never(),
    ...options,
  });
}

async function accept(
  options: Parameters<typeof receive>[0],
): Promise<Extract<ReceiveOutcome, { outcome: "received" }>> {
  const outcome = await receive(options);
  if (outcome.outcome === "rejected") throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome;
}

function leftovers(): string[] {
  return readdirSync(join(engine.path(), "objects")).filter((name) => /^(incoming|promoted)-/.test(name));
}

function storedPacks(): string[] {
  return readdirSync(join(engine.path(), "objects/pack")).filter((name) => name.endsWith(".pack"));
}

/** Pushes and promotes, as far as the engine goes before refs exist. */
async function store(client: Client, commit: ObjectId, haves: readonly string[] = []): Promise<void> {
  await using quarantine = (
    await accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(client.pack([commit], haves)),
      tips: haves as ObjectId[],
    })
  ).quarantine;
  await quarantine.promote(never());
}

describe.each<ObjectFormat>(["sha1", "sha256"])("a push into a %s repository", (format) => {
  let client: Client;

  beforeEach(async () => {
    client = new Client(format);
    await engine.engine.createRepository(repositoryId, format, never());
  });
  afterEach(() => client[Symbol.dispose]());

  test("stores the objects of a first push only when it is promoted", async () => {
    const commit = client.commit("one", { "a.txt": "a\n" });
    const pack = client.pack([commit]);
    const outcome = await accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(pack, 7),
    });
    expect(outcome.facts).toEqual([
      { isFastForward: false, hasMerges: false, newType: "commit", peeledId: commit, commitCount: 1 },
    ]);
    expect(outcome.packs).toEqual([
      { sha256: createHash("sha256").update(pack).digest("hex"), sizeBytes: pack.length },
    ]);
    expect(storedPacks()).toEqual([]);
    await outcome.quarantine.promote(never());
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(engine.git("cat-file", "-t", commit)).toBe("commit");
    expect(engine.git("fsck", "--strict", commit)).toBe("");
    expect(leftovers()).toEqual([]);
  });

  test("completes a thin pack and reports the hash of the completed file", async () => {
    const long = Array.from({ length: 400 }, (_, line) => `line ${line} of a long file\n`).join("");
    const first = client.commit("one", { "a.txt": long });
    await store(client, first);
    const second = client.commit("two", { "a.txt": `${long}one more\n` });
    const thin = client.pack([second], [first]);
    await using received = (
      await accept({
        commands: [client.update("refs/heads/main", first, second)],
        pack: inPieces(thin),
        tips: [first],
      })
    ).quarantine;
    const file = readFileSync(received.packPath!);
    expect(file.length).toBeGreaterThan(thin.length);
    await received.promote(never());
    expect(readFileSync(received.packPath!).equals(file)).toBe(true);
  });

  test("passes on git's progress", async () => {
    const long = Array.from({ length: 400 }, (_, line) => `line ${line} of a long file\n`).join("");
    client.commit("one", { "a.txt": long });
    const second = client.commit("two", { "a.txt": `${long}one more\n` });
    let progress = "";
    const outcome = await accept({
      commands: [client.update("refs/heads/main", undefined, second)],
      pack: inPieces(client.pack([second])),
      onProgress: (text) => (progress += text),
    });
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(progress).toMatch(/^Resolving deltas: .*\(1\/1\), done\.\n$/s);
  });

  test("finds merge commits among what an update brings, whatever else is pushed or known", async () => {
    const base = client.commit("base");
    await store(client, base);
    const left = client.commit("left");
    client.git("checkout", "-q", "--detach", base);
    const right = client.commit("right");
    client.git("merge", "-q", "--no-edit", left);
    const merge = client.git("rev-parse", "HEAD") as ObjectId;
    const after = client.commit("after");
    const mergesOf = async (
      commands: readonly (readonly [ObjectId | undefined, ObjectId | undefined])[],
      tips: ObjectId[],
    ) => {
      const outcome = await accept({
        commands: commands.map(([oldId, newId], index) => client.update(`refs/heads/b${index}`, oldId, newId)),
        pack: inPieces(client.pack([after], tips)),
        tips,
      });
      await outcome.quarantine.promote(never());
      await outcome.quarantine[Symbol.asyncDispose]();
      return outcome.facts.map(({ hasMerges, isFastForward }) => [hasMerges, isFastForward]);
    };
    expect(await mergesOf([[base, after]], [base])).toEqual([[true, true]]);
    expect(
      await mergesOf(
        [
          [base, left],
          [base, after],
        ],
        [base],
      ),
    ).toEqual([
      [false, true],
      [true, true],
    ]);
    // What another branch has already is not listed by the walk, and counts none the less.
    expect(await mergesOf([[base, after]], [base, after])).toEqual([[true, true]]);
    expect(await mergesOf([[merge, after]], [base, after])).toEqual([[false, true]]);
    expect(await mergesOf([[left, right]], [left, after])).toEqual([[false, false]]);
    expect(
      await mergesOf(
        [
          [undefined, after],
          [after, undefined],
        ],
        [base, after],
      ),
    ).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  test("proves a fast-forward and refutes one", async () => {
    const base = client.commit("base");
    await store(client, base);
    const left = client.commit("left");
    const ahead = await accept({
      commands: [client.update("refs/heads/main", base, left)],
      pack: inPieces(client.pack([left], [base])),
      tips: [base],
    });
    expect(ahead.facts[0]).toMatchObject({ isFastForward: true, commitCount: 1 });
    await ahead.quarantine.promote(never());
    client.git("reset", "-q", "--hard", base);
    const right = client.commit("right");
    const aside = await accept({
      commands: [client.update("refs/heads/main", left, right)],
      pack: inPieces(client.pack([right], [base])),
      tips: [left],
    });
    expect(aside.facts[0]).toMatchObject({ isFastForward: false, newType: "commit" });
    await aside.quarantine[Symbol.asyncDispose]();
    await ahead.quarantine[Symbol.asyncDispose]();
  });

  test("tells fast-forwards apart when one push moves several branches", async () => {
    const base = client.commit("base");
    await store(client, base);
    const left = client.commit("left");
    client.git("reset", "-q", "--hard", base);
    const right = client.commit("right");
    const outcome = await accept({
      commands: [
        client.update("refs/heads/left", base, left),
        client.update("refs/heads/right", left, right),
        client.update("refs/heads/gone", base, undefined),
      ],
      pack: inPieces(client.pack([left, right], [base])),
      tips: [base],
    });
    expect(outcome.facts.map((fact) => fact.isFastForward)).toEqual([true, false, false]);
    expect(outcome.facts[2]).toMatchObject({ newType: undefined, peeledId: undefined });
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("peels annotated tags, also tags of tags and of blobs", async () => {
    const commit = client.commit("one", { "a.txt": "a" });
    client.git("tag", "-a", "-m", "x", "v1");
    client.git("tag", "-a", "-m", "x", "v2", "v1");
    client.git("tag", "-a", "-m", "x", "blob", "HEAD:a.txt");
    const names = ["v1", "v2", "blob", "HEAD:a.txt", "HEAD^{tree}"];
    const ids = names.map((name) => client.id(name));
    const outcome = await accept({
      commands: ids.map((id, index) => client.update(`refs/tags/t${index}`, undefined, id)),
      pack: inPieces(client.pack(ids)),
    });
    expect(outcome.facts.map((fact) => fact.newType)).toEqual(["tag", "tag", "tag", "blob", "tree"]);
    expect(outcome.facts.map((fact) => fact.peeledId)).toEqual([commit, commit, ids[3], ids[3], ids[4]]);
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("takes the empty pack of a push of objects that are there", async () => {
    const commit = client.commit("one");
    await store(client, commit);
    const outcome = await accept({
      commands: [client.update("refs/heads/copy", undefined, commit)],
      pack: inPieces(client.pack([commit], [commit])),
      tips: [commit],
    });
    expect(outcome).toMatchObject({ packs: [], facts: [{ newType: "commit", commitCount: 0 }] });
    await outcome.quarantine.promote(never());
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(leftovers()).toEqual([]);
  });

  test("takes a deletion without a pack", async () => {
    const outcome = await accept({
      commands: [client.update("refs/heads/main", "1".repeat(client.zero.length), undefined)],
    });
    expect(outcome.packs).toEqual([]);
    await outcome.quarantine.promote(never());
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("takes a push from a shallow clone when the history is here", async () => {
    const first = client.commit("one", { "a.txt": "a" });
    await store(client, first);
    using shallow = new Client(format);
    shallow.git("fetch", "-q", "--depth=1", `file://${client.scratch.path}`, "main");
    shallow.git("reset", "-q", "--hard", "FETCH_HEAD");
    const second = shallow.commit("two", { "b.txt": "b" });
    const outcome = await accept({
      commands: [client.update("refs/heads/main", first, second)],
      pack: inPieces(shallow.pack([second], [first])),
      tips: [first],
    });
    expect(outcome.facts[0]).toMatchObject({ isFastForward: true });
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("refuses a push that lacks part of its history", async () => {
    const first = client.commit("one", { "a.txt": "a" });
    const second = client.commit("two", { "b.txt": "b" });
    expect(
      await receive({
        commands: [client.update("refs/heads/main", undefined, second)],
        pack: inPieces(client.pack([second], [first])),
      }),
    ).toMatchObject({ outcome: "rejected", code: "missing-objects" });
    expect(leftovers()).toEqual([]);
  });

  test("refuses a ref to an object that is not in the pack", async () => {
    const first = client.commit("one", { "a.txt": "a" });
    const other = client.commit("two", { "b.txt": "b" });
    expect(
      await receive({
        commands: [client.update("refs/heads/main", undefined, other)],
        pack: inPieces(client.pack([first])),
      }),
    ).toMatchObject({ code: "missing-objects" });
  });

  test("refuses a new value without a pack when the object is not here", async () => {
    const commit = client.commit("one");
    expect(await receive({ commands: [client.update("refs/heads/main", undefined, commit)] })).toMatchObject({
      code: "missing-objects",
    });
  });

  test.each([
    ["no pack at all", () => Buffer.from("HELLO, THIS IS NO PACK, IT IS TEXT")],
    ["a header only", (pack: Buffer) => pack.subarray(0, 12)],
    ["nothing", () => Buffer.alloc(0)],
    ["a truncated pack", (pack: Buffer) => pack.subarray(0, pack.length - 30)],
    ["a wrong checksum", (pack: Buffer) => Buffer.concat([pack.subarray(0, -1), Buffer.from([pack.at(-1)! ^ 1])])],
    ["flipped bits", (pack: Buffer) => Buffer.from(pack.map((byte, index) => (index === 30 ? byte ^ 0xff : byte)))],
    ["bytes after its end", (pack: Buffer) => Buffer.concat([pack, Buffer.alloc(100_000, "x")])],
  ])("refuses %s", async (_, spoil) => {
    const commit = client.commit("one", { "a.txt": "some text" });
    const outcome = await receive({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(spoil(client.pack([commit]))),
    });
    expect(outcome).toMatchObject({ outcome: "rejected", code: "pack-corrupt" });
    expect(leftovers()).toEqual([]);
  });

  test("refuses an empty pack with a wrong checksum", async () => {
    const pack = client.pack([]);
    pack.writeUInt8(pack.at(-1)! ^ 1, pack.length - 1);
    const commands = [client.update("refs/heads/main", undefined, client.commit("one"))];
    expect(await receive({ commands, pack: inPieces(pack) })).toMatchObject({ code: "pack-corrupt" });
  });
});

describe("limits of a push", () => {
  let client: Client;

  beforeEach(async () => {
    client = new Client();
    await engine.engine.createRepository(repositoryId, "sha1", never());
  });
  afterEach(() => client[Symbol.dispose]());

  test("counts the bytes of the pack: the limit passes, one more does not", async () => {
    const commit = client.commit("one", { "a.txt": "a" });
    const pack = client.pack([commit]);
    const commands = [client.update("refs/heads/main", undefined, commit)];
    const at = { ...testLimits, packBytesMax: pack.length };
    const outcome = await accept({ commands, pack: inPieces(pack), limits: at });
    await outcome.quarantine[Symbol.asyncDispose]();
    const below = { ...testLimits, packBytesMax: pack.length - 1 };
    expect(await receive({ commands, pack: inPieces(pack), limits: below })).toMatchObject({ code: "pack-too-large" });
  });

  test("stops reading an endless pack at the limit", async () => {
    let pulled = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      for (;;) {
        pulled += 65_536;
        yield Buffer.alloc(65_536);
      }
    }
    const limits = { ...testLimits, packBytesMax: 1 << 20 };
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    const outcome = await receive({ commands, pack: endless(), limits });
    expect(outcome.outcome).toBe("rejected");
    expect(pulled).toBeLessThan(2 << 20);
  });

  test("believes the header about the number of objects before it reads any", async () => {
    const commit = client.commit("one", { "a.txt": "a" });
    const commands = [client.update("refs/heads/main", undefined, commit)];
    const pack = client.pack([commit]);
    const limits = { ...testLimits, objectsMax: 2 };
    expect(await receive({ commands, pack: inPieces(pack), limits })).toMatchObject({ code: "too-many-objects" });
    const outcome = await accept({ commands, pack: inPieces(pack), limits: { ...limits, objectsMax: 3 } });
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("gives up on a client that stalls", async () => {
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      await new Promise(() => undefined);
    }
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    const limits = { ...testLimits, timeoutMs: 200 };
    expect(await receive({ commands, pack: stalling(), limits })).toMatchObject({ code: "timeout" });
    expect(leftovers()).toEqual([]);
  });

  test("ends with the caller's reason when it is aborted, and leaves nothing", async () => {
    const controller = new AbortController();
    async function* interrupted(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      controller.abort(new Error("client went away"));
      await new Promise(() => undefined);
    }
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    await expect(receive({ commands, pack: interrupted(), signal: controller.signal })).rejects.toThrow(
      "client went away",
    );
    expect(leftovers()).toEqual([]);
  });

  test("passes on the failure of the pack's source, and leaves nothing", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield client.pack([client.commit("one")]).subarray(0, 40);
      throw new Error("connection reset");
    }
    const commands = [client.update("refs/heads/main", undefined, "1".repeat(40))];
    await expect(receive({ commands, pack: failing() })).rejects.toThrow("connection reset");
    expect(leftovers()).toEqual([]);
  });
});

describe("hostile packs", () => {
  let client: Client;

  beforeEach(async () => {
    client = new Client();
    await engine.engine.createRepository(repositoryId, "sha1", never());
  });
  afterEach(() => client[Symbol.dispose]());

  function pushOf(entries: readonly PackEntry[], tip: ObjectId, limits = testLimits): Promise<ReceiveOutcome> {
    return receive({
      commands: [client.update("refs/heads/main", undefined, tip)],
      pack: inPieces(makePack(entries)),
      limits,
    });
  }

  function commitOf(tree: Uint8Array, others: readonly PackEntry[]): { entries: PackEntry[]; tip: ObjectId } {
    const commit = commitBody(idOf("tree", tree));
    return {
      entries: [...others, { type: "tree", body: tree }, { type: "commit", body: commit }],
      tip: idOf("commit", commit),
    };
  }

  test("refuses a blob of zeros that unpacks beyond the limit, in bounded memory", async () => {
    const zeros = Buffer.alloc(100 << 20);
    const tree = treeBody([["100644", "zeros", idOf("blob", zeros)]]);
    const { entries, tip } = commitOf(tree, [{ type: "blob", body: zeros }]);
    const limits = { ...testLimits, inflatedBytesMax: 50 << 20 };
    expect(await pushOf(entries, tip, limits)).toMatchObject({ code: "inflated-too-large" });
    const outcome = await pushOf(entries, tip);
    expect(outcome.outcome).toBe("received");
    if (outcome.outcome === "received") await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("counts what deltas unpack to", async () => {
    const base = Buffer.alloc(1 << 16, "b");
    // Copies the whole base a thousand times: 7 bytes each in the pack, 64 KiB each unpacked.
    const copies = 1000;
    const sizes = [base.length, base.length * copies].map(varint);
    const copy = Buffer.from([0x80]);
    const delta = Buffer.concat([...sizes, ...Array.from({ length: copies }, () => copy)]);
    const result = Buffer.alloc(base.length * copies, "b");
    const tree = treeBody([["100644", "a", idOf("blob", result)]]);
    const { entries, tip } = commitOf(tree, [
      { type: "blob", body: base },
      { type: "delta", base: idOf("blob", base), body: delta },
    ]);
    const limits = { ...testLimits, inflatedBytesMax: result.length };
    expect(await pushOf(entries, tip, limits)).toMatchObject({ code: "inflated-too-large" });
    const outcome = await pushOf(entries, tip);
    expect(outcome.outcome).toBe("received");
    if (outcome.outcome === "received") await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("takes a tree bomb at once, since nothing expands it", async () => {
    const blob = Buffer.from("boom");
    let tree = treeBody(names((name) => ["100644", name, idOf("blob", blob)]));
    const others: PackEntry[] = [{ type: "blob", body: blob }];
    for (let level = 0; level < 9; level++) {
      const below = idOf("tree", tree);
      others.push({ type: "tree", body: tree });
      tree = treeBody(names((name) => ["40000", name, below]));
    }
    const { entries, tip } = commitOf(tree, others);
    const outcome = await pushOf(entries, tip);
    expect(outcome.outcome).toBe("received");
    if (outcome.outcome === "received") await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("survives a tree that is nested deeper than a stack", async () => {
    let tree = treeBody([["100644", "leaf", idOf("blob", Buffer.from("x"))]]);
    const others: PackEntry[] = [{ type: "blob", body: Buffer.from("x") }];
    for (let level = 0; level < 60_000; level++) {
      others.push({ type: "tree", body: tree });
      tree = treeBody([["40000", "d", idOf("tree", tree)]]);
    }
    const { entries, tip } = commitOf(tree, others);
    const outcome = await pushOf(entries, tip);
    if (outcome.outcome === "received") await outcome.quarantine[Symbol.asyncDispose]();
    else expect(outcome.code).toMatch(/^(too-complex|missing-objects|object-malformed|pack-corrupt)$/);
  });

  test.each([
    ["a .git entry", [["40000", ".git", idOf("tree", Buffer.alloc(0))]]],
    ["a zero-padded mode", [["0100644", "a", idOf("blob", Buffer.from("x"))]]],
    [
      "unsorted entries",
      [
        ["100644", "b", idOf("blob", Buffer.from("x"))],
        ["100644", "a", idOf("blob", Buffer.from("x"))],
      ],
    ],
    [
      "a doubled name",
      [
        ["100644", "a", idOf("blob", Buffer.from("x"))],
        ["100644", "a", idOf("blob", Buffer.from("x"))],
      ],
    ],
    ["a name with a slash", [["100644", "a/b", idOf("blob", Buffer.from("x"))]]],
  ] as const)("refuses a tree with %s", async (_, treeEntries) => {
    const { entries, tip } = commitOf(treeBody(treeEntries), [
      { type: "blob", body: Buffer.from("x") },
      { type: "tree", body: Buffer.alloc(0) },
    ]);
    expect(await pushOf(entries, tip)).toMatchObject({ code: "object-malformed" });
  });

  test("refuses a .gitmodules that attacks those who clone", async () => {
    const modules = Buffer.from('[submodule "../../x"]\n\tpath = a\n\turl = -u./payload\n');
    const tree = treeBody([["100644", ".gitmodules", idOf("blob", modules)]]);
    const { entries, tip } = commitOf(tree, [{ type: "blob", body: modules }]);
    expect(await pushOf(entries, tip)).toMatchObject({ code: "object-malformed" });
  });

  test("refuses a delta on a base that nobody has", async () => {
    const delta = Buffer.concat([varint(4), varint(4), Buffer.from([0x80 | 0x10, 4])]);
    const entries: PackEntry[] = [{ type: "delta", base: "1".repeat(40), body: delta }];
    expect(await pushOf(entries, "2".repeat(40) as ObjectId)).toMatchObject({ code: "missing-objects" });
  });
});

describe("the engine after a crash", () => {
  test("sweeps quarantines and locks, and remembers promotions that nobody finished", async () => {
    using client = new Client();
    await engine.engine.createRepository(repositoryId, "sha1", never());
    const commit = client.commit("one");
    const outcome = await accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(client.pack([commit])),
    });
    expect(leftovers()).toHaveLength(1);
    await engine.engine.sweep();
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(engine.path(), "guts-may-hold-unreachable"))).toBe(false);
    await outcome.quarantine[Symbol.asyncDispose]();
    const second = await accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(client.pack([commit])),
    });
    await second.quarantine.promote(never());
    await engine.engine.sweep();
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(engine.path(), "guts-may-hold-unreachable"))).toBe(true);
  });
});

describe("a stored repository", () => {
  test.each<ObjectFormat>(["sha1", "sha256"])("is what git makes itself for %s", async (format) => {
    await engine.engine.createRepository(repositoryId, format, never());
    await engine.engine.createRepository(repositoryId, format, never());
    expect(engine.git("rev-parse", "--show-object-format", "--is-bare-repository")).toBe(`${format}\ntrue`);
    expect(engine.git("fsck")).toBe("");
    expect(existsSync(join(engine.path(), "hooks"))).toBe(false);
    expect(statSync(engine.path()).mode & 0o777).toBe(0o700);
    await engine.engine.deleteRepository(repositoryId, never());
    await engine.engine.deleteRepository(repositoryId, never());
    expect(existsSync(engine.path())).toBe(false);
    const commands = [{ name: "refs/heads/x", oldId: "0".repeat(40), newId: "0".repeat(40) }];
    await expect(receive({ commands: commands as never })).rejects.toMatchObject({ code: "repository-missing" });
  });
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 127) return Buffer.from(bytes);
  }
}

function names<Value>(make: (name: string) => Value): Value[] {
  return Array.from({ length: 10 }, (_, index) => make(`f${index}`));
}
