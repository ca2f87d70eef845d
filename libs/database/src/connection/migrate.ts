import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { fileURLToPath } from "node:url";
import { DatabaseError } from "../database-error.ts";
import { databaseOver, type Connection } from "./connection.ts";
import { classified } from "./failures.ts";

const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));

/** Brings the schema to this version. Throws `newer-schema` when a later version has been here: none is undone. */
export async function migrateSchema({ write }: Connection): Promise<void> {
  try {
    await migrate(databaseOver(write), { migrationsFolder });
    const known = readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0;
    const [row] = await write<{ newest: string }[]>`
      select max(created_at) as newest from drizzle.__drizzle_migrations`;
    if (Number(row?.newest) <= known) return;
  } catch (error) {
    throw classified(error);
  }
  throw new DatabaseError("newer-schema", "a later version of this program has changed the database's schema");
}
