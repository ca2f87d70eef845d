import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { utf8 } from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";

import { SegmentJournal } from "./journal.ts";

const segmentBytes = 64 * 1024;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guts-journal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (path = directory) => new SegmentJournal(path, { segmentBytes });

function textsIn(path = directory): readonly string[] {
  const journal = open(path);
  const texts = Array.from(journal.read(), (record) => Buffer.from(record).toString().trimEnd());
  journal.close();
  return texts;
}

test("gives back what was appended, in order, and counts its bytes", () => {
  const journal = open();
  journal.append(utf8("one"));
  journal.append(utf8("three"));
  journal.sync();
  expect(journal.bytes).toBe(8);
  journal.close();
  expect(textsIn()).toEqual(["one", "three"]);
});

test("a journal that was compacted holds what was kept, then what came later, in few segments", () => {
  const journal = open();
  for (let round = 0; round < 20; round++) {
    for (let index = 0; index < 10; index++) journal.append(utf8(`round ${round}`.padEnd(10_000)));
    journal.sync();
    journal.compact([utf8(`kept ${round}`)]);
    expect(journal.bytes).toBe(0);
  }
  journal.append(utf8("later"));
  journal.sync();
  journal.close();
  expect(textsIn()).toEqual(["kept 19", "later"]);
  expect(readdirSync(directory)).toHaveLength(1);
  const again = open();
  again.append(utf8("last"));
  again.sync();
  again.close();
  expect(textsIn()).toEqual(["kept 19", "later", "last"]);
});

test("a crash while a journal is compacted leaves the old records, or both", () => {
  const journal = open();
  journal.append(utf8("old"));
  journal.sync();
  const crashed = `${directory}-crashed`;
  const keep = function* (): Generator<Uint8Array> {
    yield utf8("kept");
    cpSync(directory, crashed, { recursive: true });
  };
  journal.compact(keep());
  journal.close();
  expect(textsIn(crashed)).toEqual(["old", "kept"]);
  rmSync(crashed, { recursive: true });
  expect(textsIn()).toEqual(["kept"]);
});

test("keeps what is larger than one segment when it is compacted", () => {
  const journal = open();
  journal.append(utf8("old"));
  const kept = Array.from({ length: 20 }, (_, index) => `kept ${index}`);
  journal.compact(kept.map((text) => utf8(text.padEnd(10_000))));
  journal.close();
  expect(textsIn()).toEqual(kept);
});
