import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PostgreSQL server of the test's own, in a temporary directory, reachable on loopback only. */
export interface PrivatePostgres extends AsyncDisposable {
  /** A superuser's connection string for the database `postgres`. */
  readonly url: string;
  /** The connection string of another database on this server. */
  urlOf(database: string): string;
}

/** The folder with initdb and postgres: the newest of Debian's, else what pg_config names. */
export function findPostgresBin(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).toSorted((left, right) => Number(right) - Number(left))
    : [];
  const folders = versions.map((version) => join(debian, version, "bin"));
  try {
    folders.push(
      execFileSync("pg_config", ["--bindir"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim(),
    );
  } catch {
    // No pg_config: only Debian's layout counts.
  }
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** PostgreSQL refuses to run as root, so root hands it to this user of every Debian, or to nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync("/etc/passwd", "utf8").split("\n");
  const row = rows.find((line) => line.startsWith("postgres:")) ?? rows.find((line) => line.startsWith("nobody:"));
  const [, , uid, gid] = (row ?? "nobody:x:65534:65534").split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Starts a private PostgreSQL, ready for connections when this resolves.
 *
 * It stops when disposed, and also when this process dies by any signal: a shell holds its standard input and stops the
 * server at its end. Durability is off, for the data lives as long as the test.
 */
export async function startPostgres(): Promise<PrivatePostgres> {
  const bin = findPostgresBin();
  if (bin === undefined)
    throw new Error("no PostgreSQL server programs; run npm test, or install the package postgresql");
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "guts-postgres-"));
  chmodSync(folder, 0o700);
  if (identity !== undefined) chownSync(folder, identity.uid, identity.gid);
  const cluster = join(folder, "cluster");
  const env = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC", GUTS_FOLDER: folder };
  const options = { cwd: folder, env, ...identity };
  execFileSync(join(bin, "initdb"), ["-D", cluster, "-U", "guts", "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...options,
    stdio: "ignore",
  });
  const port = await freePort();
  const settings = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "max_connections=400",
  ];
  const args = ["-D", cluster, "-k", folder, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  // A background command's standard input is /dev/null, so `cat` reads a copy of the pipe; its end stops the server.
  const script =
    'exec 3<&0; "$0" "$@" & server=$!; cat <&3 >/dev/null; kill -INT $server; wait $server; cd /; rm -rf "$GUTS_FOLDER"';
  const shell = spawn("sh", ["-c", script, join(bin, "postgres"), ...args], {
    ...options,
    stdio: ["pipe", "ignore", "pipe"],
  });
  await untilReady(shell);
  const urlOf = (database: string) => `postgres://guts@127.0.0.1:${port}/${database}`;
  return {
    url: urlOf("postgres"),
    urlOf,
    async [Symbol.asyncDispose]() {
      const closed = once(shell, "close");
      shell.stdin.end();
      await closed;
    },
  };
}

/** Waits for the line by which the server says that it accepts connections. */
async function untilReady(shell: ChildProcess): Promise<void> {
  let log = "";
  shell.stderr!.setEncoding("utf8");
  await new Promise<void>((resolve, reject) => {
    shell.stderr!.on("data", (text: string) => {
      log = (log + text).slice(-8192);
      if (log.includes("ready to accept connections")) resolve();
    });
    shell.once("close", () => reject(new Error(`PostgreSQL did not start:\n${log}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
