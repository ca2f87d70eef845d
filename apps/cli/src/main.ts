#!/usr/bin/env node
import "./require-node.ts";
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { run } from "./run.ts";
import type { Output, Platform } from "./platform.ts";

const interruption = new AbortController();

function output(stream: NodeJS.WriteStream): Output {
  return {
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns || 80;
    },
    write: (text) => void stream.write(text),
  };
}

const platform: Platform = {
  environment: process.env,
  cwd: process.cwd(),
  home: homedir(),
  stdin: process.stdin,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  isInteractive: process.stdin.isTTY && process.stderr.isTTY,
  selfCommand: [process.execPath, process.argv[1]!],
  fetch: globalThis.fetch,
  now: Date.now,
  signal: interruption.signal,
  openPrompts: async () =>
    (await import("./terminal/prompts.ts")).openClackPrompts(process.stdin, process.stderr, interruption.signal),
  openBrowser: async (url) => (await import("./terminal/browser.ts")).openBrowser(process.env, url, spawn),
};

process.once("SIGINT", () => interruption.abort());
// A reader such as `head` that leaves early is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), platform);
// A kept-alive connection or an open standard input must not hold the shell.
process.stdin.destroy();
