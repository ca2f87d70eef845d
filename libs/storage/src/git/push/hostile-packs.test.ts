import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ObjectId } from "@guts/primitives";
import {
  Client,
  commitBody,
  idOf,
  inPieces,
  makePack,
  never,
  type PackEntry,
  repositoryId,
  testLimits,
  treeBody,
} from "../testing.fixture.ts";
import type { ReceiveOutcome } from "./receive-outcome.ts";
import { Receiver } from "./receiver.fixture.ts";

const receiver = new Receiver();

describe("hostile packs", () => {
  let client: Client;

  beforeEach(async () => {
    client = new Client();
    await receiver.engine.createRepository(repositoryId, "sha1", never());
  });
  afterEach(() => client[Symbol.dispose]());

  function pushOf(entries: readonly PackEntry[], tip: ObjectId, limits = testLimits): Promise<ReceiveOutcome> {
    return receiver.receive({
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
