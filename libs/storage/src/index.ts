export { findLockHolder, lockDirectory, type DirectoryLock, type LockOutcome } from "./directory-lock.ts";
export { BlockLog, type LoggedBlock } from "./chain/block-log.ts";
export { ContentLog } from "./chain/content-log.ts";
export { SegmentLog, type LogPosition, type LogRecord } from "./chain/segment-log.ts";
export { StateStore, type CommitPlace, type StoredBlock, type StoredResult } from "./chain/state-store.ts";
export { StorageError, type StorageErrorCode } from "./errors.ts";
export { PrivateStore } from "./private-store.ts";
