import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { Client, never, repositoryId, TestEngine } from "./testing.fixture.ts";

let engine: TestEngine;

beforeAll(async () => {
  engine = await TestEngine.open();
});
afterAll(() => engine[Symbol.asyncDispose]());

function line(text: string): string {
  return (text.length + 4).toString(16).padStart(4, "0") + text;
}

function fetchV2(format: ObjectFormat, wants: readonly string[], extra: readonly string[] = []): Buffer {
  const head = `${line("command=fetch")}${line(`object-format=${format}`)}0001${line("no-progress")}`;
  return Buffer.from(
    `${head}${wants.map((id) => line(`want ${id}\n`)).join("")}${extra.map(line).join("")}${line("done")}0000`,
  );
}

/** The pack of a version 2 answer: side-band 1 after the line `packfile`. */
function packOf(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let isPack = false;
  for (let at = 0; at < body.length;) {
    const length = Number.parseInt(body.toString("latin1", at, at + 4), 16);
    const payload = body.subarray(at + 4, at + Math.max(length, 4));
    if (isPack && payload[0] === 1) parts.push(payload.subarray(1));
    isPack ||= payload.toString() === "packfile\n";
    at += Math.max(length, 4);
  }
  return Buffer.concat(parts);
}

async function fetch(body: Buffer, protocol: 0 | 1 | 2 = 2, cacheKey?: string): Promise<Buffer> {
  const options = { protocol, body, signal: never(), ...(cacheKey === undefined ? {} : { cacheKey }) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of engine.engine.uploadPack(repositoryId, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each<ObjectFormat>(["sha1", "sha256"])("fetching from a %s repository", (format) => {
  test("sends the objects of the wants, by any id, and with filters", async () => {
    await engine.engine.createRepository(repositoryId, format, never());
    using client = new Client(format);
    const commit = client.commit("one", { "a.txt": "a".repeat(1000) });
    await engine.push(client, [client.update("refs/heads/main", undefined, commit)]);
    using other = new Client(format);
    other.gitWith(packOf(await fetch(fetchV2(format, [commit]))), "index-pack", "--stdin", "--strict");
    expect(other.git("cat-file", "-p", `${commit}:a.txt`)).toBe("a".repeat(1000));
    using tree = new Client(format);
    tree.gitWith(
      packOf(await fetch(fetchV2(format, [client.id("HEAD^{tree}")], ["filter blob:none"]))),
      "index-pack",
      "--stdin",
    );
    expect(tree.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")).toBe("tree");
    await engine.engine.deleteRepository(repositoryId, never());
  });
});

describe("a fetch", () => {
  test("throws what git said about a request that it cannot serve", async () => {
    await engine.engine.createRepository(repositoryId, "sha1", never());
    await expect(fetch(fetchV2("sha1", ["1".repeat(40)]))).rejects.toMatchObject({
      code: "git-failed",
      data: { stderr: expect.stringContaining("not our ref") as string },
    });
    await engine.engine.deleteRepository(repositoryId, never());
  });

  test("is answered from the cache when its key is known, whatever became of the repository meanwhile", async () => {
    await engine.engine.createRepository(repositoryId, "sha1", never());
    using client = new Client();
    const commit = client.commit("one", { "a.txt": "a" });
    await engine.push(client, [client.update("refs/heads/main", undefined, commit)]);
    const ask = (cacheKey: string): Promise<Buffer> => fetch(fetchV2("sha1", [commit]), 2, cacheKey);
    const first = await Promise.all([ask("k"), ask("k")]);
    renameSync(join(engine.path(), "objects/pack"), join(engine.path(), "objects/away"));
    expect((await ask("k")).equals(first[0])).toBe(true);
    expect(first[1].equals(first[0])).toBe(true);
    await expect(ask("other")).rejects.toMatchObject({ code: "git-failed" });
    await engine.engine.deleteRepository(repositoryId, never());
  });

  test("of a repository that is not here fails before git is started", async () => {
    await expect(fetch(fetchV2("sha1", ["1".repeat(40)]))).rejects.toMatchObject({ code: "repository-missing" });
  });

  test("ends when the client goes away in the middle of it", async () => {
    await engine.engine.createRepository(repositoryId, "sha1", never());
    using client = new Client();
    const noise = Array.from({ length: 40 }, (_, index) => [`f${index}`, randomText(1 << 19)] as const);
    const commit: ObjectId = client.commit("big", Object.fromEntries(noise));
    await engine.push(client, [client.update("refs/heads/main", undefined, commit)]);
    const controller = new AbortController();
    const body = fetchV2("sha1", [commit]);
    const response = engine.engine.uploadPack(repositoryId, { protocol: 2, body, signal: controller.signal });
    const iterator = response[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(new Error("client went away"));
    await expect(drain(iterator)).rejects.toThrow("client went away");
    await engine.engine.deleteRepository(repositoryId, never());
  });
});

async function drain(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await iterator.next()).done !== true) continue;
}

function randomText(length: number): string {
  let text = "";
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text;
}
