/** Runs the sessions of apps/cli/stories with bash, the bundled command, the system's git and a real node. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { repositoryRoot, startDevnet, type Devnet } from "../harness/devnet.ts";
import { createTemporaryFolder } from "../harness/temporary-folder.ts";
import { environmentOf, installCommand } from "./command.ts";
import { linesOf, matchesOutput, parseStory, type Step } from "./story.ts";

/** What the node is called in stories. */
const storyUrl = "http://localhost:3000";
const stories = join(repositoryRoot, "apps/cli/stories");
const names = readdirSync(stories).filter((name) => name.endsWith(".md"));
const folder = createTemporaryFolder("stories");
const bin = join(folder.path, "bin");
let devnet: Devnet;

beforeAll(async () => {
  installCommand(bin);
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
  }, 120_000);
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
    env: environmentOf(step.person, home, bin),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, lines: linesOf(output.replaceAll(httpUrl, storyUrl).replaceAll(home, "~")) };
}
