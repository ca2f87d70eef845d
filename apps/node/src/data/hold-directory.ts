import { resolve } from "node:path";

import { lockDirectory, type DirectoryLock } from "@guts/storage";

import { NodeError } from "../node-error.ts";

/** Takes the lock of a data directory, or throws `data-directory-in-use` naming who holds it. */
export function holdDirectory(directory: string): DirectoryLock {
  const attempt = lockDirectory(directory);
  if (attempt.outcome === "locked") return attempt.lock;
  const by = attempt.processId === undefined ? "another process" : `process ${attempt.processId}`;
  throw new NodeError("data-directory-in-use", `${resolve(directory)} is in use by ${by}. Stop that first.`);
}
