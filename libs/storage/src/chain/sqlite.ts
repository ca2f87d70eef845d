import { DatabaseSync } from "node:sqlite";
import { StorageError } from "../errors.ts";

/**
 * Opens a database whose commits are durable when they return: write-ahead log, synced at every commit.
 *
 * `version` is stored in the file; a file of another version is refused, never guessed at.
 */
export function openDurableDatabase(
  path: string,
  options: { readonly version: number; readonly schema: string },
): DatabaseSync {
  const database = new DatabaseSync(path);
  const found = configure(database, path);
  if (found === 0) {
    database.exec(`BEGIN; ${options.schema}; PRAGMA user_version = ${options.version}; COMMIT;`);
  } else if (found !== options.version) {
    database.close();
    throw new StorageError(
      "wrong-format",
      `${path} has format ${String(found)}; this release reads format ${options.version}`,
      {},
    );
  }
  return database;
}

/** Sets the database up and reads its version. A file that SQLite cannot read is `store-unreadable`. */
function configure(database: DatabaseSync, path: string): unknown {
  try {
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;",
    );
    return database.prepare("PRAGMA user_version").get()?.["user_version"];
  } catch (cause) {
    database.close();
    const { errcode } = cause as { readonly errcode?: number };
    if (errcode !== sqliteCorrupt && errcode !== sqliteNotADatabase) throw cause;
    throw new StorageError("store-unreadable", `${path} is damaged`, {}, { cause });
  }
}

/** SQLite's result codes for a file that it cannot make sense of. */
const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

/** Runs `work` in one database transaction: all of its writes or none. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
