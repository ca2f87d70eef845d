import { readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { compilePreload, preloadIntoGit } from "../harness/preload.ts";
import { Disk } from "./disk.ts";
import { type DiskRecord, readDiskLog } from "./disk-log.ts";

/** What is recorded and how. */
export interface RecorderOptions {
  /** Holds the library, git's wrapper and the log. */
  readonly folder: string;
  /** Begins the paths of what is recorded. */
  readonly rootPrefix: string;
  /** A mutation: syncs of paths that contain this do nothing. */
  readonly swallow?: string;
}

/** The environment that makes a program, and the git that it starts, write down what they do to a disk. */
export interface Recorder {
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** The embedded database never syncs and is discarded after an unclean stop of the host, so its files are no promise. */
const notRecorded = "/database/";
/** What a dying process says goes to its standard error past the C library; nobody reads it but a person. */
const processOutput = "output.log";

/** Where startDevnet keeps data. */
export const devnetPrefix = join(realpathSync(tmpdir()), "guts-devnet-");

/** Compiles the library and prepares a recording. */
export async function createRecorder({ folder, rootPrefix, swallow = "" }: RecorderOptions): Promise<Recorder> {
  const library = await compilePreload(join(import.meta.dirname, "shim", "record-disk.c"), folder);
  const logFile = join(folder, "disk.log");
  const preload = {
    LD_PRELOAD: library,
    GUTS_DISK_ROOT: rootPrefix,
    GUTS_DISK_LOG: logFile,
    GUTS_DISK_SKIP: notRecorded,
    GUTS_DISK_SWALLOW: swallow,
  };
  writeFileSync(logFile, "");
  return { logFile, env: preloadIntoGit(preload, folder) };
}

/** What a recording must not contain, since the model does not know it. */
export function findUnsupported(logFile: string): readonly string[] {
  return [
    ...new Set([...readDiskLog(logFile)].flatMap((record) => (record.type === "unsupported" ? record.what : []))),
  ];
}

/** Replays a whole recording and answers how the files that the model has differ from those that are there. */
export function compareWithDirectory(logFile: string, root: string): readonly string[] {
  const disk = new Disk(root, statSync(root, { bigint: true }).ino);
  for (const record of readDiskLog(logFile)) disk.apply(record);
  const modelled = disk.liveFiles();
  const actual = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes(notRecorded) && !path.endsWith("-shm") && !path.endsWith(processOutput));
  const differences = actual.flatMap((path) => {
    const bytes = modelled.get(relative(root, path));
    return bytes?.equals(readFileSync(path)) === true ? [] : [`${relative(root, path)} differs`];
  });
  const names = new Set(actual.map((path) => relative(root, path)));
  const invented = [...modelled.keys()]
    .filter((path) => !names.has(path) && !path.endsWith(processOutput))
    .map((path) => `${path} is not there`);
  return [...differences, ...invented];
}

/** How many records a log has, and after which of them a note came that `isWanted`. */
export function indexRecords(
  logFile: string,
  isWanted: (note: unknown) => boolean,
): { readonly count: number; readonly notes: readonly number[] } {
  let count = 0;
  const notes: number[] = [];
  for (const record of readDiskLog(logFile)) {
    count += 1;
    if (record.type === "note" && isWanted(record.note)) notes.push(count);
  }
  return { count, notes };
}

/** Replays up to each of some points, in ascending order, and says what was known then. */
export function* replayTo(
  logFile: string,
  root: { readonly path: string; readonly inode: bigint },
  points: readonly number[],
  onNote: (note: unknown) => void,
): Generator<{ readonly point: number; readonly disk: Disk }, undefined> {
  const disk = new Disk(root.path, root.inode);
  const records: Iterator<DiskRecord> = readDiskLog(logFile);
  let at = 0;
  for (const point of points) {
    for (; at < point; at++) {
      const next = records.next();
      if (next.done === true) return;
      if (next.value.type === "note") onNote(next.value.note);
      else disk.apply(next.value);
    }
    yield { point, disk };
  }
}
