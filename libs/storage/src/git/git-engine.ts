import type { ObjectFormat, ObjectId, RefName, RepositoryId } from "@guts/primitives";
import type { MaintenanceErrorHandler } from "./maintenance/maintenance.ts";
import type { ReceivePackOptions } from "./push/receive-pack.ts";
import type { ReceiveOutcome } from "./push/receive-outcome.ts";
import type { ProjectedRef } from "./refs/ref-projection.ts";
import type { GitJobClass, GitJobLimits } from "./limits.ts";
import type { ArchiveOptions } from "./read/archive.ts";
import type { BlameOptions, BlameRange } from "./read/blame.ts";
import type { BlobLocation, GitBlob } from "./read/browser.ts";
import type { GitCommit, GitTag } from "./read/commit.ts";
import type { DiffOptions, GitDiff } from "./read/diff.ts";
import type { PatchTextOptions } from "./read/patch-text.ts";
import type { AheadBehind, CommitPair, LogOptions } from "./read/history.ts";
import type { LastCommits, LastCommitsOptions } from "./read/last-commits.ts";
import type { GitTreeEntry, TreeLine } from "./read/tree.ts";
import type { MergeOutcome, MergeRequest } from "./merge/merge-outcome.ts";
import type { PackFile } from "./replication/pack-file.ts";
import type { PackObjectsOptions } from "./replication/pack-objects.ts";
import type { ReceiveObjectsOptions, ReceiveObjectsOutcome } from "./replication/receive-objects.ts";
import type { StagedRepository } from "./replication/staged-repository.ts";
import type { Verification, VerifyOptions } from "./replication/verify.ts";
import type {
  BuildRejection,
  BuiltCommit,
  CommitBuildOptions,
  DraftOptions,
  DraftOutcome,
} from "./write/object-writer.ts";
import type { UploadPackOptions } from "./upload-pack.ts";

/** How a node runs git. */
export interface GitEngineOptions {
  /** The directory that holds `repositories/`, `temporary/` and `responses/`; nobody else writes there. */
  readonly directory: string;
  /** The git program; looked up in `path` unless it is a path itself. */
  readonly gitPath?: string;
  /** Where git and its tools are looked up. */
  readonly path?: string;
  /** Ref namespaces that no client may see or write. */
  readonly hiddenRefs?: readonly string[];
  /** Processes that start git for the node. */
  readonly spawnerCount?: number;
  /** Disk that kept answers to clones may take. */
  readonly cachedResponseBytesMax?: number;
  /** Packs of one repository that are due to be joined. */
  readonly packsBeforeRepack?: number;
  /** How long unreachable objects are kept, in milliseconds. */
  readonly unreachableGraceMs?: number;
  /**
   * Blocks for which a storage receipt promises its objects, at most; 0 when no receipts are given. Objects that no ref reaches
   * are kept until the chain, as told by `followHeight`, has passed that since they came, and for the grace time besides.
   */
  readonly holdBlocks?: number;
  /** Told of failures of maintenance, which runs by itself after pushes; repositories stay usable. */
  readonly onMaintenanceError?: MaintenanceErrorHandler;
  /** Overrides of the bounds of git processes. */
  readonly limits?: Partial<Record<GitJobClass, Partial<GitJobLimits>>>;
}

/**
 * The git repositories of a node. All pack work is done by the stock git binary; this is the only place that starts it.
 *
 * Refs on disk are a projection: the ledger says what they are, and callers pass the ledger's refs as `tips`. Every
 * method throws {@link GitEngineError} or the signal's reason; what a client sent is refused by a value.
 */
export interface GitEngine extends AsyncDisposable {
  /** For example `2.39.5`. */
  readonly gitVersion: string;

  /** The rules by which this node merges, as a number that receipts name. */
  readonly mergeStrategy: number;

  /** Makes an empty repository, durably; one that is there stays as it is. */
  createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void>;

  /**
   * Makes a repository with the objects of another, whatever their size, durably; without them where there is no such repository. One that
   * is there stays as it is. Refs are the caller's to project.
   */
  forkRepository(
    id: RepositoryId,
    options: { readonly source: RepositoryId; readonly format: ObjectFormat; readonly signal: AbortSignal },
  ): Promise<void>;

  /** Takes a repository away; one that is not there is fine. */
  deleteRepository(id: RepositoryId, signal: AbortSignal): Promise<void>;

  /** The chain has finalized this height: what receipts promised up to it may go. */
  followHeight(height: number): void;

  /** Whether the pack with this SHA-256 (hexadecimal) came in since the start and is still there as a file. */
  hasPack(id: RepositoryId, sha256: string): Promise<boolean>;

  /** That pack's file, which its caller disposes; undefined when it is not there as a file (any more). */
  openPack(id: RepositoryId, sha256: string): Promise<PackFile | undefined>;

  /** A pack of what the wants reach and the haves do not; each of them must be here. */
  packObjects(id: RepositoryId, options: PackObjectsOptions): AsyncIterable<Uint8Array>;

  /** Takes a pack that completes what refs of the ledger reach; see {@link receivePack} for pushes. */
  receiveObjects(id: RepositoryId, options: ReceiveObjectsOptions): Promise<ReceiveObjectsOutcome>;

  /** The ids that are no objects of this repository; all of them when there is no such repository. */
  findMissing(id: RepositoryId, ids: readonly ObjectId[], signal: AbortSignal): Promise<readonly ObjectId[]>;

  /** The refs as they are on disk: what was projected last. None when there is no such repository. */
  readProjectedRefs(id: RepositoryId, signal: AbortSignal): Promise<ReadonlyMap<RefName, ObjectId>>;

  /** Looks for damage. A repository that is not there is damaged. */
  verifyRepository(id: RepositoryId, options: VerifyOptions): Promise<Verification>;

  /** Begins a repository anew, beside the one that it will replace. */
  stageRepository(id: RepositoryId, format: ObjectFormat): Promise<StagedRepository>;

  /**
   * Merges two commits of the repository in a quarantine. The same request gives the same result on every node whose git merges
   * alike; to become part of the repository it goes the way of a push, by {@link receivePack}.
   */
  mergeCommits(id: RepositoryId, request: MergeRequest, signal: AbortSignal): Promise<MergeOutcome>;

  /** Streams a pack into a quarantine, indexes it strictly, and proves what policy needs to know of every command. */
  receivePack(id: RepositoryId, options: ReceivePackOptions): Promise<ReceiveOutcome>;

  /**
   * Serves an upload-pack request whose wants were checked; yields the response's body as git makes it. Git ends when the
   * consumer stops or the signal aborts.
   */
  uploadPack(id: RepositoryId, options: UploadPackOptions): AsyncIterable<Uint8Array>;

  /**
   * The wants that no tip reaches, also those that are not there. Exact; costs next to nothing as long as the repository
   * cannot hold an unreachable object. Throws `timeout` when a walk takes too long.
   */
  findUnreachable(
    id: RepositoryId,
    options: {
      readonly wants: readonly ObjectId[];
      /** The values of all refs that the reader may see. */
      readonly tips: readonly ObjectId[];
      readonly signal: AbortSignal;
    },
  ): Promise<readonly ObjectId[]>;

  /**
   * Brings refs on disk to the given values, in order; the zero id removes one. Idempotent. Throws `ref-conflict` when the
   * refs on disk leave no room for an update: then rebuild them.
   */
  projectRefs(id: RepositoryId, updates: readonly ProjectedRef[], head: RefName, signal: AbortSignal): Promise<void>;

  /** Makes the refs on disk exactly these, whatever they were. For a projection that was lost, and for bulk imports. */
  rebuildRefs(
    id: RepositoryId,
    refs: Iterable<readonly [RefName, ObjectId]>,
    head: RefName,
    signal: AbortSignal,
  ): Promise<void>;

  /** Makes what `projectRefs` wrote durable. Until then a power loss may take it back; rebuild the refs then. */
  syncRefs(): Promise<void>;

  /** For each annotated tag among `ids`, what it finally points to; other objects have no entry. */
  peel(id: RepositoryId, ids: readonly ObjectId[], signal: AbortSignal): Promise<ReadonlyMap<ObjectId, ObjectId>>;

  /** Every commit whose id begins with `prefix`, reachable or not; none when it is shorter than four digits. */
  commitsStartingWith(
    id: RepositoryId,
    options: { readonly prefix: string; readonly signal: AbortSignal },
  ): Promise<readonly ObjectId[]>;

  /** A commit; undefined when there is no commit with this id. */
  readCommit(id: RepositoryId, commit: ObjectId, signal: AbortSignal): Promise<GitCommit | undefined>;

  /** An annotated tag; undefined when there is no tag object with this id. */
  readTag(id: RepositoryId, tag: ObjectId, signal: AbortSignal): Promise<GitTag | undefined>;

  /** The entries of a directory of a commit, in git's order; undefined when there is no such directory. */
  listTree(
    id: RepositoryId,
    options: { readonly commit: ObjectId; readonly path: string; readonly signal: AbortSignal },
  ): Promise<readonly GitTreeEntry[] | undefined>;

  /** A blob, at most `bytesMax` of it; undefined when there is no such blob. */
  readBlob(
    id: RepositoryId,
    options: BlobLocation & { readonly bytesMax: number; readonly signal: AbortSignal },
  ): Promise<GitBlob | undefined>;

  /** A blob of any size in pieces, in constant memory; throws `git-failed` when it is not there. */
  streamBlob(
    id: RepositoryId,
    options: { readonly blob: ObjectId; readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array>;

  /** Commits from `from` backwards, newest first, at most `limit` of them; empty when it is not there. */
  log(id: RepositoryId, options: LogOptions): Promise<readonly GitCommit[]>;

  /** How many commits `from` reaches, or how many of them change `path`. */
  countCommits(id: RepositoryId, options: Pick<LogOptions, "from" | "path" | "signal">): Promise<number>;

  /** How many commits `head` reaches and `base` does not, at most `countMax`; undefined when either is not there. */
  countNewCommits(id: RepositoryId, options: CommitPair & { readonly countMax: number }): Promise<number | undefined>;

  /** For each entry of a directory, the newest commit that changed it; what was found before the deadline. */
  lastCommits(id: RepositoryId, options: LastCommitsOptions): Promise<LastCommits>;

  /** What a commit changed against its first parent, or what differs between two commits; undefined when one is not there. */
  diff(id: RepositoryId, options: DiffOptions): Promise<GitDiff | undefined>;

  /** What differs between two commits as git's own text; undefined when one is not there. */
  patchText(id: RepositoryId, options: PatchTextOptions): Promise<Uint8Array | "too-large" | undefined>;

  /** Who brought each line of a file, in order; undefined when it is not there. Throws `timeout`, `output-too-large`. */
  blame(id: RepositoryId, options: BlameOptions): Promise<readonly BlameRange[] | undefined>;

  /** The files of a commit in one file, as git makes it; throws after the first byte when git cannot finish. */
  archive(id: RepositoryId, options: ArchiveOptions): AsyncIterable<Uint8Array>;

  /** How far two commits are apart; undefined when one is not there. */
  aheadBehind(id: RepositoryId, options: CommitPair): Promise<AheadBehind | undefined>;

  /** The best common ancestor of two commits; undefined when they have none or one is not there. */
  mergeBase(id: RepositoryId, options: CommitPair): Promise<ObjectId | undefined>;

  /** Makes a commit that changes files of another one, and a pack of what the repository lacks of it. Stores nothing. */
  buildCommit(id: RepositoryId, options: CommitBuildOptions): Promise<BuiltCommit | BuildRejection>;

  /** Keeps an object aside, for a day at most, until a ref is moved to what leads to it. */
  draftObject(id: RepositoryId, options: DraftOptions): Promise<DraftOutcome>;

  /** A pack of this draft and the drafts that it leads to; undefined when it is none. */
  packDrafts(
    id: RepositoryId,
    options: { readonly root: ObjectId; readonly format: ObjectFormat; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined>;

  /** The entries of a tree that is a draft or in the repository; undefined when there is none. */
  listDraftTree(
    id: RepositoryId,
    options: { readonly tree: ObjectId; readonly signal: AbortSignal },
  ): Promise<readonly TreeLine[] | undefined>;

  /**
   * Repacks a repository now. It happens by itself after pushes when there are many packs; objects that no ref reaches are
   * dropped when their grace time is over.
   */
  maintain(id: RepositoryId, signal: AbortSignal): Promise<void>;

  /** Removes what a crash left behind. To be called once, before anything else is. */
  sweep(): Promise<void>;
}
