/** Fresh databases of both kinds for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { startPostgres, type PrivatePostgres } from "../../../tools/postgres.ts";
import type { DatabaseLocation } from "../src/read-model.ts";

/** A place where a test opens read models; each call gives an empty database. */
export interface DatabaseKind extends AsyncDisposable {
  readonly name: "PGlite" | "PostgreSQL";
  fresh(): Promise<DatabaseLocation>;
  /** Removes a database that nobody has open any more. */
  drop(location: DatabaseLocation): Promise<void>;
}

/** Kept between runs, so that only the first creates a cluster. */
export const templateDirectory = join(import.meta.dirname, "../../../.cache/databases");

/** Embedded databases in a folder of their own. */
export function embeddedDatabases(): DatabaseKind {
  const folder = mkdtempSync(join(tmpdir(), "guts-db-"));
  let count = 0;
  return {
    name: "PGlite",
    async fresh() {
      return { type: "embedded", directory: join(folder, `node-${count++}`), templateDirectory };
    },
    async drop(location) {
      if (location.type === "embedded") rmSync(location.directory, { recursive: true, force: true });
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Databases on a private server. */
export async function serverDatabases(): Promise<DatabaseKind & { readonly server: PrivatePostgres }> {
  const server = await startPostgres();
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  let count = 0;
  return {
    name: "PostgreSQL",
    server,
    async fresh() {
      const name = `guts_${count++}`;
      // A locale that sorts unlike bytes, so that a column without its collation shows.
      await admin.unsafe(`create database ${name} template template0 lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`);
      return { type: "server", url: server.urlOf(name) };
    },
    async drop(location) {
      if (location.type === "server") await admin.unsafe(`drop database ${new URL(location.url).pathname.slice(1)}`);
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Every row of every table of a read model's database, in the order of all columns, through a connection of its own. */
export async function dumpRows(location: DatabaseLocation): Promise<Record<string, readonly string[]>> {
  const session =
    location.type === "server"
      ? postgres(location.url, { max: 1 })
      : postgres({ path: join(location.directory, ".s.PGSQL.5432"), username: "postgres", max: 1, fetch_types: false });
  try {
    const tables = await session.unsafe<{ name: string }[]>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const dump: Record<string, readonly string[]> = {};
    for (const { name } of tables) {
      const rows = await session.unsafe<{ row: string }[]>(
        `select t::text collate "C" as row from public."${name}" t order by 1`,
      );
      dump[name] = rows.map(({ row }) => row);
    }
    return dump;
  } finally {
    await session.end();
  }
}
