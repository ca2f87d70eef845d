import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

/** The program that holds a port. */
export interface PortOwner {
  readonly pid: number;
  /** Its command line, cut to a readable length. */
  readonly command: string;
}

/** Whether nothing listens on `port` of `host`, found out by listening there for a moment. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Who listens on a TCP port, as far as this user may know.
 *
 * Linux only (/proc/net/tcp names a socket's inode, /proc/PID/fd who holds it); elsewhere, and for another user's program,
 * undefined.
 */
export function findPortOwner(port: number): PortOwner | undefined {
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => listeningInodes(readText(file), port)));
  if (inodes.size === 0) return undefined;
  for (const pid of readFolder("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!holdsOne(pid, inodes)) continue;
    const command = readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 200);
    return { pid: Number(pid), command };
  }
  return undefined;
}

/** The inodes of sockets that listen on `port` in a table of /proc/net: column 2 is address:port in hex, 4 the state, 10 the inode. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const listening = "0A";
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) === true && columns[3] === listening)
    .flatMap((columns) => columns[9] ?? []);
}

function holdsOne(pid: string, inodes: ReadonlySet<string>): boolean {
  return readFolder(`/proc/${pid}/fd`).some((descriptor) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    } catch {
      return false; // Closed in the meantime.
    }
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
