import { stat } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { endOfPackTimeoutMs, resolveBytesPerSecond, resolveTimeoutMs } from "../limits.ts";
import type { GitExit, GitProcess, GitRunner } from "../spawner/git-process.ts";
import { GitEngineError } from "../errors.ts";
import { explainIndexFailure } from "./index-pack-failure.ts";
import { inflatedSize } from "./inflated-size.ts";
import { PackIndex } from "./pack-index.ts";
import type { PackStream } from "./pack-stream.ts";
import type { QuarantineDirectory } from "./quarantine-directory.ts";
import { type PushLimits, type ReceiveRejection, rejection, type StoredPack } from "./receive-outcome.ts";

/** A pack that git has indexed in a quarantine. */
export interface IndexedPack {
  /** `pack-<checksum>`, without a suffix. */
  readonly name: string;
  readonly stored: StoredPack;
  readonly index: PackIndex;
}

/** What became of a pack: stored, found to hold no object, or refused. */
export type IndexOutcome =
  | { readonly outcome: "indexed"; readonly pack: IndexedPack }
  | { readonly outcome: "empty" }
  | ReceiveRejection;

/** What indexing needs to know. */
export interface IndexOptions {
  readonly quarantine: QuarantineDirectory;
  /** Object id length in bytes, which is also that of the pack's checksum. */
  readonly idLength: 20 | 32;
  readonly limits: PushLimits;
  readonly onProgress: ((text: string) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Streams a pack into `git index-pack` in the quarantine, in constant memory here.
 *
 * The header is read first, so that a pack with too many objects costs nothing. Git checks every object (fsck), resolves
 * deltas, adds the bases a thin pack left out, and syncs pack, reverse index and index.
 */
export async function indexPack(runner: GitRunner, stream: PackStream, options: IndexOptions): Promise<IndexOutcome> {
  const header = await stream.readHeader();
  if (header === undefined) return rejection("pack-corrupt", "the pack is corrupt: it has no pack header");
  if (header.objectCount > options.limits.objectsMax) {
    return rejection("too-many-objects", `a push may bring at most ${options.limits.objectsMax} objects`);
  }
  if (header.objectCount === 0) return readEmptyPack(stream, options.idLength);
  const outcome = await runIndexPack(runner, stream, options);
  if (outcome.outcome === "rejected") return outcome;
  return measure(runner, outcome.pack, options);
}

/** A push of objects that the server has already comes with a pack of nothing but header and checksum. */
async function readEmptyPack(stream: PackStream, idLength: 20 | 32): Promise<IndexOutcome> {
  const chunks: Uint8Array[] = [];
  let chunk = await stream.next();
  while (chunk !== undefined && stream.sizeBytes <= 1024) {
    chunks.push(chunk);
    chunk = await stream.next();
  }
  const bytes = Buffer.concat(chunks);
  const end = bytes.length - idLength;
  const checksum = createHash(idLength === 20 ? "sha1" : "sha256").update(bytes.subarray(0, Math.max(end, 0)));
  const isSound = end === 12 && checksum.digest().equals(bytes.subarray(end));
  return isSound ? { outcome: "empty" } : rejection("pack-corrupt", "the pack is corrupt: its checksum is wrong");
}

async function runIndexPack(
  runner: GitRunner,
  stream: PackStream,
  options: IndexOptions,
): Promise<Extract<IndexOutcome, { outcome: "indexed" }> | ReceiveRejection> {
  const { limits, quarantine, onProgress } = options;
  const progress = onProgress === undefined ? [] : ["--show-resolving-progress"];
  const process = await runner.run({
    class: "push",
    args: ["index-pack", "--stdin", "--fix-thin", "--strict", ...progress, `--max-input-size=${limits.packBytesMax}`],
    repositoryPath: quarantine.repositoryPath,
    environment: quarantine.environment,
    stdin: true,
    limits: { timeoutMs: limits.timeoutMs },
    signal: options.signal,
    ...(onProgress === undefined ? {} : { onStderr: (text: string) => forwardProgress(text, onProgress) }),
  });
  const said = readAll(process);
  const wasTaken = await pump(stream, process);
  if (stream.isTooLarge) {
    await process.exited;
    return rejection("pack-too-large", `a push may bring at most ${limits.packBytesMax} bytes`);
  }
  const exit = await process.exited;
  throwIfEndedByUs(process, exit);
  if (exit.code !== 0) return explainIndexFailure(exit, process.stderr);
  const [, checksum] = /^pack\t([0-9a-f]+)\n$/.exec(await said) ?? [];
  // Git may be gone before its pipe is closed. A pack that ends with the checksum that git found ends where it should.
  const isWhole = wasTaken || stream.trailerHex === checksum;
  if (checksum === undefined || !isWhole) return rejection("pack-corrupt", "the pack is corrupt: bytes follow its end");
  return { outcome: "indexed", pack: await describePack(stream, checksum, options) };
}

/**
 * Feeds git at its own pace until the pack, git, or the allowance ends; true when git took every byte.
 *
 * A slow client holds only itself: when git has gone, nothing waits for the next piece.
 */
async function pump(stream: PackStream, process: GitProcess): Promise<boolean> {
  let wake: () => void = () => undefined;
  let hasExited = false;
  void process.exited.then(() => {
    hasExited = true;
    wake();
  });
  const exitOr = <Value>(work: Promise<Value>): Promise<Value | undefined> =>
    new Promise((resolve, reject) => {
      wake = () => resolve(undefined);
      work.then(resolve, reject);
    });
  try {
    for (;;) {
      const next = stream.next();
      const chunk = await exitOr(next);
      if (hasExited || process.stdin.destroyed) return await endsWithGit(process, next);
      if (chunk === undefined) break;
      if (!process.stdin.write(chunk)) await exitOr(once(process.stdin, "drain").catch(() => undefined));
    }
  } catch (error) {
    process.kill("abort");
    await process.exited; // until then git may write to the quarantine, which cannot be removed under it
    throw error;
  }
  if (stream.isTooLarge) {
    process.kill("output");
    return false;
  }
  return finish(stream, process);
}

/**
 * Whether a pack that git was content with was all there was. Git stops reading at the pack's end, which it may reach before we
 * have heard that nothing follows.
 */
async function endsWithGit(process: GitProcess, next: Promise<Uint8Array | undefined>): Promise<boolean> {
  const { code } = await process.exited;
  if (code !== 0) {
    next.catch(() => {}); // Nobody waits for a piece that git will not read.
    return false;
  }
  const isLate = delay(endOfPackTimeoutMs, "late" as const, { ref: false });
  return (await Promise.race([next, isLate])) === undefined;
}

/** All bytes are there: what is left is git's own work, whose time depends on how many they were. */
async function finish(stream: PackStream, process: GitProcess): Promise<boolean> {
  const deadlineMs = resolveTimeoutMs + (stream.sizeBytes / resolveBytesPerSecond) * 1000;
  const timer = setTimeout(() => process.kill("timeout"), deadlineMs);
  const isTaken = new Promise<boolean>((resolve) => process.stdin.end((error?: Error | null) => resolve(!error)));
  await process.exited;
  clearTimeout(timer);
  return isTaken;
}

async function readAll(process: GitProcess): Promise<string> {
  let text = "";
  process.stdout.setEncoding("latin1");
  process.stdout.on("data", (chunk: string) => {
    if (text.length < 256) text += chunk;
  });
  await new Promise((resolve) => process.stdout.once("close", resolve));
  return text;
}

/** An abort, or the loss of what runs git, is nobody's fault but ours: it throws. A deadline is a refusal. */
function throwIfEndedByUs(process: GitProcess, exit: GitExit): void {
  if (exit.killedFor === "abort") throw process.job.signal.reason as Error;
  if (exit.killedFor === "spawner-lost" || exit.killedFor === "closed")
    throw new GitEngineError(exit.killedFor, "git was ended before it was done", undefined);
}

/** Progress lines only: what else git says is for the rejection. */
function forwardProgress(text: string, onProgress: (text: string) => void): void {
  for (const [line] of text.matchAll(/Resolving deltas: [^\r\n]*[\r\n]/g)) onProgress(line);
}

/** When git changed nothing, the bytes that streamed by are the file; a completed thin pack is read once more. */
async function describePack(stream: PackStream, checksum: string, options: IndexOptions): Promise<IndexedPack> {
  const name = `pack-${checksum}`;
  const path = join(options.quarantine.packDirectory, `${name}.pack`);
  const index = await PackIndex.read(join(options.quarantine.packDirectory, `${name}.idx`), options.idLength);
  const stored =
    stream.trailerHex === checksum
      ? { sha256: stream.sha256(), sizeBytes: stream.sizeBytes }
      : { sha256: await fileSha256(path), sizeBytes: (await stat(path)).size };
  return { name, stored, index };
}

async function fileSha256(path: string): Promise<string> {
  const digest = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), digest);
  return digest.digest("hex");
}

async function measure(runner: GitRunner, pack: IndexedPack, options: IndexOptions): Promise<IndexOutcome> {
  const { packDirectory, isolatedEnvironment, repositoryPath } = options.quarantine;
  const inflatedBytesMax = options.limits.inflatedBytesMax;
  const measured = {
    packPath: join(packDirectory, `${pack.name}.pack`),
    indexPath: join(packDirectory, `${pack.name}.idx`),
    index: pack.index,
    idLength: options.idLength,
    isolatedEnvironment,
    repositoryPath,
  };
  const inflated = await inflatedSize(runner, measured, inflatedBytesMax, options.signal);
  if (inflated <= inflatedBytesMax) return { outcome: "indexed", pack };
  return rejection("inflated-too-large", `the objects of a push may have at most ${inflatedBytesMax} bytes unpacked`);
}
