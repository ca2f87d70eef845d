import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync, existsSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { keepingPacks, keptPacksPrefix, restoreKeptPacks } from "./kept-packs.ts";

let repository: string;
const packs = () => readdirSync(join(repository, "objects", "pack")).toSorted();
const write = (name: string) => writeFileSync(join(repository, "objects", "pack", name), name);
const kept = () => readdirSync(join(repository, "objects")).filter((name) => name.startsWith(keptPacksPrefix));

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "guts-kept-"));
  mkdirSync(join(repository, "objects", "pack"), { recursive: true });
  mkdirSync(join(repository, "objects", "info", "commit-graphs"), { recursive: true });
  for (const name of ["pack-a.pack", "pack-a.idx", "multi-pack-index"]) write(name);
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

function replacePack(): void {
  write("pack-b.pack");
  write("pack-b.idx");
  for (const name of ["pack-a.pack", "pack-a.idx"]) unlinkSync(join(repository, "objects", "pack", name));
}

test("leaves what a repack made, and nothing of its own", async () => {
  await keepingPacks(repository, async () => {
    expect(kept()).toHaveLength(1);
    replacePack();
  });
  expect(packs()).toEqual(["multi-pack-index", "pack-b.idx", "pack-b.pack"]);
  expect(kept()).toEqual([]);
});

test("cleans up behind a repack that failed", async () => {
  const failing = keepingPacks(repository, () => Promise.reject(new RangeError("no space")));
  await expect(failing).rejects.toThrow(RangeError);
  expect(kept()).toEqual([]);
});

test("brings back the packs of a repack that a power loss interrupted, drops what is derived, and notes the repository", async () => {
  await keepingPacks(repository, async () => {
    replacePack();
    for (const name of ["pack-b.pack", "pack-b.idx"]) unlinkSync(join(repository, "objects", "pack", name)); // Never durable.
    await restoreKeptPacks(repository);
    expect(packs()).toEqual(["pack-a.idx", "pack-a.pack"]);
  });
  expect(existsSync(join(repository, "objects", "info", "commit-graphs"))).toBe(false);
  expect(existsSync(join(repository, "guts-may-hold-unreachable"))).toBe(true);
});
