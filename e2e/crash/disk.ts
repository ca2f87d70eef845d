/**
 * A model of a disk that loses power.
 *
 * It follows a log of changes and knows which are durable: a file's bytes when the file was synced after they were written, a
 * directory's names when a directory that they concern was synced after they changed. Everything else may be on the disk or not,
 * each name and each page of 4 KiB by itself, whatever the order of the calls: more than most file systems would do, and never less
 * than POSIX promises. Two mercies, which every journaling file system grants: a rename happens whole or not at all, and syncing
 * either of its directories makes it durable.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";

import type { DiskRecord } from "./disk-log.ts";
import { type FileChange, SparseFile } from "./sparse-file.ts";

interface Directory {
  readonly type: "directory";
  /** As programs see it. */
  readonly live: Map<string, Entry>;
  readonly durable: Map<string, Entry>;
}

interface File {
  readonly type: "file";
  readonly durable: SparseFile;
  pending: { readonly order: number; readonly change: FileChange }[];
}

type Entry = Directory | File;

interface NameChange {
  readonly directory: Directory;
  readonly name: string;
  readonly entry: Entry | undefined;
}

/** What one call did to names: all of it or nothing. */
interface NameCall {
  readonly order: number;
  readonly changes: NameChange[];
}

/** What of the changes that are not durable is on the disk after the power came back. */
export interface Survival {
  /** Chances from 0 to 1 that a change of a name, and a page of a write, survives. */
  readonly names: number;
  readonly pages: number;
}

/** Losses worth trying: none (a mere crash), everything, names without bytes, bytes without names, and mixtures. */
export const survivals: readonly Survival[] = [
  { names: 0.5, pages: 0.5 },
  { names: 0, pages: 0 },
  { names: 1, pages: 0 },
  { names: 0.9, pages: 0.9 },
  { names: 0, pages: 1 },
  { names: 0.1, pages: 0.1 },
  { names: 1, pages: 0.5 },
  { names: 1, pages: 1 },
];

/** The disk below `root`, empty and durable in the beginning. */
export class Disk {
  readonly #rootPath: string;
  readonly #root: Directory = newDirectory();
  readonly #byInode = new Map<bigint, Entry>();
  readonly #syncs = new Map<bigint, { readonly order: number; readonly entry: Entry }>();
  #calls: NameCall[] = [];
  #order = 0;

  constructor(rootPath: string, rootInode: bigint) {
    this.#rootPath = rootPath;
    this.#byInode.set(rootInode, this.#root);
  }

  /** Follows one record. Notes are not the disk's business. */
  apply(record: DiskRecord): void {
    this.#order += 1;
    switch (record.type) {
      case "create":
        this.#make(record.path, record.inode, { type: "file", durable: new SparseFile(), pending: [] });
        break;
      case "mkdir":
        this.#make(record.path, record.inode, newDirectory());
        break;
      case "write":
      case "zeros":
      case "truncate":
      case "content":
        this.#change(record.inode, record);
        break;
      case "sync-begin": {
        const entry = this.#byInode.get(record.inode);
        if (entry !== undefined) this.#syncs.set(record.id, { order: this.#order, entry });
        break;
      }
      case "sync-end":
        this.#sync(record.id);
        break;
      case "rename": {
        const entry = this.#find(record.from);
        this.#name([
          ...this.#changeOf(record.from, undefined),
          ...(entry === undefined ? [] : this.#changeOf(record.to, entry)),
        ]);
        break;
      }
      case "link": {
        const entry = this.#find(record.from);
        if (entry !== undefined) this.#name(this.#changeOf(record.to, entry));
        break;
      }
      case "remove":
        this.#name(this.#changeOf(record.path, undefined));
        break;
    }
  }

  /** The files as programs see them now, by path below the root: what an undisturbed directory must look like. */
  liveFiles(): ReadonlyMap<string, Buffer> {
    const found = new Map<string, Buffer>();
    const walk = (directory: Directory, path: string): void => {
      for (const [name, entry] of directory.live) {
        if (entry.type === "directory") walk(entry, join(path, name));
        else found.set(join(path, name), contentOf(entry, 1, () => 0).toBuffer());
      }
    };
    walk(this.#root, "");
    return found;
  }

  /** Writes what the disk may hold after a power loss now. */
  materialize(folder: string, survival: Survival, random: () => number): void {
    const overlay = this.#namesAfterLoss(survival, random);
    const write = (directory: Directory, path: string): void => {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const names = new Map([...directory.durable, ...(overlay.get(directory) ?? [])]);
      for (const [name, entry] of names) {
        if (entry === undefined) continue;
        if (entry.type === "directory") write(entry, join(path, name));
        else writeSparse(join(path, name), contentOf(entry, survival.pages, random));
      }
    };
    write(this.#root, folder);
  }

  #namesAfterLoss({ names }: Survival, random: () => number): Map<Directory, Map<string, Entry | undefined>> {
    const overlay = new Map<Directory, Map<string, Entry | undefined>>();
    for (const { changes } of this.#calls) {
      if (random() >= names) continue;
      for (const { directory, name, entry } of changes) {
        const changed = overlay.get(directory) ?? new Map<string, Entry | undefined>();
        overlay.set(directory, changed.set(name, entry));
      }
    }
    return overlay;
  }

  #make(path: string, inode: bigint, entry: Entry): void {
    const changes = this.#changeOf(path, entry);
    if (changes.length === 0) return;
    this.#byInode.set(inode, entry);
    this.#name(changes);
  }

  #change(inode: bigint, change: FileChange): void {
    const entry = this.#byInode.get(inode);
    if (entry?.type === "file") entry.pending.push({ order: this.#order, change });
  }

  #sync(id: bigint): void {
    const sync = this.#syncs.get(id);
    if (sync === undefined) return;
    this.#syncs.delete(id);
    const { order, entry } = sync;
    if (entry.type === "file") {
      for (const { change } of entry.pending.filter((pending) => pending.order < order)) entry.durable.apply(change);
      entry.pending = entry.pending.filter((pending) => pending.order >= order);
      return;
    }
    const isSynced = (call: NameCall) =>
      call.order < order && call.changes.some(({ directory }) => directory === entry);
    for (const call of this.#calls.filter(isSynced)) {
      for (const change of call.changes) this.#settle(change, call.order);
    }
    this.#calls = this.#calls.filter((call) => !isSynced(call) && call.changes.length > 0);
  }

  /** A durable change of a name also settles what happened to the same name before. */
  #settle({ directory, name, entry }: NameChange, order: number): void {
    if (entry === undefined) directory.durable.delete(name);
    else directory.durable.set(name, entry);
    for (const earlier of this.#calls) {
      if (earlier.order >= order) break;
      const superseded = earlier.changes.findIndex((change) => change.directory === directory && change.name === name);
      if (superseded >= 0) earlier.changes.splice(superseded, 1);
    }
  }

  #name(changes: NameChange[]): void {
    if (changes.length === 0) return;
    for (const { directory, name, entry } of changes) {
      if (entry === undefined) directory.live.delete(name);
      else directory.live.set(name, entry);
    }
    this.#calls.push({ order: this.#order, changes });
  }

  #changeOf(path: string, entry: Entry | undefined): NameChange[] {
    const inside = this.#inside(path);
    const directory = inside === undefined ? undefined : this.#walk(dirname(inside));
    return directory?.type === "directory" ? [{ directory, name: basename(inside!), entry }] : [];
  }

  #find(path: string): Entry | undefined {
    const inside = this.#inside(path);
    return inside === undefined ? undefined : this.#walk(inside);
  }

  #inside(path: string): string | undefined {
    const inside = relative(this.#rootPath, normalize(path));
    return inside === "" || inside.startsWith("..") ? undefined : inside;
  }

  #walk(inside: string): Entry | undefined {
    let entry: Entry | undefined = this.#root;
    if (inside === ".") return entry;
    for (const name of inside.split("/")) entry = entry?.type === "directory" ? entry.live.get(name) : undefined;
    return entry;
  }
}

function newDirectory(): Directory {
  return { type: "directory", live: new Map(), durable: new Map() };
}

function contentOf({ durable, pending }: File, pages: number, random: () => number): SparseFile {
  const content = durable.clone();
  for (const { change } of pending)
    content.apply(
      change,
      () => random() < pages,
      () => random() < 0.5,
    );
  return content;
}

function writeSparse(path: string, content: SparseFile): void {
  const file = openSync(path, "w", 0o600);
  ftruncateSync(file, content.size);
  for (const [offset, bytes] of content.pages()) writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}
