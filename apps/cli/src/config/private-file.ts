import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CliError } from "../cli-error.ts";
import { configFileBytesMax } from "../limits.ts";

/** The text of a file of ours, or undefined when there is none. Throws `file` for one that is too large or unreadable. */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size > configFileBytesMax) throw new CliError("file", `${path} is larger than ${configFileBytesMax} bytes`);
    return await file.readFile("utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return undefined;
    throw new CliError("file", `cannot read ${path}: ${errorCode(error)}`, { cause: error });
  }
}

/**
 * Writes a file that only its owner may read, in a directory that only its owner may enter.
 *
 * A new file is written and synced beside it and then renamed over it, so a reader, or a crash, sees the old text or the
 * new and never half of it. With `exclusive`, throws `file` when there is one already.
 */
export async function writePrivateFile(path: string, text: string, o: { exclusive?: boolean } = {}): Promise<void> {
  const directory = dirname(path);
  try {
    await makePrivateDirectory(directory);
    const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString("hex")}`);
    try {
      await writeAndSync(temporary, text);
      if (o.exclusive === true) await link(temporary, path);
      else await rename(temporary, path);
      await syncDirectory(directory);
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  } catch (error) {
    if (errorCode(error) === "EEXIST")
      throw new CliError("file", `${path} exists already`, { hint: "Name another file, or move that one away." });
    throw new CliError("file", `cannot write ${path}: ${errorCode(error)}`, { cause: error });
  }
}

async function writeAndSync(path: string, text: string): Promise<void> {
  await using file = await open(path, "wx", 0o600);
  await file.writeFile(text);
  await file.sync();
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, "r");
  await directory.sync();
}

/** Makes `directory`, and shuts it to others when it was made here. */
async function makePrivateDirectory(directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) await chmod(directory, 0o700);
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
