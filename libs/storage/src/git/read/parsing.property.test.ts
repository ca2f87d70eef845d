import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ObjectId } from "@guts/primitives";
import { idOf, treeBody } from "../testing.fixture.ts";
import { decodeCommit, decodePerson, decodeTag } from "./commit.ts";
import { parseDiff, parseHunks } from "./diff-parser.ts";
import { decodeTree, pathSegments } from "./tree.ts";

const id = "1".repeat(40) as ObjectId;
const limits = { filesMax: 100, fileBytesMax: 1000, totalBytesMax: 10_000 };

describe("what git stores is read without ever throwing", () => {
  test("commits and tags of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeCommit(id, bytes);
        decodeTag(id, bytes);
      }),
    );
  });

  test("trees, which also survive being cut anywhere", () => {
    const entry = fc.tuple(
      fc.constantFrom("100644", "40000", "160000"),
      fc.string({ minLength: 1, maxLength: 20 }).filter((name) => !name.includes("\0") && name.isWellFormed()),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10 }), fc.nat(400), (entries, length) => {
        const body = treeBody(entries.map(([mode, name]) => [mode, name, idOf("blob", Buffer.from(name))] as const));
        expect(decodeTree(body, 20).map(({ name }) => name)).toEqual(entries.map(([, name]) => name));
        decodeTree(body.subarray(0, length), 20);
      }),
    );
  });

  test("diffs of any bytes, and real ones that are cut anywhere", () => {
    const real = Buffer.from(
      `:100644 100644 ${id} ${id} R100\0a\0b\0:000000 100644 ${"0".repeat(40)} ${id} A\0c\x000\t0\t\0a\0b\x001\t0\tc\0\0` +
        "diff --git a/a b/b\nsimilarity index 100%\ndiff --git a/c b/c\n--- /dev/null\n+++ b/c\n@@ -0,0 +1 @@\n+x\n",
    );
    expect(parseDiff(real, { limits, isWhole: true }).files.map(({ path }) => path)).toEqual(["b", "c"]);
    for (let end = 0; end <= real.length; end++) {
      const { files } = parseDiff(real.subarray(0, end), { limits, isWhole: false });
      expect(files.length).toBeLessThanOrEqual(2);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseDiff(Buffer.concat([Buffer.from(":"), bytes]), { limits, isWhole: true });
        parseHunks(Buffer.from(bytes).toString("latin1"));
      }),
    );
  });

  test("paths, of which none leads out of a tree", () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const segments = pathSegments(path) ?? [];
        expect(segments.some((segment) => [".", "..", ""].includes(segment) || /[/\0]/.test(segment))).toBe(false);
      }),
    );
  });
});

describe("a person", () => {
  test.each([
    ["Ada L <a@b.c> 1700000000 +0530", { name: "Ada L", email: "a@b.c", timeSeconds: 1_700_000_000, zoneMinutes: 330 }],
    ["Ada <a@b.c> 1 -0130", { name: "Ada", email: "a@b.c", timeSeconds: 1, zoneMinutes: -90 }],
    ["<> -5 +0000", { name: "", email: "", timeSeconds: -5, zoneMinutes: 0 }],
    ["no brackets", { name: "no brackets", email: "", timeSeconds: 0, zoneMinutes: 0 }],
  ])("is read from %j", (text, person) => {
    expect(decodePerson(text)).toEqual(person);
  });

  test("is read in the encoding of the commit", () => {
    const bytes = Buffer.from(
      `tree ${id}\nauthor M\xfcller <m@x> 1 +0000\nencoding ISO-8859-1\ngpgsig -----\n more\n\nGr\xfc\xdfe\n`,
      "latin1",
    );
    expect(decodeCommit(id, bytes)).toMatchObject({ author: { name: "Müller" }, message: "Grüße\n" });
  });
});
