import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "./testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

test.each([[[]], [["--help"]], [["help"]]])("shows the whole tree for %j and ends with 0", async (argv) => {
  const { exitCode, stdout, stderr } = await machine.run(argv);
  expect(exitCode).toBe(0);
  expect(stderr).toBe("");
  for (const word of ["CORE COMMANDS", "OPERATOR COMMANDS", "auth:", "repo:", "devnet:"])
    expect(stdout).toContain(word);
});

test("shows a group's commands when it is named alone", async () => {
  const { exitCode, stdout } = await machine.run(["repo"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("guts repo <command> [flags]");
});

test("shows flags, inherited flags, JSON fields and examples of a command", async () => {
  const { stdout } = await machine.run(["help", "repo", "list"]);
  expect(stdout).toContain("--limit <count>");
  expect(stdout).toContain("INHERITED FLAGS\n      --host <host>");
  expect(stdout).toContain("JSON FIELDS\n  id, name, nameWithOwner");
  expect(stdout).toContain("$ guts repo list");
});

test.each(["environment", "exit-codes", "formatting"])("has a page about %s", async (topic) => {
  const { exitCode, stdout } = await machine.run(["help", topic]);
  expect(exitCode).toBe(0);
  expect(stdout.length).toBeGreaterThan(200);
});

test.each([
  [["rep"], "guts repo"],
  [["repo", "creat"], "guts repo create"],
  [["repo", "list", "--limt", "3"], "--limit"],
  [["help", "rep"], "repo"],
])("answers %j with the nearest and ends with 2", async (argv, suggestion) => {
  const { exitCode, stdout, stderr } = await machine.run(argv);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.split("\n").length).toBeLessThanOrEqual(3);
  expect(stderr).toContain(suggestion);
});

test.each([
  [["repo", "clone"]],
  [["repo", "list", "--visibility", "secret"]],
  [["repo", "list", "--limit", "0"]],
  [["repo", "view", "not/a/repo/name"]],
  [["completion", "tcsh"]],
  [["--host", "no host", "auth", "status"]],
])("takes %j for a wrong command line and ends with 2", async (argv) => {
  const result = await machine.run(argv, { environment: { GUTS_HOST: "http://127.0.0.1:41399" } });
  expect(result.exitCode === 2 || result.stderr).toBe(true);
});

test("ends with 4 where a token is needed, and says how to get one", async () => {
  const { exitCode, stderr } = await machine.run(["repo", "list"]);
  expect(exitCode).toBe(4);
  expect(stderr).toContain("guts auth login");
});

test("ends with 1 in two lines when nothing listens at the node", async () => {
  const { exitCode, stderr } = await machine.run(["repo", "view", "a/b", "--host", "http://127.0.0.1:41399"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^guts: cannot reach http:\/\/127\.0\.0\.1:41399.*\n.*\n$/);
});

test.each(["node", "devnet"])("says where `guts %s` is when the client runs alone", async (name) => {
  const { exitCode, stderr } = await machine.run([name, "start", "--flag"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`./guts ${name}`);
});

test("prints the version of its package", async () => {
  const manifest = JSON.parse(await readFile(join(import.meta.dirname, "../package.json"), "utf8")) as {
    version: string;
  };
  expect((await machine.run(["--version"])).stdout).toBe(`${manifest.version}\n`);
});

test("colours a terminal unless NO_COLOR is set, and no pipe", async () => {
  const red = "\u001b[31m";
  expect((await machine.run(["nope"], { isTerminal: true })).stderr).toContain(red);
  expect((await machine.run(["nope"], { isTerminal: true, environment: { NO_COLOR: "1" } })).stderr).not.toContain(red);
  expect((await machine.run(["nope"])).stderr).not.toContain(red);
});
