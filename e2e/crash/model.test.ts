import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { createRandom } from "../harness/random.ts";
import { createTemporaryFolder } from "../harness/temporary-folder.ts";
import { survivals } from "./disk.ts";
import { compareWithDirectory, createRecorder, findUnsupported, indexRecords, replayTo } from "./recorder.ts";

/** Programs that acknowledge by a line of output, and whether they may. */
const programs = {
  "writes and acknowledges": "writeFileSync(path, 'promised')",
  "syncs the bytes and not the name":
    "const file = openSync(path, 'w'); writeSync(file, 'promised'); fsyncSync(file); closeSync(file)",
  "syncs the name and not the bytes":
    "writeFileSync(path, 'promised'); const folder = openSync(root, 'r'); fsyncSync(folder)",
  "renames before it syncs the directory, and never does":
    "const file = openSync(path + '.new', 'w'); writeSync(file, 'promised'); fsyncSync(file); renameSync(path + '.new', path)",
  "syncs bytes and name":
    "const file = openSync(path, 'w'); writeSync(file, 'promised'); fsyncSync(file); const folder = openSync(root, 'r'); fsyncSync(folder)",
  "replaces the file durably":
    "const file = openSync(path + '.new', 'w'); writeSync(file, 'promised'); fsyncSync(file); renameSync(path + '.new', path); const folder = openSync(root, 'r'); fsyncSync(folder)",
} as const;

/** Runs a program under the recorder and answers how many of the disks that it may leave break its promise. */
async function countBrokenImages(statements: string): Promise<number> {
  using folder = createTemporaryFolder("model");
  const root = join(folder.path, "data");
  mkdirSync(root);
  const recorder = await createRecorder({ folder: folder.path, rootPrefix: root });
  const imports = "import { openSync, writeSync, fsyncSync, closeSync, renameSync, writeFileSync } from 'node:fs';";
  const program = `${imports} const root = ${JSON.stringify(root)}; const path = root + '/file'; ${statements}`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, ...recorder.env },
    encoding: "utf8",
  });
  expect(ran.stderr).toBe("");
  expect(findUnsupported(recorder.logFile)).toEqual([]);
  expect(compareWithDirectory(recorder.logFile, root)).toEqual([]);
  const { count } = indexRecords(recorder.logFile, () => false);
  const place = { path: root, inode: statSync(root, { bigint: true }).ino };
  let broken = 0;
  for (const { disk } of replayTo(recorder.logFile, place, [count], () => {})) {
    for (const [index, survival] of survivals.entries()) {
      const image = join(folder.path, `image-${index}`);
      disk.materialize(image, survival, createRandom(index));
      const file = join(image, "file");
      if (!existsSync(file) || readFileSync(file, "utf8") !== "promised") broken += 1;
    }
  }
  return broken;
}

describe("the model of a disk that loses power catches a program that", () => {
  test.each([
    "writes and acknowledges",
    "syncs the bytes and not the name",
    "syncs the name and not the bytes",
    "renames before it syncs the directory, and never does",
  ] as const)("%s", async (name) => {
    expect(await countBrokenImages(programs[name])).toBeGreaterThan(0);
  });
});

describe("it finds no fault with a program that", () => {
  test.each(["syncs bytes and name", "replaces the file durably"] as const)("%s", async (name) => {
    expect(await countBrokenImages(programs[name])).toBe(0);
  });
});
