import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Scratch } from "../testing.fixture.ts";
import { HeightTimes } from "./height-times.ts";

const holdBlocks = 1_000;

async function open(scratch: Scratch): Promise<HeightTimes> {
  return HeightTimes.open(join(scratch.path, "height-times.json"), holdBlocks);
}

describe("what receipts may still promise", () => {
  test("is everything until the chain has gone on by their longest life", async () => {
    using scratch = new Scratch();
    const times = await open(scratch);
    expect(times.releasedBeforeMs()).toBeUndefined();
    for (let height = 0; height <= holdBlocks; height += 50) times.follow(height, 10_000 + height);
    expect(times.releasedBeforeMs()).toBeUndefined();
    times.follow(holdBlocks + 1, 99_000);
    expect(times.releasedBeforeMs()).toBe(10_000);
    times.follow(holdBlocks + 51, 99_001);
    expect(times.releasedBeforeMs()).toBe(10_050);
    await times.settled();
  });

  test("does not shrink when the clock jumps ahead, or is set back", async () => {
    using scratch = new Scratch();
    const times = await open(scratch);
    times.follow(0, 1_000_000);
    times.follow(100, 9_000_000_000);
    times.follow(200, 2_000_000);
    expect(times.releasedBeforeMs()).toBeUndefined();
    times.follow(1_150, 3_000_000);
    // Height 100 was seen by a clock that was ahead: what came since then is younger than it says.
    expect(times.releasedBeforeMs()).toBe(2_000_000);
    await times.settled();
  });

  test("is remembered over a restart, and no longer than is needed", async () => {
    using scratch = new Scratch();
    const first = await open(scratch);
    for (let height = 0; height <= 10 * holdBlocks; height += 10) first.follow(height, height);
    await first.settled();
    const again = await open(scratch);
    again.follow(10 * holdBlocks + 1, 10 * holdBlocks + 1);
    expect(again.releasedBeforeMs()).toBe(9 * holdBlocks);
    await again.settled();
    expect(readdirSync(scratch.path)).toEqual(["height-times.json"]);
  });

  test.each(["", "{}", "[1]", '[{"height":-0.5}]', "[{"])("is everything when the record is %j", async (text) => {
    using scratch = new Scratch();
    writeFileSync(join(scratch.path, "height-times.json"), text);
    const times = await open(scratch);
    times.follow(5_000, 1);
    expect(times.releasedBeforeMs()).toBeUndefined();
    await times.settled();
  });
});
