import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
const key = {
  id: 7,
  key: line,
  created_at: "2026-11-20T11:00:00Z",
  last_used: null,
  url: "http://node/api/v3/repos/alice/hello/keys/7",
  title: "build",
  verified: true,
  read_only: true,
  added_by: "alice",
  enabled: true,
};
const keys = "/api/v3/repos/alice/hello/keys";

test("adds a key that only reads unless it is let write, and never sends a private one", async () => {
  await using node = await signedInNode(machine, { [`POST ${keys}`]: { status: 201, json: key } });
  const [publicFile, privateFile] = [join(machine.home, "k.pub"), join(machine.home, "k")];
  await writeFile(publicFile, `${line} build\n`);
  await writeFile(privateFile, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
  const add = (...rest: readonly string[]) => machine.run(["repo", "deploy-key", "add", ...rest, "-R", "alice/hello"]);
  expect((await add(privateFile)).exitCode).toBe(2);
  expect(node.seen).toHaveLength(0);
  expect((await add(publicFile)).stderr).toContain("it may fetch from alice/hello");
  expect((await add(publicFile, "-w", "-t", "release")).stderr).toContain("it may fetch from and push to alice/hello");
  expect(node.seen.map(({ body }) => body)).toEqual([
    { key: `${line} build`, read_only: true },
    { key: `${line} build`, read_only: false, title: "release" },
  ]);
});

test("lists keys with what they may do, and deletes by id", async () => {
  await using node = await signedInNode(machine, {
    [`GET ${keys}`]: { json: [key, { ...key, id: 8, read_only: false }] },
    [`GET ${keys}/7`]: { json: key },
    [`DELETE ${keys}/7`]: { status: 204 },
  });
  const run = (...words: readonly string[]) => machine.run(["repo", "deploy-key", ...words, "-R", "alice/hello"]);
  const { stdout } = await run("list");
  expect(stdout).toMatch(/^7\tbuild\tread\tSHA256:[A-Za-z0-9+/]{43}\talice\t\n8\tbuild\twrite\t/);
  expect((await run("delete", "x")).exitCode).toBe(2);
  expect((await run("delete", "7", "--yes")).exitCode).toBe(0);
  expect(node.seen.at(-1)?.method).toBe("DELETE");
});
