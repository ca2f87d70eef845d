import { readFile, stat } from "node:fs/promises";
import { constants, inflateSync } from "node:zlib";
import type { GitRunner } from "../spawner/git-process.ts";
import { assertSuccess, linesOf } from "../spawner/output.ts";
import type { PackIndex } from "./pack-index.ts";

/** Packs up to this are measured here, without another process. */
const MEASURED_HERE = { packBytesMax: 256 * 1024, objectsMax: 256 };

/** Enough compressed bytes to hold the two sizes at the start of a delta. */
const DELTA_HEAD_BYTES = 64;

/** A pack in a quarantine. */
export interface MeasuredPack {
  readonly packPath: string;
  readonly indexPath: string;
  readonly index: PackIndex;
  /** Object id length in bytes. */
  readonly idLength: number;
  /** Environment in which git sees the quarantine's objects only. */
  readonly isolatedEnvironment: Readonly<Record<string, string>>;
  readonly repositoryPath: string;
}

/**
 * The sum of the sizes of all objects of a pack once unpacked; stops counting past `bytesMax`.
 *
 * A pack's own size says little: zlib shrinks zeros a thousandfold and a delta of ten bytes can stand for gigabytes. The
 * sizes are written in the pack, so nothing is unpacked to know them.
 */
export async function inflatedSize(
  runner: GitRunner,
  pack: MeasuredPack,
  bytesMax: number,
  signal: AbortSignal,
): Promise<number> {
  const { size } = await stat(pack.packPath);
  const isSmall = size <= MEASURED_HERE.packBytesMax && pack.index.objectCount <= MEASURED_HERE.objectsMax;
  return isSmall ? measureHere(pack) : measureByGit(runner, pack, bytesMax, signal);
}

async function measureByGit(
  runner: GitRunner,
  pack: MeasuredPack,
  bytesMax: number,
  signal: AbortSignal,
): Promise<number> {
  const process = await runner.run({
    class: "push",
    args: ["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectsize)"],
    repositoryPath: pack.repositoryPath,
    environment: pack.isolatedEnvironment,
    signal,
  });
  let sum = 0;
  for await (const lines of linesOf(process, Number.POSITIVE_INFINITY)) {
    for (const line of lines) sum += Number(line);
    if (sum > bytesMax) return sum;
  }
  await assertSuccess(process);
  return sum;
}

async function measureHere(pack: MeasuredPack): Promise<number> {
  const [bytes, index] = await Promise.all([readFile(pack.packPath), readFile(pack.indexPath)]);
  let sum = 0;
  for (let entry = 0; entry < pack.index.objectCount; entry++) {
    sum += objectSize(bytes, index.readUInt32BE(pack.index.offsetTableStart + 4 * entry), pack.idLength);
  }
  return sum;
}

/** The size of the object whose entry begins at `offset`; git has verified the pack before. */
function objectSize(pack: Buffer, offset: number, idLength: number): number {
  const type = (pack[offset]! >> 4) & 7;
  let size = pack[offset]! & 15;
  let scale = 16;
  let at = offset;
  while (pack[at]! & 0x80) {
    size += (pack[++at]! & 0x7f) * scale;
    scale *= 128;
  }
  at++;
  if (type === OFFSET_DELTA) {
    while (pack[at]! & 0x80) at++;
    return deltaResultSize(pack, at + 1);
  }
  return type === ID_DELTA ? deltaResultSize(pack, at + idLength) : size;
}

const OFFSET_DELTA = 6;
const ID_DELTA = 7;

/** A delta begins with the size of its base and the size of its result. */
function deltaResultSize(pack: Buffer, at: number): number {
  const head = inflateSync(pack.subarray(at, at + DELTA_HEAD_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
  let position = 0;
  while (head[position]! & 0x80) position++;
  let size = 0;
  let scale = 1;
  do {
    position++;
    size += (head[position]! & 0x7f) * scale;
    scale *= 128;
  } while (head[position]! & 0x80);
  return size;
}
