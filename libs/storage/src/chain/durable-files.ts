/** The few file operations whose order and syncing durability rests on. */
import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";

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

/**
 * Makes a directory, and those above it, so that they are there after a power loss. One that exists is synced in its parent again:
 * who made it may have been stopped before.
 */
export function makeDirectory(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  const first = resolve(made ?? path);
  for (let at = resolve(path); ; at = dirname(at)) {
    syncDirectory(dirname(at));
    if (at === first) return;
  }
}
