import { createHash } from "node:crypto";
import { once } from "node:events";
import { createDeflate, deflateSync } from "node:zlib";

/** Numbers of object types in a pack, gitformat-pack(5). */
export const packTypes = { commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, idDelta: 7 } as const;

/** An object's entry, and what it may lie about. */
export interface PackEntry {
  readonly type: keyof typeof packTypes;
  readonly content: Uint8Array;
  /** The size that the entry claims; default the truth. */
  readonly claimedSize?: number;
  /** For an offset delta: how far back its base begins. */
  readonly baseOffset?: number;
  /** For a delta by id: the base. */
  readonly baseId?: string;
  /** Instead of the deflated content. */
  readonly deflated?: Uint8Array;
}

/** A pack of sha1, byte by byte, so that a test can lie in any of them. */
export function buildPack(
  entries: readonly PackEntry[],
  { version = 2, count = entries.length }: { readonly version?: number; readonly count?: number } = {},
): Buffer {
  const header = Buffer.alloc(12);
  header.write("PACK");
  header.writeUInt32BE(version, 4);
  header.writeUInt32BE(count, 8);
  const body = Buffer.concat([header, ...entries.map(encodeEntry)]);
  return Buffer.concat([body, createHash("sha1").update(body).digest()]);
}

/** The id of an object. */
export function objectId(type: "commit" | "tree" | "blob" | "tag", content: Uint8Array): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** A tree from entries in the order in which they are given. */
export function treeOf(
  entries: readonly { readonly mode: string; readonly name: string; readonly id: string }[],
): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(id, "hex")]),
  );
}

/** A commit of a tree. */
export function commitOf(tree: string, message = "A commit\n", ...parents: readonly string[]): Buffer {
  const person = "Mallory <mallory@example.org> 1700000000 +0000";
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`), `author ${person}`, `committer ${person}`];
  return Buffer.from(`${lines.join("\n")}\n\n${message}`);
}

/** The entry of a delta: sizes of base and result, then instructions. */
export function deltaOf(baseSize: number, resultSize: number, instructions: Uint8Array): Buffer {
  return Buffer.concat([variableLength(baseSize), variableLength(resultSize), instructions]);
}

/** So many zeros, deflated without ever being in memory. */
export async function deflateZeros(length: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 9 });
  const chunk = Buffer.alloc(4 * 1024 * 1024);
  const parts: Buffer[] = [];
  deflate.on("data", (part: Buffer) => parts.push(part));
  for (let left = length; left > 0; left -= chunk.length) {
    const isAccepted = deflate.write(chunk.subarray(0, Math.min(left, chunk.length)));
    if (!isAccepted) await once(deflate, "drain");
  }
  deflate.end();
  await once(deflate, "end");
  return Buffer.concat(parts);
}

function encodeEntry({ type, content, claimedSize = content.length, baseOffset, baseId, deflated }: PackEntry): Buffer {
  const base = baseOffset === undefined ? Buffer.from(baseId ?? "", "hex") : Buffer.from(offsetBytes(baseOffset));
  return Buffer.concat([entryHeader(packTypes[type], claimedSize), base, deflated ?? deflateSync(content)]);
}

function entryHeader(type: number, size: number): Buffer {
  let rest = Math.floor(size / 16);
  const bytes = [(type << 4) | (size % 16)];
  while (rest > 0) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest % 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from(bytes);
}

function variableLength(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}

function offsetBytes(offset: number): readonly number[] {
  const bytes = [offset & 0x7f];
  for (let rest = Math.floor(offset / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return bytes;
}
