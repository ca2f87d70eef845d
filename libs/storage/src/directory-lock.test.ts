import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { findLockHolder, lockDirectory } from "./directory-lock.ts";

const newFolder = () => mkdtempSync(join(tmpdir(), "guts-lock-"));

test("lets one in, tells the next who it is, and lets the next in afterwards", () => {
  const folder = newFolder();
  expect(findLockHolder(folder)).toBeUndefined();
  const first = lockDirectory(folder);
  if (first.outcome !== "locked") throw new Error("a free directory was refused");
  expect(lockDirectory(folder)).toEqual({ outcome: "held", processId: process.pid });
  expect(findLockHolder(folder)).toBe(process.pid);
  first.lock[Symbol.dispose]();
  expect(findLockHolder(folder)).toBeUndefined();
  expect(lockDirectory(folder).outcome).toBe("locked");
});

test("is held against another process, and is free once that was killed", async () => {
  const folder = newFolder();
  const script = `import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, "directory-lock.ts"))};
    globalThis.held = lockDirectory(${JSON.stringify(folder)}); console.log("locked"); setInterval(() => {}, 1e6);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  expect(lockDirectory(folder)).toEqual({ outcome: "held", processId: holder.pid });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(lockDirectory(folder).outcome).toBe("locked");
});
