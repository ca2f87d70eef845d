/**
 * The worker thread that holds PGlite: queries keep its event loop busy, and WebAssembly's memory goes when it ends.
 *
 * Messages: `{ type: "ready" }` once connections are served, `{ type: "failed", message }` when the files do not open;
 * in the other direction `"stop"` closes the database and ends the thread.
 */
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { setFlagsFromString } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is started with. Without a socket it only creates the files and ends. */
export interface EmbeddedWorkerData {
  readonly directory: string;
  readonly socketPath: string | undefined;
}

/** What the thread says. */
export type EmbeddedWorkerMessage =
  | { readonly type: "ready" }
  | { readonly type: "stopped" }
  | { readonly type: "failed"; readonly message: string };

/** One is used; the others are for a connection that comes again before its end was noticed, and for a look at the rows. */
const maxConnections = 4;

const { directory, socketPath } = workerData as EmbeddedWorkerData;
const say = (message: EmbeddedWorkerMessage): void => parentPort!.postMessage(message);

try {
  const database = await withBaselineCode(() =>
    PGlite.create({
      dataDir: directory,
      // One backend serves one node: small caches, no statistics collector's worth of memory.
      postgresqlconf: [
        "shared_buffers=16MB",
        "max_wal_size=64MB",
        "min_wal_size=32MB",
        "wal_buffers=1MB",
        "random_page_cost=1.1",
      ],
    }),
  );
  endWithFailure(database);
  if (socketPath === undefined) await dropSpareDatabases(database);
  const server =
    socketPath === undefined ? undefined : new PGLiteSocketServer({ db: database, path: socketPath, maxConnections });
  await server?.start();
  const stopped = new Promise<void>((resolve) => parentPort!.once("message", () => resolve()));
  say({ type: "ready" });
  await stopped;
  await server?.stop();
  await database.close();
  say({ type: "stopped" });
} catch (error) {
  say({ type: "failed", message: error instanceof Error ? error.message : String(error) });
}
parentPort!.close();

/**
 * Compiles with V8's baseline compiler alone. Optimizing PostgreSQL's largest functions takes 700 MB for some seconds and
 * 60 MB for ever, and makes our short statements no faster. Which compilers a module gets is fixed when it is
 * compiled, so the flags are put back for everybody else's.
 */
async function withBaselineCode<Result>(compile: () => Promise<Result>): Promise<Result> {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  try {
    return await compile();
  } finally {
    setFlagsFromString("--wasm-tier-up");
    setFlagsFromString("--wasm-dynamic-tiering");
  }
}

/** New files hold three databases, two of them to make others from, which nobody does: two thirds of what is copied and synced. */
async function dropSpareDatabases(database: PGlite): Promise<void> {
  await database.exec("update pg_database set datistemplate = false");
  for (const name of ["template0", "template1"]) await database.exec(`drop database ${name}`);
}

/**
 * PGlite answers wrong statements within the protocol. When it throws, its memory is broken, and pglite-socket would
 * wait for ever: the thread ends instead, and with it the connections.
 */
function endWithFailure(database: PGlite): void {
  const execute = database.execProtocolRawStream.bind(database);
  database.execProtocolRawStream = async (message, options) => {
    try {
      await execute(message, options);
    } catch (error) {
      say({ type: "failed", message: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    }
  };
}
