/** The few file operations whose order and syncing durability rests on. */
import { closeSync, fdatasyncSync, fsyncSync, openSync } from "node:fs";

/** Makes the names in a directory durable: git, SQLite and `rename` do not. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a file's bytes durable. */
export function syncFile(descriptor: number): void {
  fdatasyncSync(descriptor);
}
