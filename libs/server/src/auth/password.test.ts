import { expect, test } from "vitest";

import { createPasswordHasher } from "./password.ts";

const { signal } = new AbortController();
const hasher = createPasswordHasher();

test("a password has its hash and no other's", async () => {
  const phc = await hasher.hash("correct horse", signal);
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  await expect(hasher.verify("correct horse", phc, signal)).resolves.toBe(true);
  await expect(hasher.verify("correct horse ", phc, signal)).resolves.toBe(false);
});

test("the same password has another hash each time", async () => {
  expect(await hasher.hash("x", signal)).not.toBe(await hasher.hash("x", signal));
});

test("an umlaut is the same whether it is typed as one character or two", async () => {
  const phc = await hasher.hash("gr\u00fcn", signal);
  await expect(hasher.verify("gru\u0308n", phc, signal)).resolves.toBe(true);
});

test.each([undefined, "", "$argon2id$v=19$m=99999999,t=2,p=1$YWFhYWFhYWE$YWFh", "$2b$10$abcdefghijklmnopqrstuv"])(
  "nothing matches the hash %s",
  async (phc) => {
    await expect(hasher.verify("", phc, signal)).resolves.toBe(false);
  },
);
