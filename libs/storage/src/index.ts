export { GitEngineError, isGitEngineError, type GitEngineErrorCode, type GitEngineErrorData } from "./git/errors.ts";
export type { GitEngine, GitEngineOptions } from "./git/git-engine.ts";
export type { GitJobClass, GitJobLimits } from "./git/limits.ts";
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
export { openGitEngine } from "./git/stock-git-engine.ts";

export { findLockHolder, lockDirectory, type DirectoryLock, type LockOutcome } from "./directory-lock.ts";
