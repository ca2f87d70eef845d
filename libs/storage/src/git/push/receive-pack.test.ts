import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { Client, inPieces, never, repositoryId } from "../testing.fixture.ts";
import { Receiver } from "./receiver.fixture.ts";

const receiver = new Receiver();

describe.each<ObjectFormat>(["sha1", "sha256"])("a push into a %s repository", (format) => {
  let client: Client;

  beforeEach(async () => {
    client = new Client(format);
    await receiver.engine.createRepository(repositoryId, format, never());
  });
  afterEach(() => client[Symbol.dispose]());

  test("stores the objects of a first push only when it is promoted", async () => {
    const commit = client.commit("one", { "a.txt": "a\n" });
    const pack = client.pack([commit]);
    const outcome = await receiver.accept({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(pack, 7),
    });
    expect(outcome.facts).toEqual([
      { isFastForward: false, hasMerges: false, newType: "commit", peeledId: commit, commitCount: 1 },
    ]);
    expect(outcome.packs).toEqual([
      { sha256: createHash("sha256").update(pack).digest("hex"), sizeBytes: pack.length },
    ]);
    expect(receiver.storedPacks()).toEqual([]);
    await outcome.quarantine.promote(never());
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(receiver.git("cat-file", "-t", commit)).toBe("commit");
    expect(receiver.git("fsck", "--strict", commit)).toBe("");
    expect(receiver.leftovers()).toEqual([]);
  });

  test("completes a thin pack and reports the hash of the completed file", async () => {
    const long = Array.from({ length: 400 }, (_, line) => `line ${line} of a long file\n`).join("");
    const first = client.commit("one", { "a.txt": long });
    await receiver.store(client, first);
    const second = client.commit("two", { "a.txt": `${long}one more\n` });
    const thin = client.pack([second], [first]);
    await using received = (
      await receiver.accept({
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
    const outcome = await receiver.accept({
      commands: [client.update("refs/heads/main", undefined, second)],
      pack: inPieces(client.pack([second])),
      onProgress: (text) => (progress += text),
    });
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(progress).toMatch(/^Resolving deltas: .*\(1\/1\), done\.\n$/s);
  });

  test("finds merge commits among what an update brings, whatever else is pushed or known", async () => {
    const base = client.commit("base");
    await receiver.store(client, base);
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
      const outcome = await receiver.accept({
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
    await receiver.store(client, base);
    const left = client.commit("left");
    const ahead = await receiver.accept({
      commands: [client.update("refs/heads/main", base, left)],
      pack: inPieces(client.pack([left], [base])),
      tips: [base],
    });
    expect(ahead.facts[0]).toMatchObject({ isFastForward: true, commitCount: 1 });
    await ahead.quarantine.promote(never());
    client.git("reset", "-q", "--hard", base);
    const right = client.commit("right");
    const aside = await receiver.accept({
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
    await receiver.store(client, base);
    const left = client.commit("left");
    client.git("reset", "-q", "--hard", base);
    const right = client.commit("right");
    const outcome = await receiver.accept({
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
    const outcome = await receiver.accept({
      commands: ids.map((id, index) => client.update(`refs/tags/t${index}`, undefined, id)),
      pack: inPieces(client.pack(ids)),
    });
    expect(outcome.facts.map((fact) => fact.newType)).toEqual(["tag", "tag", "tag", "blob", "tree"]);
    expect(outcome.facts.map((fact) => fact.peeledId)).toEqual([commit, commit, ids[3], ids[3], ids[4]]);
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("takes the empty pack of a push of objects that are there", async () => {
    const commit = client.commit("one");
    await receiver.store(client, commit);
    const outcome = await receiver.accept({
      commands: [client.update("refs/heads/copy", undefined, commit)],
      pack: inPieces(client.pack([commit], [commit])),
      tips: [commit],
    });
    expect(outcome).toMatchObject({ packs: [], facts: [{ newType: "commit", commitCount: 0 }] });
    await outcome.quarantine.promote(never());
    await outcome.quarantine[Symbol.asyncDispose]();
    expect(receiver.leftovers()).toEqual([]);
  });

  test("takes a deletion without a pack", async () => {
    const outcome = await receiver.accept({
      commands: [client.update("refs/heads/main", "1".repeat(client.zero.length), undefined)],
    });
    expect(outcome.packs).toEqual([]);
    await outcome.quarantine.promote(never());
    await outcome.quarantine[Symbol.asyncDispose]();
  });

  test("takes a push from a shallow clone when the history is here", async () => {
    const first = client.commit("one", { "a.txt": "a" });
    await receiver.store(client, first);
    using shallow = new Client(format);
    shallow.git("fetch", "-q", "--depth=1", `file://${client.scratch.path}`, "main");
    shallow.git("reset", "-q", "--hard", "FETCH_HEAD");
    const second = shallow.commit("two", { "b.txt": "b" });
    const outcome = await receiver.accept({
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
      await receiver.receive({
        commands: [client.update("refs/heads/main", undefined, second)],
        pack: inPieces(client.pack([second], [first])),
      }),
    ).toMatchObject({ outcome: "rejected", code: "missing-objects" });
    expect(receiver.leftovers()).toEqual([]);
  });

  test("refuses a ref to an object that is not in the pack", async () => {
    const first = client.commit("one", { "a.txt": "a" });
    const other = client.commit("two", { "b.txt": "b" });
    expect(
      await receiver.receive({
        commands: [client.update("refs/heads/main", undefined, other)],
        pack: inPieces(client.pack([first])),
      }),
    ).toMatchObject({ code: "missing-objects" });
  });

  test("refuses a new value without a pack when the object is not here", async () => {
    const commit = client.commit("one");
    expect(await receiver.receive({ commands: [client.update("refs/heads/main", undefined, commit)] })).toMatchObject({
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
    const outcome = await receiver.receive({
      commands: [client.update("refs/heads/main", undefined, commit)],
      pack: inPieces(spoil(client.pack([commit]))),
    });
    expect(outcome).toMatchObject({ outcome: "rejected", code: "pack-corrupt" });
    expect(receiver.leftovers()).toEqual([]);
  });

  test("refuses an empty pack with a wrong checksum", async () => {
    const pack = client.pack([]);
    pack.writeUInt8(pack.at(-1)! ^ 1, pack.length - 1);
    const commands = [client.update("refs/heads/main", undefined, client.commit("one"))];
    expect(await receiver.receive({ commands, pack: inPieces(pack) })).toMatchObject({ code: "pack-corrupt" });
  });
});
