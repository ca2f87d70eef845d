import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is deleted with everything in it when the test is done. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** Makes a folder under the system's temporary folder. */
export function createTemporaryFolder(purpose: string): TemporaryFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `guts-${purpose}-`)));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}
