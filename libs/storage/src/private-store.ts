/**
 * What stays with this node alone (ADR "Data classes"): password hashes and when credentials were last used.
 *
 * Not on the ledger, not in the read model: dropping and rebuilding those leaves this file as it is.
 */
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AccountId, Digest, TimeMs } from "@guts/primitives";
import { openDatabase } from "./chain/sqlite.ts";

const schema = `
  CREATE TABLE password (account INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
  CREATE TABLE last_use (credential BLOB PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID, STRICT`;

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

  constructor(directory: string) {
    this.#database = openDatabase(join(directory, "private.sqlite"), { version: 1, schema, durability: "commit" });
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
