/** Runs the sessions of apps/cli/stories with bash, the bundled command, the system's git and a real node. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { linesOf, matchesOutput, parseStory, type Step } from "../../apps/cli/src/testing/story.ts";
import { repositoryRoot, startDevnet, type Devnet } from "../harness/devnet.ts";
import { createTemporaryFolder } from "../harness/temporary-folder.ts";

/** What the node is called in stories. */
const storyUrl = "http://localhost:3000";
const stories = join(repositoryRoot, "apps/cli/stories");
const names = readdirSync(stories).filter((name) => name.endsWith(".md"));
const folder = createTemporaryFolder("stories");
const bin = join(folder.path, "bin");
let devnet: Devnet;

beforeAll(async () => {
  const built = spawnSync(join(repositoryRoot, "guts"), ["--version"], { encoding: "utf8" });
  expect(built.status, built.stderr).toBe(0);
  mkdirSync(bin);
  const bundle = join(repositoryRoot, "apps/cli/dist/guts.mjs");
  writeFileSync(join(bin, "guts"), `#!/bin/sh\nexec '${process.execPath}' '${bundle}' "$@"\n`);
  chmodSync(join(bin, "guts"), 0o755);
  devnet = await startDevnet();
});
afterAll(async () => {
  await devnet?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe.each(names)("%s", (name) => {
  const steps = parseStory(readFileSync(join(stories, name), "utf8"));

  test("has steps", () => {
    expect(steps.length).toBeGreaterThan(0);
  });

  test("goes as it is written", async () => {
    for (const step of steps) {
      const { exitCode, lines } = await runStep(step, join(folder.path, name));
      const isAsWritten = exitCode === step.exitCode && matchesOutput(step.expected, lines);
      if (isAsWritten) continue;
      const written = { exitCode: step.exitCode, lines: step.expected };
      expect({ exitCode, lines }, `${name}:${step.line}: ${step.person}$ ${step.command}`).toEqual(written);
    }
  });
});

/** Runs one step where the person's last one ended, with standard output and error as one. */
async function runStep(
  step: Step,
  storyFolder: string,
): Promise<{ readonly exitCode: number | null; readonly lines: readonly string[] }> {
  const home = join(storyFolder, step.person);
  mkdirSync(home, { recursive: true });
  const { httpUrl } = devnet.node;
  const command = step.command.replaceAll(storyUrl, httpUrl);
  const script = `cd "$(cat "$HOME/.story-cwd" 2>/dev/null || echo "$HOME")"\n${command}\nstatus=$?\npwd >"$HOME/.story-cwd"\nexit $status`;
  const child = spawn("bash", ["-c", `exec 2>&1\n${script}`], {
    env: environmentOf(step.person, home),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, lines: linesOf(output.replaceAll(httpUrl, storyUrl).replaceAll(home, "~")) };
}

function environmentOf(person: string, home: string): Record<string, string> {
  return {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    HOME: home,
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: person,
    GIT_AUTHOR_EMAIL: `${person}@example.org`,
    GIT_COMMITTER_NAME: person,
    GIT_COMMITTER_EMAIL: `${person}@example.org`,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "init.defaultBranch",
    GIT_CONFIG_VALUE_0: "main",
  };
}
