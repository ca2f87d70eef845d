/** Where the read models of test networks are: embedded in each node, or, in suites that say so, in a PostgreSQL of the suite's own. */
import { rmSync } from "node:fs";
import { join } from "node:path";

import { findPostgresBin } from "../../tools/postgres.ts";
import { runProgram } from "./git.ts";

/** A superuser's URL that a database's name completes; `postgres-setup.ts` sets it. */
const server = process.env["GUTS_TEST_POSTGRES"];
/** The databases of the network that this test file started last begin with this. */
let prefix = "";
let networkCount = 0;

/** Makes a database for each node of a new network, and answers the environment by which the nodes find them. */
export async function createReadModels(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  if (server === undefined) return {};
  prefix = `network_${process.pid}_${networkCount++}_`;
  for (const name of names) await createReadModel(name);
  const env = { DATABASE_URL: `${server}${prefix}{name}` };
  Object.assign(process.env, env); // For nodes that tests start by themselves.
  return env;
}

/** Makes the database of one more node. */
export async function createReadModel(name: string): Promise<void> {
  if (server !== undefined) await psql(`create database "${prefix}${name}"`);
}

/** Removes all rows of a node that is off, as if its database had been lost. */
export async function deleteReadModel({
  name,
  dataDir,
}: {
  readonly name: string;
  readonly dataDir: string;
}): Promise<void> {
  if (server === undefined) return rmSync(join(dataDir, "database"), { recursive: true });
  await psql(`drop database "${prefix}${name}" with (force)`);
  await createReadModel(name);
}

async function psql(sql: string): Promise<void> {
  const program = join(findPostgresBin()!, "psql");
  const args = [`${server!}postgres`, "-qAtc", sql];
  const { exitCode, stderr } = await runProgram(program, args, { cwd: "/", env: process.env });
  if (exitCode !== 0) throw new Error(`${sql}: ${stderr}`);
}
