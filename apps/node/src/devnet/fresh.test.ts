import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lockDirectory } from "@guts/storage";
import { expect, test } from "vitest";

import { createDataDirectory } from "../data/data-directory.ts";
import { deleteDevnet } from "./fresh.ts";

function newDevnet(): string {
  const root = join(mkdtempSync(join(tmpdir(), "guts-fresh-")), "data");
  createDataDirectory(root, "devnet");
  createDataDirectory(join(root, "node0"), "node");
  return root;
}

test("deletes a devnet that nobody uses", () => {
  const root = newDevnet();
  deleteDevnet(root);
  expect(existsSync(root)).toBe(false);
});

test.each(["", "node0"])("deletes nothing while %j is locked", (folder) => {
  const root = newDevnet();
  const attempt = lockDirectory(join(root, folder));
  expect(attempt.outcome).toBe("locked");
  expect(() => deleteDevnet(root)).toThrow(expect.objectContaining({ code: "data-directory-in-use" }));
  expect(existsSync(join(root, "node0", "guts.json"))).toBe(true);
});

test("deletes nothing that is not a devnet's, a node's directory included", () => {
  const root = newDevnet();
  const photos = join(root, "..", "photos");
  mkdirSync(photos);
  writeFileSync(join(photos, "cat.jpg"), "");
  for (const folder of [photos, join(root, "node0")])
    expect(() => deleteDevnet(folder)).toThrow(expect.objectContaining({ code: "data-directory-foreign" }));
  expect(existsSync(join(photos, "cat.jpg"))).toBe(true);
});
