import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";

let engine: TestEngine;

beforeAll(async () => {
  engine = await TestEngine.open();
  await engine.engine.createRepository(repositoryId, "sha1", never());
});
afterAll(() => engine[Symbol.asyncDispose]());

/** By then git has long been done with a small pack. */
const longMs = 700;

/** The pack at once, and the end of the stream, or more bytes, later. */
async function* late(pack: Uint8Array, waitMs: number, more?: Uint8Array): AsyncGenerator<Uint8Array> {
  yield pack;
  await delay(waitMs);
  if (more !== undefined) yield more;
}

async function receive(waitMs: number, more?: Uint8Array): Promise<string> {
  using client = new Client();
  const update = client.update("refs/heads/main", undefined, client.commit("one", { a: "1" }));
  const pack = late(client.pack([update.newId]), waitMs, more);
  const options = { commands: [update], pack, tips: [], limits: testLimits, signal: never() };
  const outcome = await engine.engine.receivePack(repositoryId, options);
  if (outcome.outcome === "rejected") return outcome.code;
  await outcome.quarantine[Symbol.asyncDispose]();
  return outcome.outcome;
}

test("takes a pack whose stream ends after git is done", async () => expect(await receive(longMs)).toBe("received"));

test("takes a pack whose stream ends at any moment around git's own end", async () => {
  for (let waitMs = 0; waitMs <= 60; waitMs += 3) expect(await receive(waitMs), `${waitMs} ms`).toBe("received");
});

test("refuses bytes that follow after git is done", async () =>
  expect(await receive(longMs, new Uint8Array(10))).toBe("pack-corrupt"));
