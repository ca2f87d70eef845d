import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AccountId, TimeMs } from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PrivateStore, type StoredPasskey } from "./private-store.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guts-private-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const ada = 1 as AccountId;
const passkey: StoredPasskey = {
  id: Uint8Array.of(1, 2, 3),
  account: ada,
  userId: Uint8Array.of(9),
  publicKey: Uint8Array.of(4, 5),
  signCount: 3,
  name: "key",
  isSynced: true,
  createdTime: 1_000 as TimeMs,
  usedTime: undefined,
};

test("brings a store of the first version forward and keeps what is in it", () => {
  const old = new DatabaseSync(join(directory, "private.sqlite"));
  old.exec(`
    CREATE TABLE password (account INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
    CREATE TABLE last_use (credential BLOB PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID, STRICT;
    INSERT INTO password VALUES (1, 'phc'); PRAGMA user_version = 1`);
  old.close();
  for (let opening = 0; opening < 2; opening++) {
    const store = new PrivateStore(directory);
    expect(store.passwordHash(ada)).toBe("phc");
    expect(store.addPasskey(passkey)).toBe(opening === 0);
    store.close();
  }
});

test("refuses a store of a version to come", () => {
  const newer = new DatabaseSync(join(directory, "private.sqlite"));
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  expect(() => new PrivateStore(directory)).toThrow(expect.objectContaining({ code: "wrong-format" }));
});

test("keeps e-mail addresses in their order, each account's apart", () => {
  const store = new PrivateStore(directory);
  expect(store.emails(ada)).toEqual({ addresses: [], isPublic: false });
  store.setEmails(ada, { addresses: ["z@example.org", "a@example.org"], isPublic: true });
  store.setEmails(2 as AccountId, { addresses: ["z@example.org"], isPublic: false });
  store.close();
  const again = new PrivateStore(directory);
  expect(again.emails(ada)).toEqual({ addresses: ["z@example.org", "a@example.org"], isPublic: true });
  again.setEmails(ada, { addresses: ["a@example.org"], isPublic: false });
  expect(again.emails(ada)).toEqual({ addresses: ["a@example.org"], isPublic: false });
  expect(again.emails(2 as AccountId).addresses).toEqual(["z@example.org"]);
  again.close();
});

test("keeps passkeys with their counter and name", () => {
  const store = new PrivateStore(directory);
  store.addPasskey(passkey);
  store.usePasskey(passkey.id, 8, 2_000 as TimeMs);
  store.renamePasskey(passkey.id, "other");
  expect(store.passkeys(ada)).toEqual([{ ...passkey, signCount: 8, usedTime: 2_000, name: "other" }]);
  store.removePasskey(passkey.id);
  expect(store.passkey(passkey.id)).toBeUndefined();
  store.close();
});
