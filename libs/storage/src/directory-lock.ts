/**
 * One process at a time in a data directory.
 *
 * The lock is SQLite's exclusive lock on an empty database file: an advisory lock of the operating system, which releases it when
 * the process ends, however it ends. A file with a process id alone would lie after a crash, and after the id was given to
 * another program. The id is written beside the lock, for messages and for asking the holder to stop.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The hold on a directory; disposing it lets the next process in. */
export interface DirectoryLock extends Disposable {
  readonly directory: string;
}

/** Whether the directory is ours now, or whose it is. The id is unknown in the moment between a holder's lock and its note. */
export type LockOutcome =
  | { readonly outcome: "locked"; readonly lock: DirectoryLock }
  | { readonly outcome: "held"; readonly processId: number | undefined };

const lockFileName = "lock";
const holderFileName = "lock.pid";

/** Takes the lock of a directory that exists, or says who holds it. Never waits. */
export function lockDirectory(directory: string): LockOutcome {
  const database = new DatabaseSync(join(directory, lockFileName));
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch {
    database.close();
    return { outcome: "held", processId: readHolder(directory) };
  }
  const holderFile = join(directory, holderFileName);
  writeFileSync(holderFile, `${process.pid}\n`);
  const release = () => {
    rmSync(holderFile, { force: true });
    database.close();
  };
  return { outcome: "locked", lock: { directory, [Symbol.dispose]: release } };
}

/** Who holds a directory right now: a process id, "unknown", or undefined when nobody does. */
export function findLockHolder(directory: string): number | "unknown" | undefined {
  if (!existsSync(join(directory, lockFileName))) return undefined;
  const attempt = lockDirectory(directory);
  if (attempt.outcome === "held") return attempt.processId ?? "unknown";
  attempt.lock[Symbol.dispose]();
  return undefined;
}

function readHolder(directory: string): number | undefined {
  try {
    const processId = Number.parseInt(readFileSync(join(directory, holderFileName), "utf8"), 10);
    return Number.isSafeInteger(processId) && processId > 0 ? processId : undefined;
  } catch {
    return undefined;
  }
}
