import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sql } from "drizzle-orm";
import { templateDirectory } from "../../test/databases.ts";
import * as make from "../../test/entries.ts";
import { socketPathBytesMax } from "../limits.ts";
import { openReadModel } from "../open-read-model.ts";
import { prepareDirectory, readBootId, sealDirectory } from "./embedded-directory.ts";
import { openEmbedded } from "./embedded.ts";
import { classified } from "./failures.ts";

const isLong = process.env["GUTS_TEST_TIER"] === "long";
const signal = new AbortController().signal;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guts-embedded-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

describe("the directory", () => {
  const filesIn = (directory: string): string => join(directory, "pglite-0.5");

  async function written(name: string, bootId: string | undefined): Promise<string> {
    const directory = join(folder, name);
    await prepareDirectory(directory, bootId);
    mkdirSync(filesIn(directory));
    writeFileSync(join(filesIn(directory), "PG_VERSION"), "18\n");
    return directory;
  }

  test("is entered by its user alone", async () => {
    const directory = await written("private", "boot-1");
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test("keeps files after a killed process", async () => {
    const directory = await written("killed", "boot-1");
    expect((await prepareDirectory(directory, "boot-1")).hasFiles).toBe(true);
  });

  test("keeps files that were closed before the host stopped", async () => {
    const directory = await written("closed", "boot-1");
    await sealDirectory(directory);
    expect((await prepareDirectory(directory, "boot-2")).hasFiles).toBe(true);
    expect((await prepareDirectory(directory, "boot-3")).hasFiles).toBe(false);
  });

  test("discards files that a host left open", async () => {
    const directory = await written("stopped", "boot-1");
    expect((await prepareDirectory(directory, "boot-2")).hasFiles).toBe(false);
    expect(existsSync(filesIn(directory))).toBe(false);
  });

  test("discards files when the system names no boot, and files without a marker", async () => {
    const directory = await written("unnamed", undefined);
    expect((await prepareDirectory(directory, undefined)).hasFiles).toBe(false);
    const unmarked = await written("unmarked", "boot-1");
    rmSync(join(unmarked, "state"));
    expect((await prepareDirectory(unmarked, "boot-1")).hasFiles).toBe(false);
  });

  test("puts the socket where its path is short enough", async () => {
    const { socketPath } = await prepareDirectory(join(folder, "d".repeat(socketPathBytesMax)), "boot-1");
    expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(socketPathBytesMax);
  });
});

test("a killed process loses no block that it acknowledged", async () => {
  const directory = join(folder, "kills");
  for (const killAfter of isLong ? [1, 2, 3, 5, 9, 17, 40, 90] : [1, 17]) {
    const script = join(import.meta.dirname, "../../test/projecting-process.ts");
    const child = spawn(process.execPath, [script, directory, templateDirectory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    let acknowledged = 0;
    let lines = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (++lines === killAfter) child.kill("SIGKILL");
    }
    await exited;
    const location = { type: "embedded", directory, templateDirectory } as const;
    const model = await openReadModel({ location, networkId: make.networkId, onQuarantine: () => {} });
    expect(model.cursor()!.height).toBeGreaterThanOrEqual(acknowledged);
    expect(await model.project([make.block(model.cursor()!.height + 1, [])], signal)).toBe("projected");
    await model.close();
  }
}, 600_000);

test("files that do not open are discarded and made anew", async () => {
  const directory = join(folder, "torn");
  const first = await openEmbedded({ directory, templateDirectory });
  await first.close();
  writeFileSync(join(directory, "pglite-0.5/global/pg_control"), "torn");
  const again = await openEmbedded({ directory, templateDirectory });
  expect(await again.read.execute(sql`select datname from pg_database`)).toMatchObject([{ datname: "postgres" }]);
  await again.close();
  expect(readFileSync(join(directory, "state"), "utf8")).toBe("closed\n");
}, 180_000);

test("a statement that is never answered does not stop the next one", async () => {
  const connection = await openEmbedded({ directory: join(folder, "broken"), templateDirectory });
  await connection.write`create table kept (n int)`;
  await connection.write`insert into kept values (1)`;
  const exhausting = connection.read.execute(sql.raw(`select '${"[".repeat(200_000)}'::json`));
  const failure = exhausting.catch((error: unknown) => classified(error).code);
  await connection.reset();
  expect(await failure).toBe("unavailable");
  await vi.waitFor(async () => {
    expect(await connection.read.execute(sql`select n from kept`)).toMatchObject([{ n: 1 }]);
  }, 60_000);
  await connection.close();
}, 180_000);

test("the boot of this host has a name on Linux", async () => {
  expect((await readBootId()) === undefined).toBe(process.platform !== "linux");
});
