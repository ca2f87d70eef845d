import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RepositoryId } from "@guts/primitives";
import { ResponseCache, type ResponseMaker } from "./response-cache.ts";
import { never, repositoryId, Scratch } from "./testing.fixture.ts";

let scratch: Scratch;
let cache: ResponseCache;

beforeEach(async () => {
  scratch = new Scratch();
  cache = await ResponseCache.open(join(scratch.path, "responses"), 1000);
});
afterEach(async () => {
  await cache[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

async function read(key: string, make: ResponseMaker, signal = never()): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of cache.get(repositoryId, { key, signal }, make)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Counts how often the response is made; each piece waits for its gate. */
function maker(pieces: readonly (string | Error | Promise<unknown>)[]): { make: ResponseMaker; made: () => number } {
  let count = 0;
  return {
    made: () => count,
    make: async function* (signal) {
      count++;
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece;
        if (typeof piece === "string") yield Buffer.from(piece);
        else await Promise.race([piece, aborted(signal)]);
      }
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
}

describe("answers to clones", () => {
  test("are made once for all who ask at the same time, and kept for those who ask later", async () => {
    const gate = Promise.withResolvers<void>();
    const { make, made } = maker(["one ", gate.promise, "two"]);
    const early = [read("k", make), read("k", make)];
    gate.resolve();
    expect(await Promise.all(early)).toEqual(["one two", "one two"]);
    expect(await read("k", make)).toBe("one two");
    expect(made()).toBe(1);
    expect(await read("other", make)).toBe("one two");
    expect(made()).toBe(2);
  });

  test("have no name on disk", async () => {
    await read("k", maker(["text"]).make);
    expect(readdirSync(join(scratch.path, "responses"))).toEqual([]);
  });

  test("fail for all who wait, and are made again for the next", async () => {
    const failing = maker(["some", new Error("git failed")]);
    const results = await Promise.allSettled([read("k", failing.make), read("k", failing.make)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await read("k", maker(["good"]).make)).toBe("good");
  });

  test("are no longer made when the last reader has gone, and one reader that goes does not disturb another", async () => {
    const gate = Promise.withResolvers<void>();
    const { make, made } = maker(["one ", gate.promise, "two"]);
    const leaving = new AbortController();
    const gone = read("k", make, leaving.signal);
    const staying = read("k", make);
    leaving.abort(new Error("left"));
    await expect(gone).rejects.toThrow("left");
    gate.resolve();
    expect(await staying).toBe("one two");

    const stalled = maker(["one ", new Promise(() => undefined)]);
    const alone = new AbortController();
    const only = read("j", stalled.make, alone.signal);
    alone.abort(new Error("left too"));
    await expect(only).rejects.toThrow("left too");
    expect(await read("j", make)).toBe("one two");
    expect(made()).toBe(2);
  });

  test("are dropped when there are too many bytes, the oldest first, and one that is too large at once", async () => {
    const { make, made } = maker(["x".repeat(600)]);
    await read("a", make);
    await read("b", make);
    await read("a", make);
    expect(made()).toBe(3);
    const large = maker(["y".repeat(2000)]);
    expect(await read("large", large.make)).toHaveLength(2000);
    expect(await read("large", large.make)).toHaveLength(2000);
    expect(large.made()).toBe(2);
  });

  test("go with their repository", async () => {
    const { make, made } = maker(["text"]);
    await read("k", make);
    cache.forget(7 as RepositoryId);
    await read("k", make);
    expect(made()).toBe(1);
    cache.forget(repositoryId);
    await read("k", make);
    expect(made()).toBe(2);
  });
});
