import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../testing/test-platform.ts";
import { listRemotes, parseRepositoryUrl } from "./remotes.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

test("reads owner and name of a repository's URL, without .git and without a password", () => {
  const address = { host: "http://localhost:3000", owner: "alice", name: "hello" };
  expect(parseRepositoryUrl("http://localhost:3000/alice/hello.git")).toEqual(address);
  expect(parseRepositoryUrl("http://alice:secret@localhost:3000/alice/hello/")).toEqual(address);
});

test.each([
  "git@host:alice/hello.git",
  "/srv/hello.git",
  "https://host/hello",
  "https://host/a/b/c",
  "https://host/a/.git",
])("takes %s for no repository of a node", (url) => {
  expect(parseRepositoryUrl(url)).toBeUndefined();
});

test("lists upstream before origin before the others, and nothing outside of a repository", async () => {
  const platform = { cwd: machine.home, environment: machine.environment, signal: new AbortController().signal };
  expect(await listRemotes(platform)).toEqual([]);
  const git = (...argv: string[]) => execFileSync("git", argv, { cwd: machine.home, env: machine.environment });
  git("init", "-q");
  for (const name of ["fork", "origin", "upstream"]) git("remote", "add", name, `https://h.example/${name}/x.git`);
  git("remote", "add", "elsewhere", "git@h.example:a/b.git");
  expect((await listRemotes(platform)).map(({ remoteName }) => remoteName)).toEqual(["upstream", "origin", "fork"]);
});
