/** Libraries of C that are preloaded into nodes and into the git that they start. Linux only. */
import { chmodSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { runProgram } from "./git.ts";

/** Compiles a library for LD_PRELOAD into `folder` and answers its path. */
export async function compilePreload(source: string, folder: string): Promise<string> {
  const library = join(folder, `${basename(source, ".c")}.so`);
  const flags = ["-O2", "-Wall", "-Werror", "-shared", "-fPIC"];
  const built = await runProgram("cc", [...flags, "-o", library, source, "-ldl"], { cwd: folder, env: process.env });
  if (built.exitCode !== 0) throw new Error(`cc failed:\n${built.stderr}`);
  return library;
}

/**
 * The environment of a node that itself has the variables of `preload`, and whose git has them too: a node gives git an environment
 * of its own, so a script in `folder` sets them.
 */
export function preloadIntoGit(preload: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  const wrapper = join(folder, "git-preloaded");
  const exports = Object.entries(preload).map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(wrapper, ["#!/bin/sh", ...exports, 'exec git "$@"', ""].join("\n"));
  chmodSync(wrapper, 0o755);
  return { ...preload, GUTS_GIT_BINARY: wrapper, UV_USE_IO_URING: "0" };
}
