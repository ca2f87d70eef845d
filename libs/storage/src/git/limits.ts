const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What a git process is started for; each class has its own places, queue and limits. */
export type GitJobClass = "fetch" | "push" | "read" | "maintenance" | "resident" | "archive";

/** The bounds of one class of git processes. */
export interface GitJobLimits {
  /** Processes of this class that run at once. */
  readonly concurrentMax: number;
  /** Callers that wait for a place; one more is told `busy`. */
  readonly queueMax: number;
  /** Wall time of one process; 0 means no bound (long-lived readers). */
  readonly timeoutMs: number;
  /** Processor time of each process, enforced by the kernel; 0 means no bound. */
  readonly cpuSeconds: number;
  /** Address space of each process, enforced by the kernel: turns a memory bomb into a clean failure. */
  readonly addressSpaceBytes: number;
}

/** Bounds per class, for a node of two to eight processors. */
export const gitJobLimits: Readonly<Record<GitJobClass, GitJobLimits>> = {
  fetch: { concurrentMax: 16, queueMax: 128, timeoutMs: 60 * MINUTE_MS, cpuSeconds: 900, addressSpaceBytes: 8 * GIB },
  push: { concurrentMax: 8, queueMax: 128, timeoutMs: 30 * MINUTE_MS, cpuSeconds: 900, addressSpaceBytes: 4 * GIB },
  read: { concurrentMax: 8, queueMax: 256, timeoutMs: 30 * SECOND_MS, cpuSeconds: 30, addressSpaceBytes: 4 * GIB },
  archive: { concurrentMax: 4, queueMax: 32, timeoutMs: 10 * MINUTE_MS, cpuSeconds: 300, addressSpaceBytes: 4 * GIB },
  maintenance: {
    concurrentMax: 1,
    queueMax: 1024,
    timeoutMs: 120 * MINUTE_MS,
    cpuSeconds: 7200,
    addressSpaceBytes: 8 * GIB,
  },
  resident: { concurrentMax: 256, queueMax: 256, timeoutMs: 0, cpuSeconds: 0, addressSpaceBytes: 4 * GIB },
};

/** Spawner processes of one node. */
export const spawnerCountDefault = 2;

/** JavaScript heap of a spawner in MiB: it only starts processes. */
export const spawnerHeapMib = 64;

/** A spawner that connects back later than this has failed. */
export const spawnerConnectTimeoutMs = 10 * SECOND_MS;

/** A spawner that died is replaced after this long, twice as long each time that it dies at once. */
export const spawnerRestartDelayMs = 50;

/** The longest pause before a spawner that keeps dying is replaced. */
export const spawnerRestartDelayMsMax = 5 * SECOND_MS;

/** What git may say on its error output before the rest is dropped. */
export const stderrBytesMax = 64 * KIB;

/** What one call may collect in memory from git's output. */
export const collectedBytesMax = 16 * MIB;

/** The oldest git that the engine runs with: the one of Debian 12. */
export const gitVersionMin = [2, 39, 5] as const;

/** Blobs above this are streamed by git instead of held in memory (core.bigFileThreshold). */
export const bigFileThresholdBytes = 10 * MIB;

/** After the last byte of a pack, git may work this long on it… */
export const resolveTimeoutMs = 60 * SECOND_MS;

/** …and one second more for each of this many bytes: a small pack that takes minutes is a bomb. */
export const resolveBytesPerSecond = 256 * KIB;

/** A client whose pack git has read to its end has this long to end its stream, too. */
export const endOfPackTimeoutMs = 5 * SECOND_MS;

/** Objects of a push that are neither in its pack nor new: more than this are not looked at one by one. */
export const foreignObjectsMax = 50_000;

/** Commits of a push whose parents are kept in memory to prove fast-forwards of many refs at once. */
export const commitGraphMax = 200_000;

/** A walk that looks for unreachable objects may take this long. */
export const unreachableCheckTimeoutMs = 60 * SECOND_MS;

/** A long-lived process that nobody used for this long is ended. */
export const residentIdleMs = MINUTE_MS;

/** Requests after which a long-lived process is replaced, so that nothing it leaks can pile up. */
export const residentUsesMax = 100_000;

/** A long-lived process that owes an answer this long is ended. */
export const residentRequestTimeoutMs = 30 * SECOND_MS;

/** Requests that may wait at one long-lived process. */
export const residentQueueMax = 100_000;

/** Object readers of a node: one for each of the most recently used repositories. */
export const objectReadersMax = 48;

/** Ref writers of a node: one for each of the most recently written repositories. */
export const refWritersMax = 24;

/** Ref updates in one batch above which packed-refs is written instead: git takes 0.5 ms for each loose ref. */
export const looseRefUpdatesMax = 256;

/** Updates of unknown effect whose effect is looked up; when there are more, the worst is assumed. */
export const checkedRefUpdatesMax = 32;

/** The longest answer to a fetch. */
export const uploadPackBytesMax = 64 * GIB;

/** Objects up to this are read through the long-lived reader, which answers one at a time. */
export const residentContentsBytesMax = MIB;

/** What is read of a commit or tag object. */
export const commitBytesMax = MIB;

/** The largest tree object that is parsed: about 400,000 entries. */
export const treeBytesMax = 16 * MIB;

/** Tree entries that are kept in memory, of all repositories. */
export const cachedTreeLinesMax = 200_000;

/** Digits of the shortest abbreviation of an id: git's own minimum. */
export const abbreviationLengthMin = 4;

/** Commits of one page of a history. */
export const historyPageMax = 1000;

/** How long the last commits of a directory are looked for. */
export const lastCommitsDeadlineMs = 5 * SECOND_MS;

/** Entries of directories whose last commit is kept in memory, of all repositories. */
export const cachedLastCommitsMax = 200_000;

/** What is read of git's answer to a diff. */
export const diffOutputBytesMax = 16 * MIB;

/** The longest archive, compressed. */
export const archiveBytesMax = 8 * GIB;

/** What is read of git's answer to who wrote which line. */
export const blameOutputBytesMax = 32 * MIB;

/** Commits that one blame passes over. */
export const ignoredRevisionsMax = 500;

/** The longest patch that is given as text. */
export const patchBytesMax = 16 * MIB;

/** Files on either side that are compared with each other to find renames. */
export const renameCandidatesMax = 400;

/** How much of a diff is given unless the caller says otherwise. */
export const diffDefaults = { filesMax: 300, fileBytesMax: 512 * KIB, totalBytesMax: 4 * MIB } as const;

/**
 * A repository with this many packs is repacked. git finds objects among fifty packs quickly (its own gc.autoPackLimit);
 * a repack writes bitmaps and the commit-graph for the whole repository, so doing it often costs more than the pushes.
 */
export const packsBeforeRepackDefault = 30;

/** Packs that together have more than this are worth bitmaps at once. */
export const bitmapWorthBytes = MIB;

/** Full repacks of one repository are at least this far apart. */
export const fullRepackIntervalMs = 24 * 60 * MINUTE_MS;

/** Unreachable objects stay this long after a ref last stopped reaching any. */
export const unreachableGraceMsDefault = 14 * 24 * 60 * MINUTE_MS;

/** Disk that kept answers to clones may take. */
export const cachedResponseBytesMax = 2 * GIB;

/** Answers that are kept; each holds a file open. */
export const cachedResponsesMax = 256;

/** What is read of a kept answer at once. */
export const responseReadBytes = 256 * KIB;

/** Packs of pushes whose files are remembered by SHA-256, of all repositories. */
export const knownPacksMax = 10_000;

/** Looking through one repository for damage may take this long. */
export const verifyTimeoutMs = 120 * MINUTE_MS;

/** Threads of one git that packs or indexes; each costs memory, and many clients are served at once. */
export const packThreadsMax = 4;

/** Files on either side whose renames a merge looks for: part of what `mergeStrategy` 1 fixes, so it never changes. */
export const mergeRenameLimit = 1_000;

/** Commits that one rebase applies. */
export const rebaseCommitsMax = 250;

/** One merge, all its steps together. */
export const mergeTimeoutMs = 60 * SECOND_MS;

/** What is read of git's answer to a merge. */
export const mergeOutputBytesMax = 8 * MIB;

/** Conflicting paths that are named. */
export const conflictPathsMax = 1_000;

/** Names of a path that is written to a tree. */
export const treePathPartsMax = 128;

/** Objects that are made one by one are kept this long without a ref… */
export const draftLifeMs = 24 * 60 * MINUTE_MS;

/** …so many of one repository… */
export const draftCountMax = 10_000;

/** …that take so much disk; the oldest go first. */
export const draftBytesMax = 512 * MIB;

/** Repositories whose drafts are known in memory. */
export const draftIndexesMax = 1000;
