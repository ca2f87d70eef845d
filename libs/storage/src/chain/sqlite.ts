import { DatabaseSync, type StatementSync } from "node:sqlite";
import { StorageError } from "../errors.ts";

/** How a database is opened. */
export interface DatabaseOptions {
  /** Stored in the file; a file of another version is refused, never guessed at. */
  readonly version: number;
  readonly schema: string;
  /**
   * `commit`: durable when it returns. `later`: whole, but the last ones may be lost with the power; for what is made again from
   * a log that was synced before.
   */
  readonly durability: "commit" | "later";
}

/** Opens a database with a write-ahead log. */
export function openDatabase(path: string, options: DatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(path);
  const found = configure(database, path, options.durability === "commit" ? "FULL" : "NORMAL");
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
function configure(database: DatabaseSync, path: string, synchronous: "FULL" | "NORMAL"): unknown {
  try {
    database.exec(
      `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};
       PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;`,
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

/** Statements by name. */
export type PreparedStatements<Statements extends Readonly<Record<string, string>>> = Readonly<
  Record<keyof Statements, StatementSync>
>;

/** Prepares a table of statements. */
export function prepareAll<Statements extends Readonly<Record<string, string>>>(
  database: DatabaseSync,
  statements: Statements,
): PreparedStatements<Statements> {
  return Object.fromEntries(
    Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)]),
  ) as unknown as PreparedStatements<Statements>;
}
