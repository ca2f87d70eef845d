import { DatabaseSync, type StatementSync } from "node:sqlite";
import { StorageError } from "../errors.ts";

/** How a database is opened. */
export interface DatabaseOptions {
  /** Stored in the file; a file of another version is brought forward by `upgrades` or refused, never guessed at. */
  readonly version: number;
  /** Of version 1 where there are upgrades, else of `version`. */
  readonly schema: string;
  /** What leads from version n to n + 1, under n; a new file takes all of these steps at once. */
  readonly upgrades?: Readonly<Record<number, string>>;
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
  const { version, schema, upgrades = {} } = options;
  if (found === 0) {
    const steps = [schema, ...Object.values(upgrades)];
    database.exec(`BEGIN; ${steps.join(";\n")}; PRAGMA user_version = ${version}; COMMIT;`);
  } else if (!bringForward(database, Number(found), options)) {
    database.close();
    throw new StorageError(
      "wrong-format",
      `${path} has format ${String(found)}; this release reads format ${options.version}`,
      {},
    );
  }
  return database;
}

/** Takes the steps from the version found to the newest, all or none; false when there are no such steps. */
function bringForward(database: DatabaseSync, found: number, { version, upgrades = {} }: DatabaseOptions): boolean {
  const steps: string[] = [];
  for (let from = found; from < version; from++) {
    if (upgrades[from] === undefined) return false;
    steps.push(upgrades[from]!);
  }
  if (steps.length > 0) database.exec(`BEGIN; ${steps.join(";\n")}; PRAGMA user_version = ${version}; COMMIT;`);
  return found <= version;
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
