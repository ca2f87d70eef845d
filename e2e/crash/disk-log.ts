import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** One record of the log that shim/record-disk.c writes; its comments say what each type means. */
export type DiskRecord =
  | { readonly type: "create" | "mkdir"; readonly path: string; readonly inode: bigint }
  | { readonly type: "write"; readonly inode: bigint; readonly offset: number; readonly bytes: Buffer }
  | { readonly type: "zeros"; readonly inode: bigint; readonly offset: number; readonly length: number }
  | { readonly type: "truncate"; readonly inode: bigint; readonly length: number }
  | { readonly type: "content"; readonly inode: bigint; readonly bytes: Buffer }
  | { readonly type: "sync-begin"; readonly id: bigint; readonly inode: bigint }
  | { readonly type: "sync-end"; readonly id: bigint }
  | { readonly type: "rename" | "link"; readonly from: string; readonly to: string }
  | { readonly type: "remove"; readonly path: string }
  | { readonly type: "unsupported"; readonly what: string }
  | { readonly type: "note"; readonly note: unknown };

const headerBytes = 32;
const noteTag = "A".charCodeAt(0);

/** Reads the records of a log one after the other. The last one may be cut short when its writer was killed. */
export function* readDiskLog(file: string): Generator<DiskRecord, undefined> {
  const descriptor = openSync(file, "r");
  try {
    let position = 0;
    const header = Buffer.alloc(headerBytes);
    while (readSync(descriptor, header, 0, headerBytes, position) === headerBytes) {
      const firstLength = header.readUInt32LE(24);
      const length = firstLength + header.readUInt32LE(28);
      const body = Buffer.alloc(length);
      if (readSync(descriptor, body, 0, length, position + headerBytes) < length) return;
      position += headerBytes + length;
      yield parseRecord(header, body.subarray(0, firstLength), body.subarray(firstLength));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Puts what a test knows (a push was tried, a push was acknowledged) into the log, between what disks did. */
export class DiskLogNotes implements Disposable {
  readonly #descriptor: number;

  constructor(file: string) {
    this.#descriptor = openSync(file, "a");
  }

  add(note: unknown): void {
    const body = Buffer.from(JSON.stringify(note));
    const header = Buffer.alloc(headerBytes);
    header[0] = noteTag;
    header.writeUInt32LE(body.length, 24);
    writeSync(this.#descriptor, Buffer.concat([header, body]));
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

function parseRecord(header: Buffer, first: Buffer, second: Buffer): DiskRecord {
  const a = header.readBigUInt64LE(8);
  const b = Number(header.readBigUInt64LE(16));
  const tag = String.fromCharCode(header[0]!);
  switch (tag) {
    case "C":
      return { type: "create", path: first.toString(), inode: a };
    case "D":
      return { type: "mkdir", path: first.toString(), inode: a };
    case "W":
      return { type: "write", inode: a, offset: b, bytes: first };
    case "Z":
      return { type: "zeros", inode: a, offset: b, length: Number(first.readBigUInt64LE(0)) };
    case "T":
      return { type: "truncate", inode: a, length: b };
    case "S":
      return { type: "content", inode: a, bytes: first };
    case "B":
      return { type: "sync-begin", id: a, inode: header.readBigUInt64LE(16) };
    case "E":
      return { type: "sync-end", id: a };
    case "R":
      return { type: "rename", from: first.toString(), to: second.toString() };
    case "L":
      return { type: "link", from: first.toString(), to: second.toString() };
    case "U":
      return { type: "remove", path: first.toString() };
    case "M":
      return { type: "unsupported", what: first.toString() };
    case "A":
      return { type: "note", note: JSON.parse(first.toString()) };
    default:
      throw new Error(`the disk log is damaged: a record of type ${tag}`);
  }
}
