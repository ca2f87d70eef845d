import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
let script: string;
beforeAll(async () => {
  machine = await createTestMachine();
  script = join(machine.home, "guts.bash");
  await writeFile(script, (await machine.run(["completion", "bash"])).stdout);
  await writeFile(join(machine.home, "a-file.pem"), "");
});
afterAll(async () => await machine[Symbol.asyncDispose]());

/** What real bash offers for the last of `words`. */
function complete(...words: string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const run = `source ${script}; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; __guts; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["-uc", run], { cwd: machine.home, encoding: "utf8" });
  return output.split("\n").filter((line) => line !== "");
}

test("offers commands and subcommands by their beginning", () => {
  expect(complete("guts", "re")).toEqual(["repo"]);
  expect(complete("guts", "repo", "c")).toEqual(["create", "clone", "collaborator"]);
  expect(complete("guts", "repo", "collaborator", "a")).toEqual(["add"]);
});

test("offers the flags of the command that is typed, and the global ones", () => {
  expect(complete("guts", "repo", "create", "--p")).toEqual(["--public", "--private", "--push"]);
  expect(complete("guts", "repo", "create", "--ho")).toEqual(["--host"]);
  expect(complete("guts", "auth", "status", "--p")).toEqual([]);
});

test("offers the values of a flag that takes one of a few", () => {
  expect(complete("guts", "repo", "list", "--visibility", "p")).toEqual(["public", "private"]);
  expect(complete("guts", "repo", "collaborator", "add", "-p", "")).toEqual([
    "read",
    "triage",
    "write",
    "maintain",
    "admin",
  ]);
});

test("does not take a flag's value for a subcommand", () => {
  expect(complete("guts", "--host", "repo", "aut")).toEqual(["auth"]);
});

test("offers files where a file is wanted, and words where they are known", () => {
  expect(complete("guts", "auth", "recover", "--key-file", "a-f")).toEqual(["a-file.pem"]);
  expect(complete("guts", "completion", "")).toEqual(["bash", "zsh", "fish"]);
  expect(complete("guts", "help", "exit")).toEqual(["exit-codes"]);
});

test("has every command and flag in the scripts of zsh and fish, too", async () => {
  const zsh = (await machine.run(["completion", "zsh"])).stdout;
  const fish = (await machine.run(["completion", "fish"])).stdout;
  for (const word of ["collaborator", "setup-git", "recovery-code-file", "visibility", "devnet"]) {
    expect(zsh).toContain(word);
    expect(fish).toContain(word);
  }
  expect(zsh.startsWith("#compdef guts\n")).toBe(true);
});
