export { findLockHolder, lockDirectory, type DirectoryLock, type LockOutcome } from "./directory-lock.ts";
