import { existsSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Client, inPieces, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";

const holdBlocks = 1_000;
const dayMs = 24 * 3_600_000;

/** As if everything in the repository had happened long ago: what a clock that jumped ahead makes of it. */
function age(engine: TestEngine, ms: number): void {
  const then = new Date(Date.now() - ms);
  const packs = join(engine.path(), "objects/pack");
  for (const name of readdirSync(packs)) utimesSync(join(packs, name), then, then);
  for (const name of ["guts-may-hold-unreachable", "guts-last-full-repack"]) {
    const path = join(engine.path(), name);
    if (existsSync(path)) utimesSync(path, then, then);
  }
}

test("what a receipt promises outlives any clock, and goes when the chain has passed it", async () => {
  await using engine = await TestEngine.open({ unreachableGraceMs: dayMs, holdBlocks });
  await engine.engine.createRepository(repositoryId, "sha1", never());
  using client = new Client();
  const first = client.commit("one", { a: "1" });
  await engine.push(client, [client.update("refs/heads/main", undefined, first)]);
  const second = client.commit("two", { a: "2" });
  const commands = [client.update("refs/heads/main", first, second)];
  const pack = inPieces(client.pack([second], [first]));
  const options = { commands, pack, tips: [first], limits: testLimits, signal: never() };
  const outcome = await engine.engine.receivePack(repositoryId, options);
  if (outcome.outcome === "rejected") throw new Error(outcome.message);
  await outcome.quarantine.promote(never());
  await outcome.quarantine[Symbol.asyncDispose](); // A receipt was signed, and nobody submitted the push.

  const isHere = async () => (await engine.engine.findMissing(repositoryId, [second], never())).length === 0;
  const repackLater = async () => {
    age(engine, 400 * dayMs);
    await engine.engine.maintain(repositoryId, never());
  };
  engine.engine.followHeight(0);
  await repackLater();
  engine.engine.followHeight(holdBlocks);
  await repackLater();
  expect(await isHere()).toBe(true);
  engine.engine.followHeight(holdBlocks + 1);
  await repackLater();
  expect([await isHere(), engine.git("rev-parse", "refs/heads/main")]).toEqual([false, first]);
  engine.git("fsck", "--strict");
});
