export { GitEngineError, isGitEngineError, type GitEngineErrorCode, type GitEngineErrorData } from "./git/errors.ts";
export type { GitEngine, GitEngineOptions } from "./git/git-engine.ts";
export type { GitJobClass, GitJobLimits } from "./git/limits.ts";
export {
  mergeStrategy,
  type Merged,
  type MergeConflict,
  type MergeConflicts,
  type MergeMethod,
  type MergeOutcome,
  type MergeRefusal,
  type MergeRefusalCode,
  type MergeRequest,
} from "./git/merge/merge-outcome.ts";
export type { MergeClaim } from "./git/merge/recompute-merge.ts";
export type {
  ObjectType,
  PushLimits,
  Quarantine,
  ReceiveOutcome,
  ReceiveRejection,
  ReceiveRejectionCode,
  RefUpdateFacts,
  StoredPack,
} from "./git/push/receive-outcome.ts";
export type { ReceivePackOptions } from "./git/push/receive-pack.ts";
export type { ArchiveOptions } from "./git/read/archive.ts";
export type { BlameOptions, BlameRange } from "./git/read/blame.ts";
export type { BlobLocation, GitBlob } from "./git/read/browser.ts";
export type { GitCommit, GitPerson, GitTag } from "./git/read/commit.ts";
export type { GitSignature } from "./git/read/object-signature.ts";
export type { DiffOptions, GitDiff } from "./git/read/diff.ts";
export {
  parseHunks,
  type DiffHunk,
  type DiffLimits,
  type DiffLine,
  type FileStatus,
  type GitFileDiff,
} from "./git/read/diff-parser.ts";
export type { PatchTextOptions } from "./git/read/patch-text.ts";
export type { AheadBehind, CommitPair, LogFilter, LogOptions } from "./git/read/history.ts";
export type { LastCommits, LastCommitsOptions } from "./git/read/last-commits.ts";
export type { GitTreeEntry } from "./git/read/tree.ts";
export type { ProjectedRef } from "./git/refs/ref-projection.ts";
export { openPackFile, type PackFile } from "./git/replication/pack-file.ts";
export type { PackObjectsOptions } from "./git/replication/pack-objects.ts";
export type { ReceiveObjectsOptions, ReceiveObjectsOutcome } from "./git/replication/receive-objects.ts";
export type { StagedRepository } from "./git/replication/staged-repository.ts";
export type { Verification, VerifyOptions } from "./git/replication/verify.ts";
export { KeyedMutex } from "./git/keyed-mutex.ts";
export { openGitEngine } from "./git/stock-git-engine.ts";
export type { UploadPackOptions } from "./git/upload-pack.ts";
export type { TreeChange, TreeEditRejection } from "./git/write/edit-tree.ts";
export type { CommitFields, NewObject, TagFields } from "./git/write/object-encoding.ts";
export type {
  BuildRejection,
  BuiltCommit,
  CommitBuildOptions,
  DraftOptions,
  DraftOutcome,
  FileChange,
} from "./git/write/object-writer.ts";

export { findLockHolder, lockDirectory, type DirectoryLock, type LockOutcome } from "./directory-lock.ts";
export { BlockLog, BlockReader, type LoggedBlock } from "./chain/block-log.ts";
export { SegmentJournal } from "./chain/journal.ts";
export { ContentLog, openContentReader, type ContentReader } from "./chain/content-log.ts";
export { makeDirectory, syncDirectory } from "./chain/durable-files.ts";
export { SegmentLog } from "./chain/segment-log.ts";
export type { LogPosition, LogRecord } from "./chain/segment-reader.ts";
export { StateStore, type CommitPlace } from "./chain/state-store.ts";
export { recentChangesBlocks, StateView, type StoredBlock, type StoredResult } from "./chain/state-view.ts";
export { StorageError, type StorageErrorCode } from "./errors.ts";
export { PrivateStore, type StoredPasskey } from "./private-store.ts";
