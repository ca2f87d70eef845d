import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { RepositoryId } from "@guts/primitives";
import { LRUCache } from "lru-cache";
import { isSystemError } from "../durable.ts";
import { knownPacksMax, responseReadBytes } from "../limits.ts";

/** A pack's file, readable until it is disposed even when a repack removes its name. */
export class PackFile implements AsyncDisposable {
  readonly sizeBytes: number;
  readonly #file: FileHandle;

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  /** The bytes from `offset` to the end, in pieces. */
  async *read(offset: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = offset; at < this.sizeBytes;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(responseReadBytes), 0, responseReadBytes, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** Opens a pack's file; undefined when it is not there. */
export async function openPackFile(path: string): Promise<PackFile | undefined> {
  try {
    const file = await open(path, "r");
    return new PackFile(file, (await file.stat()).size);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Which file holds the pack with a SHA-256: of the packs that came in since the start, the latest.
 *
 * A repack replaces them, and a restart forgets them; whoever asks for a pack that is not known gets its objects otherwise.
 */
export class KnownPacks {
  readonly #names = new LRUCache<string, string>({ max: knownPacksMax });

  /** Notes a pack: its SHA-256 in hexadecimal, and its file's name without the suffix. */
  note(id: RepositoryId, sha256: string, name: string): void {
    this.#names.set(`${id}/${sha256}`, name);
  }

  /** The path of the pack's file without its suffix, if the pack is known; it need not be there any more. */
  path(id: RepositoryId, repositoryPath: string, sha256: string): string | undefined {
    const name = this.#names.get(`${id}/${sha256}`);
    return name === undefined ? undefined : join(repositoryPath, "objects", "pack", name);
  }
}
