/** A PostgreSQL server of one's own, named by a URL. */
import { DatabaseError } from "../database-error.ts";
import { connectTimeoutMs, readConnectionsMax, statementTimeoutMs } from "../limits.ts";
import { databaseOver, postgres, sessionOptions, type Connection } from "./connection.ts";
import { classified } from "./failures.ts";

/** The oldest version that the migrations and queries are tested with. */
const versionMin = 15;

/** Connects, and checks that the server is one that we know. Throws `unavailable` or `unsupported-server`. */
export async function openServer(url: string): Promise<Connection> {
  const options = {
    ...sessionOptions,
    connect_timeout: connectTimeoutMs / 1000,
    connection: { ...sessionOptions.connection, statement_timeout: statementTimeoutMs },
  };
  const readers = postgres(url, { ...options, max: readConnectionsMax });
  // The projection's session holds the lock that keeps other nodes out, so it is never given up for idleness or age.
  const writer = postgres(url, { ...options, max: 1, idle_timeout: 0, max_lifetime: null });
  const connection: Connection = {
    read: databaseOver(readers),
    write: writer,
    // A server ends its statements itself, by `statement_timeout`.
    reset: async () => {},
    async close() {
      await Promise.all([readers.end({ timeout: 5 }), writer.end({ timeout: 5 })]);
    },
  };
  try {
    await checkVersion(connection);
  } catch (error) {
    await connection.close();
    throw classified(error);
  }
  return connection;
}

async function checkVersion({ write }: Connection): Promise<void> {
  const [row] = await write<{ version: string }[]>`select current_setting('server_version_num') as version`;
  const version = Math.floor(Number(row?.version) / 10_000);
  if (version >= versionMin) return;
  throw new DatabaseError(
    "unsupported-server",
    `PostgreSQL ${versionMin} or later is needed, the server is ${version}`,
  );
}
