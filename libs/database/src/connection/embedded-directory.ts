/**
 * The files of the embedded database, which never syncs what it writes.
 *
 * A killed process loses nothing: the system still holds what was written. A host that stops does lose it, in any
 * order. So a marker names the boot of the host under which the files were last written; files of another boot are
 * discarded unless they were synced when the database was closed. When in doubt they are discarded: everything in
 * them can be projected again.
 */
import { constants } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { socketPathBytesMax } from "../limits.ts";

/** Changes with the version of PGlite's files: others are not opened. */
const formatName = "pglite-0.5";

/** Names within the directory. */
const filesName = formatName;
const markerName = "state";
const socketName = ".s.PGSQL.5432";

/** A directory that was prepared for opening. */
export interface EmbeddedDirectory {
  /** Where the database's own files are, or will be when `hasFiles` is false. */
  readonly files: string;
  readonly hasFiles: boolean;
  readonly socketPath: string;
}

/** Identifies this run of the host's kernel; undefined where the system does not say. */
export async function readBootId(): Promise<string | undefined> {
  try {
    return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  } catch {
    return undefined;
  }
}

/** Makes the directory private, discards files that may be torn, and marks it as written to from now on. */
export async function prepareDirectory(directory: string, bootId: string | undefined): Promise<EmbeddedDirectory> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const files = join(directory, filesName);
  if (!isTrusted(await readMarker(directory), bootId)) await discardFiles(directory);
  const names = await readdir(directory);
  const hasFiles = names.includes(filesName);
  // What a creation or copy left that was broken off.
  const leftovers = names.filter((name) => name.startsWith(`${filesName}.`));
  for (const name of leftovers) await rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 });
  await writeMarker(directory, `open ${bootId ?? "unknown"}`);
  return { files, hasFiles, socketPath: await freshSocketPath(directory) };
}

/** Removes everything that the database wrote. */
export async function discardFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith("pglite-")) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** Syncs the files of a database that was closed, then marks them as good under any later boot. */
export async function sealDirectory(directory: string): Promise<void> {
  await syncTree(join(directory, filesName));
  await writeMarker(directory, "closed");
}

/** Copies a finished template; on file systems that can, without copying the bytes. */
export async function copyTemplate(template: string, files: string): Promise<void> {
  const partial = await mkdtemp(`${files}.`);
  await cp(template, partial, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await rename(partial, files);
}

/** Where a template for this version of the files, and of what is in them, belongs within the folder of templates. */
export function templateIn(folder: string): string {
  return join(folder, `${formatName}-template-2`);
}

/** Keeps new files as a template. Whoever is first wins; every node that starts at the same time makes the same one. */
export async function keepTemplate(files: string, template: string): Promise<void> {
  await mkdir(dirname(template), { recursive: true, mode: 0o700 });
  const partial = await mkdtemp(`${template}.`);
  await cp(files, partial, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await syncTree(partial);
  try {
    await rename(partial, template);
  } catch {
    await rm(partial, { recursive: true, force: true });
  }
}

type Marker = { readonly state: "open"; readonly bootId: string } | { readonly state: "closed" } | undefined;

function isTrusted(marker: Marker, bootId: string | undefined): boolean {
  if (marker === undefined) return false;
  return marker.state === "closed" || (bootId !== undefined && marker.bootId === bootId);
}

async function readMarker(directory: string): Promise<Marker> {
  let content: string;
  try {
    content = await readFile(join(directory, markerName), "utf8");
  } catch {
    return undefined;
  }
  if (content === "closed\n") return { state: "closed" };
  const [, bootId] = /^open (\S+)\n$/.exec(content) ?? [];
  return bootId === undefined ? undefined : { state: "open", bootId };
}

/** Replaces the marker so that after any crash the old or the new one is there. */
async function writeMarker(directory: string, content: string): Promise<void> {
  const partial = join(directory, `${markerName}.partial`);
  await writeFile(partial, `${content}\n`);
  await syncPath(partial);
  await rename(partial, join(directory, markerName));
  await syncPath(directory);
}

/** A path for the socket in a directory that only this user enters, short enough for every system. */
async function freshSocketPath(directory: string): Promise<string> {
  const inside = join(directory, socketName);
  await rm(inside, { force: true });
  if (Buffer.byteLength(inside) <= socketPathBytesMax) return inside;
  return join(await mkdtemp(join(tmpdir(), "guts-")), socketName);
}

/** Removes the socket, and its directory when it was made for it alone. */
export async function removeSocket(directory: string, socketPath: string): Promise<void> {
  await rm(socketPath, { force: true });
  if (dirname(socketPath) !== directory && basename(dirname(socketPath)).startsWith("guts-")) {
    await rm(dirname(socketPath), { recursive: true, force: true });
  }
}

/** All at once: the file system then writes its journal a few times and not once for each of some hundred files. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path);
      else if (entry.isFile()) await syncPath(path);
    }),
  );
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
