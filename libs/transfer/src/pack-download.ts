/**
 * Fetches a pack into a file: resumed where it broke off, never larger than was said, and used only when its SHA-256 is right.
 */
import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { PackRef } from "@guts/ledger";
import { equalBytes, toHex } from "@guts/primitives";
import { isTransferError, TransferError } from "./errors.ts";
import { chunkBytes, fruitlessAttemptsMax, retryDelayMs } from "./limits.ts";
import type { PackOffer } from "./messages.ts";
import type { PackChannel } from "./pack-channel.ts";

/** One pack from one holder. */
export interface PackDownloadOptions {
  readonly pack: PackRef;
  /** Where the file is made. */
  readonly directory: string;
  readonly channel: Pick<PackChannel, "fetch">;
  /** A grant for the bytes from `offset` on. Throws when the holder has none to give. */
  readonly offerFrom: (offset: number) => Promise<PackOffer>;
  readonly signal: AbortSignal;
}

/** A pack that was fetched and whose digest is right. Disposing it removes the file. */
export interface DownloadedPack extends AsyncDisposable {
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Fetches a pack from one holder.
 *
 * Attempts go on as long as each brings something new. Throws `TransferError` when the holder is to be given up, with the
 * codes of the last attempt, or the signal's reason; then no file is left.
 */
export async function downloadPack(options: PackDownloadOptions): Promise<DownloadedPack> {
  const { pack, directory } = options;
  const path = join(directory, `${toHex(pack.sha256)}-${nextName++}`);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(path, { force: true }));
  const digest = createHash("sha256");
  {
    await using file = await open(path, "wx", 0o600);
    await receiveAll(options, async (chunk) => {
      digest.update(chunk);
      await file.write(chunk);
    });
  }
  if (!equalBytes(digest.digest(), pack.sha256))
    throw new TransferError("wrong-bytes", "the bytes are not those of the pack", undefined);
  const kept = cleanup.move();
  return {
    read: () => readFile(path),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The bytes of a file. That it cannot be read is told to whoever reads, and to nobody else. */
async function* readFile(path: string): AsyncIterable<Uint8Array> {
  await using file = await open(path);
  yield* file.createReadStream({ highWaterMark: chunkBytes, autoClose: false });
}

/** Names of files in this process differ, so that two downloads of one pack do not meet. */
let nextName = 0;

async function receiveAll(
  { pack, channel, offerFrom, signal }: PackDownloadOptions,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  let offset = 0;
  let fruitless = 0;
  while (offset < pack.sizeBytes) {
    const before = offset;
    try {
      const offer = await offerFrom(offset);
      assertOffers(offer, pack, offset);
      for await (const chunk of channel.fetch(offer, offset, signal)) {
        await take(chunk);
        offset += chunk.length;
      }
    } catch (error) {
      signal.throwIfAborted();
      fruitless = offset > before ? 0 : fruitless + 1;
      if (!isWorthAnAttempt(error) || fruitless >= fruitlessAttemptsMax) throw error;
      await delay(retryDelayMs * fruitless, undefined, { signal });
    }
  }
}

/** The way broke, or the grant did: the same holder may still have the rest. */
function isWorthAnAttempt(error: unknown): boolean {
  if (isTransferError(error, "broken")) return true;
  if (!isTransferError(error, "refused")) return false;
  const { reason } = error.data;
  return reason === "busy" || reason === "grant-expired" || reason === "grant-used";
}

function assertOffers({ signed: { grant } }: PackOffer, pack: PackRef, offset: number): void {
  const isSame = equalBytes(grant.pack.sha256, pack.sha256) && grant.pack.sizeBytes === pack.sizeBytes;
  if (!isSame || grant.offset > offset)
    throw new TransferError("malformed", "the holder offered something else than was asked for", undefined);
}
