import { startPostgres } from "../../tools/postgres.ts";

/** Runs once before a suite whose nodes keep their rows in PostgreSQL; what it answers runs at the end. */
export async function setup(): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  process.env["GUTS_TEST_POSTGRES"] = postgres.urlOf("");
  return async () => await postgres[Symbol.asyncDispose]();
}
