/** Where statements go. Both kinds of database are reached by postgres.js and spoken to through drizzle. */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { PgDatabase } from "drizzle-orm/pg-core";
import type { PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres, { type Options, type Sql } from "postgres";

/** A database, or a database transaction within it. */
export type Executor = PgDatabase<PostgresJsQueryResultHKT>;

/** An open database. */
export interface Connection {
  /** For lists. Statements on it may run side by side. */
  readonly read: PostgresJsDatabase;
  /** One session, for migrations and the projection. */
  readonly write: Sql;
  /** Gives up what does not answer: its statements fail with `unavailable`, the next ones find a fresh session. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What every connection of ours says. Rows come from memory or flash, where the planner's default price of a random
 * page would make it read whole tables for some hundred rows.
 */
export const sessionOptions = {
  fetch_types: false,
  onnotice: () => {},
  connection: { application_name: "guts", client_min_messages: "warning", random_page_cost: 1.1 },
} satisfies Options<Record<string, never>>;

/** A drizzle database over a pool. */
export function databaseOver(pool: Sql): PostgresJsDatabase {
  return drizzle(pool);
}

export { postgres, type Sql };
