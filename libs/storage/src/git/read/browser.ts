import { LRUCache } from "lru-cache";
import type { ObjectId } from "@guts/primitives";
import { GitEngineError } from "../errors.ts";
import { cachedTreeLinesMax, commitBytesMax, residentContentsBytesMax, treeBytesMax } from "../limits.ts";
import type { ObjectType } from "../push/receive-outcome.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { ObjectInfo } from "../resident/cat-file.ts";
import type { GitProcess, GitRunner } from "../spawner/git-process.ts";
import { assertSuccess, outputOf } from "../spawner/output.ts";
import { decodeCommit, decodeTag, type GitCommit, type GitTag } from "./commit.ts";
import type { ObjectReaders } from "./object-readers.ts";
import { decodeTree, type GitTreeEntry, pathSegments, type TreeLine } from "./tree.ts";

/** Bytes at the start of a blob in which git looks for a NUL to call it binary. */
const BINARY_PROBE_BYTES = 8000;

/** A blob, or as much of it as was asked for. */
export interface GitBlob {
  readonly id: ObjectId;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
  readonly isTruncated: boolean;
  /** A NUL byte is among the first 8000, which is how git tells. */
  readonly isBinary: boolean;
}

/** A blob by its own id, or by its path in a commit. */
export type BlobLocation = { readonly blob: ObjectId } | { readonly commit: ObjectId; readonly path: string };

/** An object as far as it was read. */
interface ReadObject extends ObjectInfo {
  readonly bytes: Buffer;
}

/**
 * Reads objects for pages and the API. Paths are resolved here, name by name through parsed trees, so no text of a user
 * ever reaches git's revision syntax. Trees never change, so they are kept.
 */
export class Browser {
  readonly #runner: GitRunner;
  readonly #readers: ObjectReaders;
  readonly #trees = new LRUCache<string, readonly TreeLine[]>({
    maxSize: cachedTreeLinesMax,
    sizeCalculation: (lines) => lines.length + 1,
  });

  constructor(runner: GitRunner, readers: ObjectReaders) {
    this.#runner = runner;
    this.#readers = readers;
  }

  /** A commit; undefined when there is no commit with this id. */
  async readCommit(place: RepositoryPlace, id: ObjectId, signal: AbortSignal): Promise<GitCommit | undefined> {
    const object = await this.#read(place, id, "commit", { bytesMax: commitBytesMax, signal });
    return object === undefined ? undefined : withoutPartOf(object, decodeCommit(id, object.bytes));
  }

  /** Commits in the order of `ids`, without those that are not there. */
  async readCommits(
    place: RepositoryPlace,
    ids: readonly ObjectId[],
    signal: AbortSignal,
  ): Promise<readonly GitCommit[]> {
    const commits = await Promise.all(ids.map((id) => this.readCommit(place, id, signal)));
    return commits.filter((commit) => commit !== undefined);
  }

  /** An annotated tag; undefined when there is no tag object with this id. */
  async readTag(place: RepositoryPlace, id: ObjectId, signal: AbortSignal): Promise<GitTag | undefined> {
    const object = await this.#read(place, id, "tag", { bytesMax: commitBytesMax, signal });
    return object === undefined ? undefined : withoutPartOf(object, decodeTag(id, object.bytes));
  }

  /** The entries of a directory in git's order; undefined when there is no such directory. */
  async listTree(
    place: RepositoryPlace,
    options: { readonly commit: ObjectId; readonly path: string; readonly signal: AbortSignal },
  ): Promise<readonly GitTreeEntry[] | undefined> {
    const tree = await this.resolve(place, options);
    if (tree?.type !== "tree") return undefined;
    const lines = await this.treeLines(place, tree.id, options.signal);
    const blobs = lines.filter(({ type }) => type === "blob").map(({ id }) => id);
    const infos = await this.#readers.infos(place, blobs);
    const sizes = new Map(blobs.map((id, index) => [id, infos[index]?.sizeBytes]));
    return lines.map((line) => ({ ...line, sizeBytes: line.type === "blob" ? sizes.get(line.id) : undefined }));
  }

  /** A blob, at most `bytesMax` of it; undefined when there is no such blob. */
  async readBlob(
    place: RepositoryPlace,
    options: BlobLocation & { readonly bytesMax: number; readonly signal: AbortSignal },
  ): Promise<GitBlob | undefined> {
    const id = await this.#locateBlob(place, options);
    const object = id && (await this.#read(place, id, "blob", options));
    if (!object) return undefined;
    return {
      id: object.id,
      sizeBytes: object.sizeBytes,
      bytes: object.bytes,
      isTruncated: object.bytes.length < object.sizeBytes,
      isBinary: object.bytes.subarray(0, BINARY_PROBE_BYTES).includes(0),
    };
  }

  /** A blob of any size, in constant memory; throws `git-failed` when it is not there. */
  async *streamBlob(
    place: RepositoryPlace,
    { blob, signal }: { readonly blob: ObjectId; readonly signal: AbortSignal },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const process = await this.#startRead(place, "blob", blob, signal);
    yield* outputOf(process, Number.POSITIVE_INFINITY);
    await assertSuccess(process);
  }

  /** What a path in a commit (or tag, or tree) names; undefined when there is nothing. */
  async resolve(
    place: RepositoryPlace,
    { commit, path, signal }: { readonly commit: ObjectId; readonly path: string; readonly signal: AbortSignal },
  ): Promise<Omit<TreeLine, "name"> | undefined> {
    const segments = pathSegments(path);
    const root = await this.#readers.info(place, `${commit}^{tree}`);
    if (segments === undefined || root === undefined) return undefined;
    let found: Omit<TreeLine, "name"> = { mode: "040000", type: "tree", id: root.id };
    for (const segment of segments) {
      if (found.type !== "tree") return undefined;
      const line = (await this.treeLines(place, found.id, signal)).find(({ name }) => name === segment);
      if (line === undefined) return undefined;
      found = line;
    }
    return found;
  }

  /** The lines of a tree object; throws `output-too-large` for one of millions of entries. */
  async treeLines(place: RepositoryPlace, id: ObjectId, signal: AbortSignal): Promise<readonly TreeLine[]> {
    const key = `${place.id}:${id}`;
    const cached = this.#trees.get(key);
    if (cached !== undefined) return cached;
    const bytes = await this.treeBytes(place, id, signal);
    const lines = bytes === undefined ? [] : decodeTree(bytes, id.length === 40 ? 20 : 32);
    if (bytes !== undefined) this.#trees.set(key, lines);
    return lines;
  }

  /** The content of a tree object as it is; undefined when there is no such tree. Throws as {@link treeLines}. */
  async treeBytes(place: RepositoryPlace, id: ObjectId, signal: AbortSignal): Promise<Buffer | undefined> {
    const object = await this.#read(place, id, "tree", { bytesMax: treeBytesMax, signal });
    if (object === undefined || object.bytes.length === object.sizeBytes) return object?.bytes;
    throw new GitEngineError("output-too-large", "the directory has too many entries", {
      outputBytesMax: treeBytesMax,
    });
  }

  async #locateBlob(
    place: RepositoryPlace,
    location: BlobLocation & { readonly signal: AbortSignal },
  ): Promise<ObjectId | undefined> {
    if ("blob" in location) return location.blob;
    const found = await this.resolve(place, location);
    return found?.type === "blob" ? found.id : undefined;
  }

  /** Small objects come from the long-lived reader; a large one has a process of its own and blocks nobody. */
  async #read(
    place: RepositoryPlace,
    id: ObjectId,
    type: ObjectType,
    { bytesMax, signal }: { readonly bytesMax: number; readonly signal: AbortSignal },
  ): Promise<ReadObject | undefined> {
    signal.throwIfAborted();
    const info = await this.#readers.info(place, id);
    if (info?.type !== type) return undefined;
    if (info.sizeBytes > residentContentsBytesMax) {
      const process = await this.#startRead(place, type, id, signal);
      return { ...info, bytes: await readStart(process, bytesMax) };
    }
    const contents = await this.#readers.contents(place, id);
    return contents && { ...contents, bytes: contents.bytes.subarray(0, bytesMax) };
  }

  #startRead(place: RepositoryPlace, type: ObjectType, id: ObjectId, signal: AbortSignal): Promise<GitProcess> {
    return this.#runner.run({ class: "read", args: ["cat-file", type, id], repositoryPath: place.path, signal });
  }
}

/** Nothing can be said of a signature over bytes that were not read. */
function withoutPartOf<Signed extends GitCommit | GitTag>({ bytes, sizeBytes }: ReadObject, signed: Signed): Signed {
  if (signed.signature === undefined || bytes.length === sizeBytes) return signed;
  return { ...signed, signature: { ...signed.signature, payload: undefined } };
}

/** The first bytes of git's output; the rest is not made. */
async function readStart(process: GitProcess, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of outputOf(process, Number.POSITIVE_INFINITY)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= bytesMax) return Buffer.concat(chunks).subarray(0, bytesMax);
  }
  await assertSuccess(process);
  return Buffer.concat(chunks);
}
