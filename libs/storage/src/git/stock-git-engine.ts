import { join } from "node:path";
import type { ObjectFormat, ObjectId, RefName, RepositoryId } from "@guts/primitives";
import { gitEnvironment } from "./environment.ts";
import { findUnreachable, type FindUnreachableOptions } from "./find-unreachable.ts";
import type { GitEngine, GitEngineOptions } from "./git-engine.ts";
import { detectGit } from "./git-version.ts";
import { packsBeforeRepackDefault, unreachableGraceMsDefault } from "./limits.ts";
import { KeyedMutex } from "./keyed-mutex.ts";
import { mergeCommits } from "./merge/merge-commits.ts";
import { type MergeOutcome, type MergeRequest, mergeStrategy } from "./merge/merge-outcome.ts";
import { Maintenance } from "./maintenance/maintenance.ts";
import type { RepackContext } from "./maintenance/repack.ts";
import { receivePack, type ReceivePackContext, type ReceivePackOptions } from "./push/receive-pack.ts";
import type { ReceiveOutcome } from "./push/receive-outcome.ts";
import { HeightTimes } from "./maintenance/height-times.ts";
import { ReachabilityRecord } from "./reachability.ts";
import { commitsStartingWith } from "./read/abbreviation.ts";
import { findMissing } from "./find-unreachable.ts";
import { KnownPacks, openPackFile, type PackFile } from "./replication/pack-file.ts";
import { packObjects, type PackObjectsOptions } from "./replication/pack-objects.ts";
import {
  receiveObjects,
  type ReceiveObjectsOptions,
  type ReceiveObjectsOutcome,
} from "./replication/receive-objects.ts";
import { type StagedRepository, Staging } from "./replication/staged-repository.ts";
import { type Verification, verifyRepository, type VerifyOptions } from "./replication/verify.ts";
import { archive, type ArchiveOptions } from "./read/archive.ts";
import { blame, type BlameOptions, type BlameRange } from "./read/blame.ts";
import { type BlobLocation, Browser, type GitBlob } from "./read/browser.ts";
import type { GitCommit, GitTag } from "./read/commit.ts";
import { Differ, type DiffOptions, type GitDiff } from "./read/diff.ts";
import { type AheadBehind, type CommitPair, History, type LogOptions } from "./read/history.ts";
import { LastCommitFinder, type LastCommits, type LastCommitsOptions } from "./read/last-commits.ts";
import { ObjectReaders } from "./read/object-readers.ts";
import { patchText, type PatchTextOptions } from "./read/patch-text.ts";
import type { GitTreeEntry, TreeLine } from "./read/tree.ts";
import { type ProjectedRef, RefProjection } from "./refs/ref-projection.ts";
import { type RepositoryPlace, RepositoryStore } from "./repository-store.ts";
import { ResponseCache } from "./response-cache.ts";
import { SpawnerPool } from "./spawner/spawner-pool.ts";
import { sweepRepository } from "./sweep.ts";
import { uploadPack, type UploadPackOptions } from "./upload-pack.ts";
import {
  type BuildRejection,
  type BuiltCommit,
  type CommitBuildOptions,
  type DraftOptions,
  type DraftOutcome,
  ObjectWriter,
} from "./write/object-writer.ts";

/**
 * Starts the spawners, finds git and opens the repositories. Throws `git-unusable` when there is no git or one too old.
 *
 * To be called while the process is still small: the spawners are forked from it.
 */
export async function openGitEngine(options: GitEngineOptions, signal: AbortSignal): Promise<GitEngine> {
  const runner = await SpawnerPool.open({
    gitPath: options.gitPath ?? "git",
    environment: gitEnvironment(options),
    ...(options.spawnerCount === undefined ? {} : { spawnerCount: options.spawnerCount }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  try {
    const version = await detectGit(runner, signal);
    const store = await RepositoryStore.open(options.directory);
    const responses = await ResponseCache.open(join(options.directory, "responses"), options.cachedResponseBytesMax);
    const heights = await HeightTimes.open(join(options.directory, "height-times.json"), options.holdBlocks ?? 0);
    return new StockGitEngine({ runner, version, store, responses, heights }, options);
  } catch (error) {
    await runner[Symbol.asyncDispose]();
    throw error;
  }
}

interface EngineParts {
  readonly runner: SpawnerPool;
  readonly version: string;
  readonly store: RepositoryStore;
  readonly responses: ResponseCache;
  readonly heights: HeightTimes;
}

/** Objects that are looked up by the long-lived reader; for more a process is started. */
const askedInProcessMax = 1_000;

/** Composes the parts of the engine; each method hands on to one of them. */
class StockGitEngine implements GitEngine {
  readonly gitVersion: string;
  readonly mergeStrategy = mergeStrategy;
  readonly #runner: SpawnerPool;
  readonly #store: RepositoryStore;
  readonly #locks = new KeyedMutex<RepositoryId>();
  readonly #record = new ReachabilityRecord();
  readonly #readers: ObjectReaders;
  readonly #projection: RefProjection;
  readonly #browser: Browser;
  readonly #history: History;
  readonly #lastCommits: LastCommitFinder;
  readonly #differ: Differ;
  readonly #writer: ObjectWriter;
  readonly #maintenance: Maintenance;
  readonly #responses: ResponseCache;
  readonly #heights: HeightTimes;
  readonly #knownPacks = new KnownPacks();

  constructor({ runner, version, store, responses, heights }: EngineParts, options: GitEngineOptions) {
    this.#responses = responses;
    this.#heights = heights;
    this.#runner = runner;
    this.#store = store;
    this.#readers = new ObjectReaders(runner);
    this.#projection = new RefProjection(runner, this.#record, this.#readers);
    this.#browser = new Browser(runner, this.#readers);
    this.#history = new History(runner, this.#browser, this.#readers);
    this.#lastCommits = new LastCommitFinder(runner, this.#browser);
    this.#differ = new Differ(runner, this.#browser, this.#readers);
    this.#writer = new ObjectWriter(this.#browser, this.#readers);
    const context: RepackContext = {
      runner,
      record: this.#record,
      locks: this.#locks,
      packsBeforeRepack: options.packsBeforeRepack ?? packsBeforeRepackDefault,
      unreachableGraceMs: options.unreachableGraceMs ?? unreachableGraceMsDefault,
      releasedBeforeMs: () => ((options.holdBlocks ?? 0) === 0 ? Date.now() : heights.releasedBeforeMs()),
      onRepacked: (id) => this.#readers.retire(id),
    };
    this.#maintenance = new Maintenance(context, options.onMaintenanceError ?? (() => undefined));
    this.gitVersion = version;
  }

  async createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void> {
    await this.#locks.run(id, signal, () => this.#store.create(id, format));
  }

  async forkRepository(
    id: RepositoryId,
    { source, format, signal }: { source: RepositoryId; format: ObjectFormat; signal: AbortSignal },
  ): Promise<void> {
    await this.#locks.run(id, signal, () => this.#store.fork(id, format, source));
  }

  async deleteRepository(id: RepositoryId, signal: AbortSignal): Promise<void> {
    this.#maintenance.cancel(id);
    await this.#locks.run(id, signal, async () => {
      this.#retire(id);
      await this.#store.delete(id);
    });
  }

  async receivePack(id: RepositoryId, options: ReceivePackOptions): Promise<ReceiveOutcome> {
    return receivePack(await this.#receiving(id), options);
  }

  async mergeCommits(id: RepositoryId, request: MergeRequest, signal: AbortSignal): Promise<MergeOutcome> {
    return mergeCommits({ runner: this.#runner, repositoryPath: await this.#store.existing(id) }, request, signal);
  }

  async receiveObjects(id: RepositoryId, options: ReceiveObjectsOptions): Promise<ReceiveObjectsOutcome> {
    return receiveObjects(await this.#receiving(id), options);
  }

  followHeight(height: number): void {
    this.#heights.follow(height, Date.now());
  }

  async hasPack(id: RepositoryId, sha256: string): Promise<boolean> {
    await using pack = await this.openPack(id, sha256);
    return pack !== undefined;
  }

  async openPack(id: RepositoryId, sha256: string): Promise<PackFile | undefined> {
    const path = this.#knownPacks.path(id, this.#store.path(id), sha256);
    return path === undefined ? undefined : openPackFile(`${path}.pack`);
  }

  async *packObjects(id: RepositoryId, options: PackObjectsOptions): AsyncGenerator<Uint8Array, void, undefined> {
    yield* packObjects(this.#runner, await this.#store.existing(id), options);
  }

  async findMissing(id: RepositoryId, ids: readonly ObjectId[], signal: AbortSignal): Promise<readonly ObjectId[]> {
    if (!(await this.#store.has(id))) return ids;
    const place = await this.#place(id);
    if (ids.length > askedInProcessMax)
      return findMissing(this.#runner, { repositoryPath: place.path, wants: ids, signal });
    const infos = await this.#readers.infos(place, ids);
    return ids.filter((_, index) => infos[index] === undefined);
  }

  async readProjectedRefs(id: RepositoryId, signal: AbortSignal): Promise<ReadonlyMap<RefName, ObjectId>> {
    if (!(await this.#store.has(id))) return new Map();
    return this.#projection.read(await this.#place(id), signal);
  }

  async verifyRepository(id: RepositoryId, options: VerifyOptions): Promise<Verification> {
    if (!(await this.#store.has(id))) return { outcome: "damaged", detail: "the repository is not there" };
    return verifyRepository(this.#runner, await this.#store.existing(id), options);
  }

  async stageRepository(id: RepositoryId, format: ObjectFormat): Promise<StagedRepository> {
    const replacing = (signal: AbortSignal, work: () => Promise<void>): Promise<void> => {
      this.#maintenance.cancel(id);
      return this.#locks.run(id, signal, async () => {
        this.#retire(id);
        await work();
      });
    };
    const context = { runner: this.#runner, store: this.#store, replacing };
    return new Staging(context, id, await this.#store.stage(id, format));
  }

  async *uploadPack(id: RepositoryId, options: UploadPackOptions): AsyncGenerator<Uint8Array, void, undefined> {
    const path = await this.#store.existing(id);
    if (options.cacheKey === undefined) yield* uploadPack(this.#runner, path, options);
    else {
      const { cacheKey: key, signal } = options;
      yield* this.#responses.get(id, { key, signal }, (abandoned) =>
        uploadPack(this.#runner, path, { ...options, signal: abandoned }),
      );
    }
  }

  async findUnreachable(
    id: RepositoryId,
    options: Omit<FindUnreachableOptions, "repositoryPath">,
  ): Promise<readonly ObjectId[]> {
    const place = await this.#place(id);
    if (await this.#record.mayHoldUnreachable(id, place.path)) {
      return findUnreachable(this.#runner, { ...options, repositoryPath: place.path });
    }
    const infos = await this.#readers.infos(place, options.wants);
    return options.wants.filter((_, index) => infos[index] === undefined);
  }

  async projectRefs(
    id: RepositoryId,
    updates: readonly ProjectedRef[],
    head: RefName,
    signal: AbortSignal,
  ): Promise<void> {
    const place = await this.#place(id);
    await this.#locks.run(id, signal, () => this.#projection.project(place, updates, head, signal));
    this.#maintenance.onProjected(place);
  }

  async rebuildRefs(
    id: RepositoryId,
    refs: Iterable<readonly [RefName, ObjectId]>,
    head: RefName,
    signal: AbortSignal,
  ): Promise<void> {
    const place = await this.#place(id);
    await this.#locks.run(id, signal, () => this.#projection.rebuild(place, new Map(refs), head, signal));
  }

  async syncRefs(): Promise<void> {
    await this.#projection.sync();
  }

  async peel(
    id: RepositoryId,
    ids: readonly ObjectId[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<ObjectId, ObjectId>> {
    signal.throwIfAborted();
    return this.#readers.peel(await this.#place(id), ids);
  }

  async commitsStartingWith(
    id: RepositoryId,
    options: { readonly prefix: string; readonly signal: AbortSignal },
  ): Promise<readonly ObjectId[]> {
    return commitsStartingWith(this.#runner, this.#readers, await this.#place(id), options);
  }

  async readCommit(id: RepositoryId, commit: ObjectId, signal: AbortSignal): Promise<GitCommit | undefined> {
    return this.#browser.readCommit(await this.#place(id), commit, signal);
  }

  async readTag(id: RepositoryId, tag: ObjectId, signal: AbortSignal): Promise<GitTag | undefined> {
    return this.#browser.readTag(await this.#place(id), tag, signal);
  }

  async listTree(
    id: RepositoryId,
    options: { readonly commit: ObjectId; readonly path: string; readonly signal: AbortSignal },
  ): Promise<readonly GitTreeEntry[] | undefined> {
    return this.#browser.listTree(await this.#place(id), options);
  }

  async readBlob(
    id: RepositoryId,
    options: BlobLocation & { readonly bytesMax: number; readonly signal: AbortSignal },
  ): Promise<GitBlob | undefined> {
    return this.#browser.readBlob(await this.#place(id), options);
  }

  async *streamBlob(
    id: RepositoryId,
    options: { readonly blob: ObjectId; readonly signal: AbortSignal },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#browser.streamBlob(await this.#place(id), options);
  }

  async log(id: RepositoryId, options: LogOptions): Promise<readonly GitCommit[]> {
    return this.#history.log(await this.#place(id), options);
  }

  async countCommits(id: RepositoryId, options: Pick<LogOptions, "from" | "path" | "signal">): Promise<number> {
    return this.#history.countCommits(await this.#place(id), options);
  }

  async countNewCommits(
    id: RepositoryId,
    options: CommitPair & { readonly countMax: number },
  ): Promise<number | undefined> {
    return this.#history.countNewCommits(await this.#place(id), options);
  }

  async lastCommits(id: RepositoryId, options: LastCommitsOptions): Promise<LastCommits> {
    return this.#lastCommits.find(await this.#place(id), options);
  }

  async diff(id: RepositoryId, options: DiffOptions): Promise<GitDiff | undefined> {
    return this.#differ.diff(await this.#place(id), options);
  }

  async patchText(id: RepositoryId, options: PatchTextOptions): Promise<Uint8Array | "too-large" | undefined> {
    const parts = { runner: this.#runner, readers: this.#readers };
    return patchText(parts, await this.#place(id), options);
  }

  async blame(id: RepositoryId, options: BlameOptions): Promise<readonly BlameRange[] | undefined> {
    const parts = { runner: this.#runner, readers: this.#readers };
    return blame(parts, await this.#place(id), options);
  }

  async *archive(id: RepositoryId, options: ArchiveOptions): AsyncGenerator<Uint8Array, void, undefined> {
    yield* archive(this.#runner, await this.#place(id), options);
  }

  async aheadBehind(id: RepositoryId, options: CommitPair): Promise<AheadBehind | undefined> {
    return this.#history.aheadBehind(await this.#place(id), options);
  }

  async mergeBase(id: RepositoryId, options: CommitPair): Promise<ObjectId | undefined> {
    return this.#history.mergeBase(await this.#place(id), options);
  }

  async buildCommit(id: RepositoryId, options: CommitBuildOptions): Promise<BuiltCommit | BuildRejection> {
    return this.#writer.buildCommit(await this.#place(id), options);
  }

  async draftObject(id: RepositoryId, options: DraftOptions): Promise<DraftOutcome> {
    return this.#writer.draft(await this.#place(id), options);
  }

  async packDrafts(
    id: RepositoryId,
    { root, ...context }: { readonly root: ObjectId; readonly format: ObjectFormat; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#writer.packDrafts({ place: await this.#place(id), ...context }, root);
  }

  async listDraftTree(
    id: RepositoryId,
    { tree, signal }: { readonly tree: ObjectId; readonly signal: AbortSignal },
  ): Promise<readonly TreeLine[] | undefined> {
    return this.#writer.listTree(await this.#place(id), tree, signal);
  }

  async maintain(id: RepositoryId, signal: AbortSignal): Promise<void> {
    await this.#maintenance.run(await this.#place(id), signal);
  }

  async sweep(): Promise<void> {
    await this.#store.sweep();
    for await (const path of this.#store.all()) await sweepRepository(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#maintenance[Symbol.asyncDispose]();
    this.#projection[Symbol.dispose]();
    this.#readers[Symbol.dispose]();
    await this.#runner[Symbol.asyncDispose]();
    await this.#responses[Symbol.asyncDispose]();
    await this.#heights.settled();
  }

  /** Ends and forgets everything that stands for a repository. The caller holds its lock. */
  #retire(id: RepositoryId): void {
    this.#record.forget(id);
    this.#readers.retire(id);
    this.#projection.retire(id);
    this.#responses.forget(id);
    this.#writer.drafts.forget(id);
  }

  async #receiving(id: RepositoryId): Promise<ReceivePackContext> {
    const repositoryPath = await this.#store.existing(id);
    const [runner, record, locks, knownPacks] = [this.#runner, this.#record, this.#locks, this.#knownPacks];
    return { runner, record, locks, knownPacks, repository: id, repositoryPath };
  }

  async #place(id: RepositoryId): Promise<RepositoryPlace> {
    return { id, path: await this.#store.existing(id) };
  }
}
