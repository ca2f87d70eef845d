import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../testing/test-platform.ts";

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
  url: "http://node/api/v3/user/keys/7",
  title: "laptop",
  verified: true,
  read_only: false,
};

test("adds the public key of a file, and never sends a private one", async () => {
  await using node = await signedInNode(machine, { "POST /api/v3/user/keys": { status: 201, json: key } });
  const [publicFile, privateFile] = [join(machine.home, "k.pub"), join(machine.home, "k")];
  await writeFile(publicFile, `${line} me\n`);
  await writeFile(privateFile, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
  expect((await machine.run(["ssh-key", "add", privateFile])).exitCode).toBe(2);
  expect((await machine.run(["ssh-key", "add", join(machine.home, "none")])).exitCode).not.toBe(0);
  expect(node.seen).toHaveLength(0);
  const { exitCode, stderr } = await machine.run(["ssh-key", "add", publicFile, "-t", "laptop"]);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Added SSH key laptop")]);
  expect(node.seen[0]?.body).toEqual({ key: `${line} me`, title: "laptop" });
});

test("keeps keys that sign apart from those that git comes in with", async () => {
  const { id, title, created_at } = key;
  const signing = { id, title, key: line, created_at };
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/ssh_signing_keys": { json: [signing] },
    "POST /api/v3/user/ssh_signing_keys": { status: 201, json: signing },
    "GET /api/v3/user/ssh_signing_keys/7": { json: signing },
    "DELETE /api/v3/user/ssh_signing_keys/7": { status: 204 },
  });
  const file = join(machine.home, "k.pub");
  await writeFile(file, `${line} me\n`);
  expect((await machine.run(["ssh-key", "add", file, "--type", "signing"])).stderr).toContain("it signs for you");
  expect((await machine.run(["ssh-key", "list", "--type", "signing"])).stdout).toMatch(/^7\tlaptop\tSHA256:/);
  expect((await machine.run(["ssh-key", "delete", "7", "--yes", "--type", "signing"])).exitCode).toBe(0);
  expect(node.seen.map(({ method }) => method)).toEqual(["POST", "GET", "GET", "DELETE"]);
});

test("lists keys with their fingerprints, and deletes by id", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/keys": { json: [key] },
    "GET /api/v3/user/keys/7": { json: key },
    "DELETE /api/v3/user/keys/7": { status: 204 },
  });
  const { stdout } = await machine.run(["ssh-key", "list"]);
  expect(stdout).toMatch(/7\tlaptop\tSHA256:[A-Za-z0-9+/]{43}\t/);
  expect((await machine.run(["ssh-key", "delete", "x"])).exitCode).toBe(2);
  expect((await machine.run(["ssh-key", "delete", "7", "--yes"])).exitCode).toBe(0);
  expect(node.seen.at(-1)?.path).toContain("/api/v3/user/keys/7");
});
