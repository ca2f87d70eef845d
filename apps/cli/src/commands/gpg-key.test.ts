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

const key = {
  id: 3,
  key_id: "3262EFF25BA0D270",
  primary_key_id: null,
  name: "mail",
  public_key: "",
  raw_key: null,
  emails: [{ email: "ada@example.org", verified: false }],
  subkeys: [],
  can_sign: true,
  can_certify: true,
  can_encrypt_comms: false,
  can_encrypt_storage: false,
  created_at: "2026-11-20T11:00:00Z",
  expires_at: null,
  revoked: false,
};

test("adds the armored key of a file, and never sends a private one", async () => {
  await using node = await signedInNode(machine, { "POST /api/v3/user/gpg_keys": { status: 201, json: key } });
  const file = join(machine.home, "key.asc");
  await writeFile(file, "-----BEGIN PGP PRIVATE KEY BLOCK-----\n");
  expect((await machine.run(["gpg-key", "add", file])).exitCode).toBe(2);
  await writeFile(file, "-----BEGIN PGP PUBLIC KEY BLOCK-----\n");
  const { exitCode, stderr } = await machine.run(["gpg-key", "add", file, "-t", "mail"]);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Added GPG key 3262EFF25BA0D270")]);
  expect(node.seen.map(({ body }) => body)).toEqual([
    { armored_public_key: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", name: "mail" },
  ]);
});

test("lists keys, and deletes one by the id that gpg shows", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/gpg_keys": { json: [key] },
    "DELETE /api/v3/user/gpg_keys/3": { status: 204 },
  });
  expect((await machine.run(["gpg-key", "list"])).stdout).toBe("3262EFF25BA0D270\tmail\tada@example.org\t\n");
  expect((await machine.run(["gpg-key", "delete", "ABCD", "--yes"])).exitCode).toBe(1);
  expect((await machine.run(["gpg-key", "delete", "0x3262eff25ba0d270", "--yes"])).exitCode).toBe(0);
  expect(node.seen.at(-1)?.path).toContain("/gpg_keys/3");
});
