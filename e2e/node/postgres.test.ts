import { afterAll, beforeAll, expect, test } from "vitest";

import { type PrivatePostgres, startPostgres } from "../../tools/postgres.ts";
import { repositoryRoot } from "../harness/devnet.ts";
import { type Forge, startForge } from "../harness/forge.ts";
import { runProgram } from "../harness/git.ts";

let postgres: PrivatePostgres;
let forge: Forge;

beforeAll(async () => {
  postgres = await startPostgres();
  forge = await startForge({ env: { DATABASE_URL: postgres.url } });
});
afterAll(async () => {
  await forge[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});

/** Every row of every table of the read model, in one order. */
async function dump(): Promise<string> {
  const query =
    "select string_agg(format('%I.%I', schemaname, tablename), ' ' order by 1) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')";
  const psql = async (sql: string) =>
    (await runProgram("psql", [postgres.url, "-Atc", sql], { cwd: "/", env: process.env })).stdout;
  const tables = (await psql(query)).trim().split(" ");
  expect(tables.length).toBeGreaterThan(5);
  const rows: string[] = [];
  for (const table of tables) rows.push(`${table}\n${await psql(`select t::text from ${table} t order by 1`)}`);
  return rows.join("\n");
}

test(
  "a node on PostgreSQL hosts git, and a rebuild gives the same rows and the same root",
  { timeout: 120_000 },
  async () => {
    const { git } = forge;
    const ada = await forge.signUp();
    const { workTree, url, name } = await forge.createFilledRepository(ada);
    const newest = await git.commit(workTree, "a.txt", "a\n");
    await git.run(["-C", workTree, "push", "-q"]);
    const clone = forge.newFolder();
    await git.run(["clone", "-q", url, clone]);
    expect(await git.run(["-C", clone, "rev-parse", "HEAD"])).toBe(newest);
    const listed = async () =>
      (await ada.client.call("GET /api/v3/user/repos", {})).map((repository) => repository.name);
    await expect.poll(listed).toEqual([name]);

    await forge.devnet.stop();
    const before = await dump();
    const { stdout, stderr, exitCode } = await runProgram(
      "./guts",
      ["node", "rebuild", "--data", forge.devnet.node.dataDir],
      { cwd: repositoryRoot, env: { ...process.env, DATABASE_URL: postgres.url } },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^root +[0-9a-f]{64}$/m);
    expect(await dump()).toBe(before);
    await forge.devnet.start();
    expect(await listed()).toEqual([name]);
    expect(await git.run(["ls-remote", url, "main"])).toContain(newest);
  },
);
