import { execFileSync } from "node:child_process";
import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createSeed, readPrivateKeyFile, writePrivateKeyFile } from "./private-key-file.ts";

const folder = mkdtempSync(join(tmpdir(), "guts-key-"));

test("reads back the seed it wrote, from a file that only its owner can read", () => {
  const path = join(folder, "a.pem");
  const seed = createSeed();
  writePrivateKeyFile(path, seed);
  expect(readPrivateKeyFile(path)).toEqual(seed);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("never overwrites a key", () => {
  const path = join(folder, "b.pem");
  writePrivateKeyFile(path, createSeed());
  expect(() => writePrivateKeyFile(path, createSeed())).toThrow(expect.objectContaining({ code: "EEXIST" }));
});

test("writes what OpenSSL reads as an Ed25519 key", () => {
  const path = join(folder, "c.pem");
  writePrivateKeyFile(path, createSeed());
  expect(execFileSync("openssl", ["pkey", "-in", path, "-noout", "-text"], { encoding: "utf8" })).toMatch(/ED25519/i);
});

test("refuses a file that holds no Ed25519 key", () => {
  const path = join(folder, "d.pem");
  writeFileSync(path, "hello");
  expect(() => readPrivateKeyFile(path)).toThrow(expect.objectContaining({ code: "data-directory-incomplete" }));
});
