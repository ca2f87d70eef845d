/**
 * What stays with this node alone (ADR "Data classes"): password hashes, passkeys, e-mail addresses, and when credentials were last used.
 *
 * Not on the ledger, not in the read model: dropping and rebuilding those leaves this file as it is.
 */
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AccountId, Digest, TimeMs } from "@guts/primitives";
import { openDatabase } from "./chain/sqlite.ts";
import { emailTables, EmailStore, type StoredEmails } from "./email-store.ts";

const schema = `
  CREATE TABLE password (account INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
  CREATE TABLE last_use (credential BLOB PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID, STRICT`;

/** What each version added to the one before. */
const upgrades = {
  1: `
  CREATE TABLE passkey (
    id BLOB PRIMARY KEY, account INTEGER NOT NULL, user_id BLOB NOT NULL, public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL, name TEXT NOT NULL, is_synced INTEGER NOT NULL, created INTEGER NOT NULL, used INTEGER
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX passkey_of_account ON passkey (account)`,
  2: emailTables,
};

/** A passkey as its node knows it. */
export interface StoredPasskey {
  readonly id: Uint8Array;
  readonly account: AccountId;
  /** How the authenticator names the account. */
  readonly userId: Uint8Array;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  readonly name: string;
  readonly isSynced: boolean;
  readonly createdTime: TimeMs;
  readonly usedTime: TimeMs | undefined;
}

/** How coarse last use is: one write a minute for each credential at most. */
export const lastUseStepMs = 60_000;

/** A node's private facts about accounts. */
export class PrivateStore {
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #touch: StatementSync;
  readonly #used: StatementSync;
  readonly #recent = new Map<string, number>();
  readonly #emails: EmailStore;

  constructor(directory: string) {
    this.#database = openDatabase(join(directory, "private.sqlite"), {
      version: 3,
      schema,
      upgrades,
      durability: "commit",
    });
    this.#emails = new EmailStore(this.#database);
    this.#select = this.#database.prepare("SELECT hash FROM password WHERE account = ?");
    this.#upsert = this.#database.prepare(
      "INSERT INTO password VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET hash = excluded.hash",
    );
    this.#touch = this.#database.prepare(
      "INSERT INTO last_use VALUES (?, ?) ON CONFLICT (credential) DO UPDATE SET time = excluded.time",
    );
    this.#used = this.#database.prepare("SELECT time FROM last_use WHERE credential = ?");
  }

  /** The argon2id hash in PHC form, or undefined when the account has no password here. */
  passwordHash(account: AccountId): string | undefined {
    return this.#select.get(account)?.["hash"] as string | undefined;
  }

  setPasswordHash(account: AccountId, hash: string): void {
    this.#upsert.run(account, hash);
  }

  removePassword(account: AccountId): void {
    this.#database.prepare("DELETE FROM password WHERE account = ?").run(account);
  }

  passkey(id: Uint8Array): StoredPasskey | undefined {
    const row = this.#database.prepare("SELECT * FROM passkey WHERE id = ?").get(id);
    return row === undefined ? undefined : passkeyOf(row);
  }

  /** An account's passkeys, oldest first. */
  passkeys(account: AccountId): readonly StoredPasskey[] {
    const rows = this.#database.prepare("SELECT * FROM passkey WHERE account = ? ORDER BY created, id").all(account);
    return rows.map(passkeyOf);
  }

  /** Keeps a passkey; false when there is one of that id already, which then stays as it is. */
  addPasskey(passkey: StoredPasskey): boolean {
    const { id, account, userId, publicKey, signCount, name, isSynced, createdTime, usedTime } = passkey;
    const { changes } = this.#database
      .prepare("INSERT INTO passkey VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
      .run(id, account, userId, publicKey, signCount, name, isSynced ? 1 : 0, createdTime, usedTime ?? null);
    return changes === 1;
  }

  renamePasskey(id: Uint8Array, name: string): void {
    this.#database.prepare("UPDATE passkey SET name = ? WHERE id = ?").run(name, id);
  }

  removePasskey(id: Uint8Array): void {
    this.#database.prepare("DELETE FROM passkey WHERE id = ?").run(id);
  }

  /** Notes a use with the authenticator's counter, which later uses must pass. */
  usePasskey(id: Uint8Array, signCount: number, time: TimeMs): void {
    this.#database.prepare("UPDATE passkey SET sign_count = ?, used = ? WHERE id = ?").run(signCount, time, id);
  }

  emails(account: AccountId): StoredEmails {
    return this.#emails.read(account);
  }

  setEmails(account: AccountId, emails: StoredEmails): void {
    this.#emails.write(account, emails);
  }

  /** Notes that a credential was used; written at most once a minute. */
  touchCredential(credential: Digest, time: TimeMs): void {
    const name = Buffer.from(credential).toString("latin1");
    if (time - (this.#recent.get(name) ?? 0) < lastUseStepMs) return;
    if (this.#recent.size >= recentMax) this.#recent.clear();
    this.#recent.set(name, time);
    this.#touch.run(credential, time);
  }

  /** When the credential was last used at this node. */
  lastUse(credential: Digest): TimeMs | undefined {
    return this.#used.get(credential)?.["time"] as TimeMs | undefined;
  }

  close(): void {
    this.#database.close();
  }
}

const recentMax = 10_000;

function passkeyOf(row: Readonly<Record<string, unknown>>): StoredPasskey {
  return {
    id: row["id"] as Uint8Array,
    account: row["account"] as AccountId,
    userId: row["user_id"] as Uint8Array,
    publicKey: row["public_key"] as Uint8Array,
    signCount: row["sign_count"] as number,
    name: row["name"] as string,
    isSynced: row["is_synced"] === 1,
    createdTime: row["created"] as TimeMs,
    usedTime: (row["used"] as TimeMs | null) ?? undefined,
  };
}
