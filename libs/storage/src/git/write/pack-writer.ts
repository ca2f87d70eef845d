import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { ObjectFormat } from "@guts/primitives";
import type { ObjectType } from "../push/receive-outcome.ts";

const deflateAsync = promisify(deflate);
const typeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** What goes into a pack. */
export interface PackContent {
  readonly count: number;
  readonly objects: AsyncIterable<{ readonly type: ObjectType; readonly bytes: Uint8Array }>;
}

/**
 * A pack (gitformat-pack(5)) of a few objects, each whole: what a client would send that knows no deltas. Git indexes and checks it
 * like any other, and joins it with others later. Holds one object at a time.
 */
export async function* writePack(format: ObjectFormat, { count, objects }: PackContent): AsyncGenerator<Uint8Array> {
  const digest = createHash(format);
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  digest.update(header);
  yield header;
  for await (const { type, bytes } of objects) {
    const entry = Buffer.concat([entryHeader(typeNumbers[type], bytes.length), await deflateAsync(bytes)]);
    digest.update(entry);
    yield entry;
  }
  yield digest.digest();
}

/** Type and length, the low four bits of it first, then seven at a time. */
function entryHeader(type: number, length: number): Buffer {
  const bytes = [(type << 4) | (length & 15)];
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}
