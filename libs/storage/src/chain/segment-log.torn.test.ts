import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { SegmentLog } from "./segment-log.ts";
import type { LogPosition } from "./segment-reader.ts";

const segmentBytes = 64 * 1024;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guts-torn-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => new SegmentLog(directory, { segmentBytes });
const payload = (text: string, length: number) => Buffer.alloc(length, text);

function textsOf(log: SegmentLog): readonly string[] {
  return [...log.read({ segment: 0, offset: 0 })].map((record) =>
    Buffer.from(record.payload.subarray(0, 3)).toString(),
  );
}

function clear({ segment, offset }: LogPosition, length: number): void {
  const file = openSync(join(directory, `${String(segment).padStart(8, "0")}.log`), "r+");
  writeSync(file, Buffer.alloc(length), 0, length, offset);
  closeSync(file);
}

/** One synced record, and a batch of two behind it. */
function writeBatch(log: SegmentLog): LogPosition {
  log.append(1, payload("one", 100));
  log.sync();
  const torn = log.append(1, payload("two", 6_000));
  log.append(2, payload("end", 100));
  return torn;
}

test("drops a batch that was never synced when its first record is torn and its second is whole", () => {
  const log = open();
  const torn = writeBatch(log);
  log.close();
  clear({ ...torn, offset: torn.offset + 500 }, 1_000);
  const again = open();
  expect(textsOf(again)).toEqual(["one"]);
  expect(again.tail).toEqual(torn);
  again.close();
});

test("never brings a record of a dropped batch back when its place is written up to again", () => {
  const log = open();
  const torn = writeBatch(log);
  log.close();
  clear(torn, 1_000); // The record's length is gone, too.
  const again = open();
  again.append(1, payload("new", 6_000));
  again.sync();
  again.close();
  const last = open();
  expect(textsOf(last)).toEqual(["one", "new"]);
  last.close();
});

test("refuses to open when a record is damaged that had been synced before another was written", () => {
  const log = open();
  const torn = writeBatch(log);
  log.sync();
  log.append(1, payload("far", 100));
  log.close();
  clear({ ...torn, offset: torn.offset + 500 }, 1_000);
  expect(open).toThrow(expect.objectContaining({ code: "log-corrupt" }));
});
