import type { DatabaseSync } from "node:sqlite";
import type { AccountId } from "@guts/primitives";

/** What the third version of a node's private facts added. */
export const emailTables = `
  CREATE TABLE email (
    account INTEGER NOT NULL, position INTEGER NOT NULL, address TEXT NOT NULL, PRIMARY KEY (account, position)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE email_visibility (account INTEGER PRIMARY KEY, is_public INTEGER NOT NULL) STRICT`;

/** The e-mail addresses of an account as its node knows them. */
export interface StoredEmails {
  /** The primary one first; empty for an account that gave none. */
  readonly addresses: readonly string[];
  /** Whether the primary one may be shown. */
  readonly isPublic: boolean;
}

/** Addresses of accounts in a node's private facts. */
export class EmailStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  read(account: AccountId): StoredEmails {
    const rows = this.#database.prepare("SELECT address FROM email WHERE account = ? ORDER BY position").all(account);
    const choice = this.#database.prepare("SELECT is_public FROM email_visibility WHERE account = ?").get(account);
    return { addresses: rows.map((row) => row["address"] as string), isPublic: choice?.["is_public"] === 1 };
  }

  /** Replaces what is known of the account, all of it or nothing. */
  write(account: AccountId, { addresses, isPublic }: StoredEmails): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      this.#database.prepare("DELETE FROM email WHERE account = ?").run(account);
      const insert = this.#database.prepare("INSERT INTO email VALUES (?, ?, ?)");
      for (const [position, address] of addresses.entries()) insert.run(account, position, address);
      this.#database
        .prepare(
          "INSERT INTO email_visibility VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET is_public = excluded.is_public",
        )
        .run(account, isPublic ? 1 : 0);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
