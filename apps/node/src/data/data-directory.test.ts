import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createDataDirectory, defaultDataDirectory, markerFileName, openDataDirectory } from "./data-directory.ts";

const folder = mkdtempSync(join(tmpdir(), "guts-data-"));
const codeOf = (code: string) => expect.objectContaining({ code });

test("makes a data directory of a missing or an empty one, twice over", () => {
  const path = join(folder, "a", "b");
  createDataDirectory(path, "node");
  createDataDirectory(path, "node");
  openDataDirectory(path, "node");
});

test("writes nothing into a directory that holds something else", () => {
  const path = join(folder, "photos");
  mkdirSync(path);
  writeFileSync(join(path, "cat.jpg"), "");
  expect(() => createDataDirectory(path, "node")).toThrow(codeOf("data-directory-foreign"));
  expect(readdirSync(path)).toEqual(["cat.jpg"]);
});

test("does not take a devnet's directory for a node's, nor a forged marker for ours", () => {
  const path = join(folder, "devnet");
  createDataDirectory(path, "devnet");
  expect(() => openDataDirectory(path, "node")).toThrow(codeOf("data-directory-foreign"));
  writeFileSync(join(path, markerFileName), '{"guts":true}');
  expect(() => openDataDirectory(path, "devnet")).toThrow(codeOf("data-directory-foreign"));
});

test("refuses a layout of a later release", () => {
  const path = join(folder, "later");
  createDataDirectory(path, "node");
  writeFileSync(join(path, markerFileName), '{"guts":"node","formatVersion":2}');
  expect(() => openDataDirectory(path, "node")).toThrow(codeOf("data-directory-newer"));
});

test("is in the user's data folder unless something else is named", () => {
  expect(defaultDataDirectory({ GUTS_DATA: "/srv/guts", XDG_DATA_HOME: "/x" })).toBe("/srv/guts");
  expect(defaultDataDirectory({ XDG_DATA_HOME: "/x" })).toBe("/x/guts");
  expect(defaultDataDirectory({})).toMatch(/\.local\/share\/guts$/);
});
