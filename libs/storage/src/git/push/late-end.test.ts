import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, never, repositoryId, TestEngine, testLimits } from "../testing.fixture.ts";

let engine: TestEngine;

beforeAll(async () => {
  engine = await TestEngine.open();
  await engine.engine.createRepository(repositoryId, "sha1", never());
});
afterAll(() => engine[Symbol.asyncDispose]());

/** The pack at once, and the end of the stream, or more bytes, when git has long been done. */
async function* late(pack: Uint8Array, more?: Uint8Array): AsyncGenerator<Uint8Array> {
  yield pack;
  await delay(700);
  if (more !== undefined) yield more;
}

async function receive(more?: Uint8Array): Promise<string> {
  using client = new Client();
  const update = client.update("refs/heads/main", undefined, client.commit("one", { a: "1" }));
  const pack = late(client.pack([update.newId]), more);
  const options = { commands: [update], pack, tips: [], limits: testLimits, signal: never() };
  const outcome = await engine.engine.receivePack(repositoryId, options);
  if (outcome.outcome === "rejected") return outcome.code;
  await outcome.quarantine[Symbol.asyncDispose]();
  return outcome.outcome;
}

test("takes a pack whose stream ends after git is done", async () => expect(await receive()).toBe("received"));

test("refuses bytes that follow after git is done", async () =>
  expect(await receive(new Uint8Array(10))).toBe("pack-corrupt"));
