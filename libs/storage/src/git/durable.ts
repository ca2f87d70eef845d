import { randomBytes } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Syncs a directory, so that names made, renamed or removed in it survive a power loss. Git never does this itself. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Writes a new file and syncs its bytes; the caller syncs the directory. */
export async function writeSyncedFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file at once: a reader, or a restart after a crash, sees the old content or the new, never a part. */
export async function replaceFileDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomToken()}.tmp`;
  await writeSyncedFile(temporary, content);
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** 16 random hexadecimal characters for names that must not collide. */
export function randomToken(): string {
  return randomBytes(8).toString("hex");
}

/** Whether `error` is a system error with one of these codes. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
