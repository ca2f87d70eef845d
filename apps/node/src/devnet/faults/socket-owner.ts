import { readFileSync, readdirSync, readlinkSync } from "node:fs";

/**
 * Which of `processes` holds the loopback socket that goes from one port to another.
 *
 * Linux only: /proc/net/tcp names the socket's inode, /proc/PID/fd who holds it. Undefined when nobody of them does.
 */
export function findSocketOwner<Name extends string>(
  ports: { readonly from: number; readonly to: number },
  processes: ReadonlyMap<Name, number>,
): Name | undefined {
  const inode = connectedInode(readText("/proc/net/tcp"), ports);
  if (inode === undefined) return undefined;
  for (const [name, pid] of processes) if (holds(pid, inode)) return name;
  return undefined;
}

/** The inode of a connection in a table of /proc/net: columns 2 and 3 are the addresses with ports in hex, 10 is the inode. */
export function connectedInode(
  table: string,
  { from, to }: { readonly from: number; readonly to: number },
): string | undefined {
  const suffixOf = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const columns = table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .find((row) => row[1]?.endsWith(suffixOf(from)) === true && row[2]?.endsWith(suffixOf(to)) === true);
  return columns?.[9] === "0" ? undefined : columns?.[9];
}

function holds(pid: number, inode: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((descriptor) => targetOf(`${folder}/${descriptor}`) === `socket:[${inode}]`);
  } catch {
    return false; // The process has ended.
  }
}

function targetOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(descriptor);
  } catch {
    return undefined; // Closed in the meantime.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
