import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseGitVersion } from "./git-version.ts";
import { openGitEngine } from "./stock-git-engine.ts";
import { never, Scratch } from "./testing.fixture.ts";

describe("the version of git", () => {
  test.each([
    ["git version 2.39.5\n", "2.39.5"],
    ["git version 2.47.3 (Apple Git-154)\n", "2.47.3"],
    ["git version 3.0\n", "3.0"],
  ])("is accepted in %j", (text, version) => {
    expect(parseGitVersion(text)).toBe(version);
  });

  test.each(["git version 2.39.4\n", "git version 2.9.9\n", "git version 1.99.0\n", "bash: git: not found", ""])(
    "is refused in %j",
    (text) => {
      expect(() => parseGitVersion(text)).toThrow(expect.objectContaining({ code: "git-unusable" }) as Error);
    },
  );

  test("is checked before the engine opens", async () => {
    using scratch = new Scratch();
    const gitPath = join(scratch.path, "git");
    writeFileSync(gitPath, "#!/bin/sh\necho git version 2.20.1\n");
    chmodSync(gitPath, 0o755);
    const options = { directory: scratch.path, gitPath, spawnerCount: 1 };
    await expect(openGitEngine(options, never())).rejects.toMatchObject({ code: "git-unusable" });
  });
});
