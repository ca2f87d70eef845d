import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

import { createDataDirectory } from "../data/data-directory.ts";
import { holdDirectory } from "../data/hold-directory.ts";
import { repairReportName, requestedRepair } from "../replication/repair.ts";
import { repairNode } from "./node-repair.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function nodeDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), "guts-repair-"));
  folders.push(folder);
  createDataDirectory(folder, "node");
  return folder;
}

test.each([
  [false, "connectivity"],
  [true, "full"],
])("leaves a note for the next start, and takes an old report away (full: %s)", (isFull, depth) => {
  const dataDirectory = nodeDirectory();
  writeFileSync(join(dataDirectory, repairReportName), "of last year");
  const lines: string[] = [];
  repairNode({ dataDirectory, isFull, print: (line) => lines.push(line) });
  expect(requestedRepair(dataDirectory)).toBe(depth);
  expect(existsSync(join(dataDirectory, repairReportName))).toBe(false);
  expect(lines.join("\n")).toContain(`guts node start --data ${dataDirectory}`);
});

test("leaves a node that runs alone", () => {
  const dataDirectory = nodeDirectory();
  using held = new DisposableStack();
  held.use(holdDirectory(dataDirectory));
  expect(() => repairNode({ dataDirectory, isFull: false, print: () => {} })).toThrow(/in use|runs/i);
  expect(requestedRepair(dataDirectory)).toBeUndefined();
});
