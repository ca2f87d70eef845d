/**
 * Detached texts by digest (DESIGN D2): what a redaction erases without touching the chain.
 *
 * Texts are stored, and synced, before the block that commits to them is. `secure_delete` overwrites erased bytes, and the
 * write-ahead log is truncated after a redaction, so that the text is gone from the disk.
 */
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { fromHex } from "@guts/primitives";
import type { Content } from "@guts/ledger";
import { inTransaction, openDatabase } from "./sqlite.ts";

const fileName = "contents.sqlite";
const schema = "CREATE TABLE content (digest BLOB PRIMARY KEY, salt BLOB, text BLOB) WITHOUT ROWID, STRICT";

const select = "SELECT salt, text FROM content WHERE digest = ?";

/** Texts by digest. */
export interface ContentReader {
  /** The text of a digest; undefined when it was erased or never came. */
  get(digest: Uint8Array): Content | undefined;
  close(): void;
}

/** Opens a reader of the texts beside the log that writes them, which must exist. */
export function openContentReader(directory: string): ContentReader {
  const database = new DatabaseSync(join(directory, fileName), { readOnly: true });
  database.exec("PRAGMA busy_timeout = 5000");
  const statement = database.prepare(select);
  return { get: (digest) => contentOf(statement.get(digest)), close: () => database.close() };
}

/** The texts of one data directory. */
export class ContentLog implements ContentReader {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #erase: StatementSync;

  constructor(directory: string) {
    this.#database = openDatabase(join(directory, fileName), { version: 1, schema, durability: "commit" });
    this.#database.exec("PRAGMA secure_delete = ON");
    this.#insert = this.#database.prepare("INSERT INTO content VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    this.#select = this.#database.prepare(select);
    this.#erase = this.#database.prepare("UPDATE content SET salt = NULL, text = NULL WHERE digest = ?");
  }

  /** Stores texts by the hexadecimal of their digests; durable when it returns. */
  put(contents: ReadonlyMap<string, Content>): void {
    if (contents.size === 0) return;
    inTransaction(this.#database, () => {
      for (const [digest, { salt, text }] of contents) this.#insert.run(fromHex(digest)!, salt, text);
    });
  }

  get(digest: Uint8Array): Content | undefined {
    return contentOf(this.#select.get(digest));
  }

  /** Erases texts for good. A digest whose text has not come yet is erased in advance. */
  erase(digests: readonly Uint8Array[]): void {
    if (digests.length === 0) return;
    inTransaction(this.#database, () => {
      for (const digest of digests) {
        this.#database.prepare("INSERT INTO content VALUES (?, NULL, NULL) ON CONFLICT DO NOTHING").run(digest);
        this.#erase.run(digest);
      }
    });
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  close(): void {
    this.#database.close();
  }
}

function contentOf(row: Record<string, unknown> | undefined): Content | undefined {
  if (row === undefined || row["text"] === null) return undefined;
  return { salt: row["salt"] as Uint8Array, text: row["text"] as Uint8Array };
}
