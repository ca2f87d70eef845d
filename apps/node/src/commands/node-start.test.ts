import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

import { nodePathsOf } from "../data/data-directory.ts";
import { initializeNode } from "./node-init.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test(
  "a node that cannot start ends by itself, though its starter keeps the channel open",
  { timeout: 60_000 },
  async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), "guts-start-"));
    folders.push(dataDirectory);
    initializeNode({
      dataDirectory,
      name: "alone",
      httpHost: undefined,
      httpPort: undefined,
      publicUrl: undefined,
      genesisFile: undefined,
    });
    const main = join(import.meta.dirname, "..", "main.ts");
    const child = spawn(process.execPath, [main, "node", "start", "--data", dataDirectory, "--quiet"], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const [code] = (await once(child, "exit")) as [number | null];
    const log = readFileSync(nodePathsOf(dataDirectory).log, "utf8");
    expect(code).toBe(1);
    expect(log).toContain("the node did not start");
    expect(log).not.toContain("left something open");
  },
);
