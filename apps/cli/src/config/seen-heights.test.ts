import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seenHeightLifeMs } from "../limits.ts";
import { signedInNode } from "../testing/signed-in.ts";
import { startFakeNode } from "../testing/fake-node.ts";
import { createTestMachine } from "../testing/test-platform.ts";
import { parseHost } from "./host-name.ts";
import { SeenHeights } from "./seen-heights.ts";

const ours = "a".repeat(64);
const theirs = "b".repeat(64);
const here = parseHost("http://127.0.0.1:3000");
const there = parseHost("https://forge.example.org");

let directory: string;
let seen: SeenHeights;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "guts-seen-"));
  seen = new SeenHeights(directory, Date.now);
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

const heightFiles = async () => (await readdir(join(directory, "seen"))).filter((name) => name.startsWith("height-"));

describe("the greatest height", () => {
  test("is that of the network, whichever of its nodes said it, and never of another", async () => {
    for (const [host, network] of [
      [here, ours],
      [there, ours],
    ] as const)
      await seen.noteHost(host, network);
    await seen.noteHeight(ours, 7);
    await seen.noteHeight(theirs, 99);
    expect(await Promise.all([seen.heightFor(here), seen.heightFor(there)])).toEqual([7, 7]);
    await seen.noteHost(there, theirs);
    expect(await seen.heightFor(there)).toBe(99);
    expect(await seen.heightFor(parseHost("https://unknown.example.org"))).toBeUndefined();
  });

  test("stays through any number of commands that run at once, in any order", async () => {
    await seen.noteHost(here, ours);
    const heights = Array.from({ length: 40 }, (_, index) => (index * 17) % 40);
    await Promise.all(heights.map((height) => new SeenHeights(directory, Date.now).noteHeight(ours, height)));
    expect(await seen.heightFor(here)).toBe(39);
    await seen.noteHeight(ours, 5);
    expect(await seen.heightFor(here)).toBe(39);
    await seen.noteHeight(ours, 40);
    expect(await heightFiles()).toEqual([`height-${ours}-40`]);
  });

  test("is forgotten after a while, so that no node is waited for in vain for ever", async () => {
    await seen.noteHost(here, ours);
    await seen.noteHeight(ours, 7);
    const file = join(directory, "seen", `height-${ours}-7`);
    await utimes(file, new Date(), new Date(Date.now() - seenHeightLifeMs - 1_000));
    expect(await seen.heightFor(here)).toBeUndefined();
    await seen.noteHeight(theirs, 1);
    expect(await heightFiles()).toEqual([`height-${theirs}-1`]);
  });

  test("is none where nothing sound was said, and nothing fails where nothing can be written", async () => {
    await seen.noteHost(here, "../../etc");
    for (const height of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) await seen.noteHeight(ours, height);
    expect(await readdir(directory)).toEqual([]);
    const closed = new SeenHeights(join(directory, "file-not-folder\0"), Date.now);
    await closed.noteHost(here, ours);
    await closed.noteHeight(ours, 3);
    expect(await closed.heightFor(here)).toBeUndefined();
  });
});

test("a command sends what one before it saw, at another node of the network too", async () => {
  await using machine = await createTestMachine();
  const network = { "x-guts-network": ours };
  const user = { json: { login: "alice", name: null, bio: null }, headers: network };
  await using first = await signedInNode(machine, {
    "GET /api/v3/user": user,
    "PATCH /api/v3/user": { ...user, headers: { ...network, "x-guts-height": "42" } },
  });
  await using second = await startFakeNode({ "GET /api/v3/user": user });
  await machine.run(["api", "/api/v3/user", "--host", second.url]);
  await machine.run(["api", "-X", "PATCH", "/api/v3/user", "-f", "bio=sails"]);
  await machine.run(["api", "/api/v3/user", "--host", second.url]);
  await machine.run(["api", "/api/v3/user", "-H", "X-Guts-Min-Height: 3"]);
  expect([...first.seen, ...second.seen].map(({ minHeight }) => minHeight)).toEqual([undefined, "3", undefined, "42"]);
});
