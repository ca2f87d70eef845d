import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { repositoryRoot } from "../harness/devnet.ts";

/** Bundles the command as a release does and puts it into `directory` as a program `guts`. */
export function installCommand(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const bundle = join(directory, "guts.mjs");
  const bundler = join(repositoryRoot, "node_modules/rolldown/bin/cli.mjs");
  const built = spawnSync(process.execPath, [bundler, "-c", "--file", bundle], {
    cwd: join(repositoryRoot, "apps/cli"),
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`the command could not be bundled:\n${built.stderr}`);
  const program = join(directory, "guts");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${bundle}' "$@"\n`);
  chmodSync(program, 0o755);
}

/** The environment of a person at a machine of their own, with `programs` first on the path. */
export function environmentOf(person: string, home: string, programs: string): Record<string, string> {
  return {
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
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
