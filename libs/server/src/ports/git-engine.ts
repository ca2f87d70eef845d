import type { RefUpdate } from "@guts/git";
import type { ObjectFormat, ObjectId, RepositoryId } from "@guts/primitives";

import type { GitMerger } from "./git-merger.ts";
import type { GitWriter } from "./git-writer.ts";

/** How large a push may be. */
export interface PushLimits {
  readonly packBytesMax: number;
  readonly objectsMax: number;
  readonly inflatedBytesMax: number;
  readonly timeoutMs: number;
}

/** The types of git objects. */
export type GitObjectType = "commit" | "tag" | "tree" | "blob";

/** What the stored objects prove about one command of a push. */
export interface RefUpdateFacts {
  /** The old commit is an ancestor of the new one. False for creations and deletions. */
  readonly isFastForward: boolean;
  /** A merge commit is among those that the new commit reaches and the old one does not. False for creations and deletions. */
  readonly hasMerges: boolean;
  /** The type of the new object; undefined for a deletion. */
  readonly newType: GitObjectType | undefined;
}

/** Objects that are stored and checked, but that no reader sees yet. */
export interface Quarantine extends AsyncDisposable {
  /** Makes the objects part of the repository, durably. */
  promote(signal: AbortSignal): Promise<void>;
}

/** The verdict on the objects of a push. `message` is in plain words and safe to print. */
export type ReceiveOutcome =
  | {
      readonly outcome: "received";
      readonly quarantine: Quarantine;
      /** In the order of the commands. */
      readonly facts: readonly RefUpdateFacts[];
      /** SHA-256 in hexadecimal and bytes of each pack that was stored. */
      readonly packs: readonly { readonly sha256: string; readonly sizeBytes: number }[];
    }
  | { readonly outcome: "rejected"; readonly code: string; readonly message: string };

/** Who wrote or applied a commit or tag. `timeSeconds` since the epoch, `zoneMinutes` east of UTC. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
  readonly timeSeconds: number;
  readonly zoneMinutes: number;
}

/** A signature inside a commit or tag, and what it signs. */
export interface GitSignature {
  /** As it stands there, armoured; a character for each byte. */
  readonly text: string;
  /** Undefined when the object is larger than what is read of one. */
  readonly payload: Uint8Array | undefined;
}

/** A commit object. */
export interface GitCommit {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
  readonly signature: GitSignature | undefined;
}

/** An annotated tag object. */
export interface GitTag {
  readonly id: ObjectId;
  readonly target: ObjectId;
  readonly targetType: GitObjectType;
  readonly name: string;
  readonly tagger: GitPerson | undefined;
  /** With the signature that ends it, if there is one. */
  readonly message: string;
  readonly signature: GitSignature | undefined;
}

/** One entry of a tree. `sizeBytes` for blobs. `mode` is git's, in octal, such as `100644`. */
export interface GitTreeEntry {
  readonly name: string;
  readonly mode: string;
  readonly type: GitObjectType;
  readonly id: ObjectId;
  readonly sizeBytes: number | undefined;
}

/** A blob, or as much of it as was asked for. */
export interface GitBlob {
  readonly id: ObjectId;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
  readonly isTruncated: boolean;
  /** A NUL byte is among the first 8000, which is how git tells. */
  readonly isBinary: boolean;
}

/** One changed file. `patch` holds hunks only, without the `diff --git` lines. */
export interface GitFileDiff {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: "added" | "modified" | "deleted" | "renamed" | "copied" | "type-changed";
  readonly newId: ObjectId | undefined;
  /** git's modes in octal; undefined on the side where the file is not. */
  readonly oldMode: string | undefined;
  readonly newMode: string | undefined;
  readonly additions: number;
  readonly deletions: number;
  readonly isBinary: boolean;
  readonly patch: string;
  readonly isTruncated: boolean;
}

/** What a commit changed against its first parent. */
export interface GitDiff {
  readonly files: readonly GitFileDiff[];
  readonly additions: number;
  readonly deletions: number;
  /** Files are missing because there were too many. */
  readonly isTruncated: boolean;
}

/** git, as the doors need it. Object ids and paths are checked by the caller; undefined stands for "not there". */
export interface GitEngine extends GitMerger, GitWriter {
  readonly gitVersion: string;
  createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void>;
  deleteRepository(id: RepositoryId, signal: AbortSignal): Promise<void>;
  uploadPack(
    id: RepositoryId,
    options: {
      readonly protocol: 0 | 1 | 2;
      readonly body: Uint8Array;
      /** Requests of this repository with the same key have the same answer, which may be made once and kept. */
      readonly cacheKey?: string;
      readonly signal: AbortSignal;
    },
  ): AsyncIterable<Uint8Array>;
  findUnreachable(
    id: RepositoryId,
    options: { readonly wants: readonly ObjectId[]; readonly tips: readonly ObjectId[]; readonly signal: AbortSignal },
  ): Promise<readonly ObjectId[]>;
  receivePack(
    id: RepositoryId,
    options: {
      readonly commands: readonly RefUpdate[];
      readonly pack: AsyncIterable<Uint8Array> | undefined;
      readonly tips: Iterable<ObjectId>;
      readonly limits: PushLimits;
      readonly onProgress?: (text: string) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<ReceiveOutcome>;
  peel(id: RepositoryId, ids: readonly ObjectId[], signal: AbortSignal): Promise<ReadonlyMap<ObjectId, ObjectId>>;
  /** Every commit whose id begins with `prefix`, reachable or not; none when it is shorter than four digits. */
  commitsStartingWith(
    id: RepositoryId,
    options: { readonly prefix: string; readonly signal: AbortSignal },
  ): Promise<readonly ObjectId[]>;
  readCommit(id: RepositoryId, commit: ObjectId, signal: AbortSignal): Promise<GitCommit | undefined>;
  readTag(id: RepositoryId, tag: ObjectId, signal: AbortSignal): Promise<GitTag | undefined>;
  listTree(
    id: RepositoryId,
    options: { readonly commit: ObjectId; readonly path: string; readonly signal: AbortSignal },
  ): Promise<readonly GitTreeEntry[] | undefined>;
  readBlob(
    id: RepositoryId,
    options: BlobLocation & { readonly bytesMax: number; readonly signal: AbortSignal },
  ): Promise<GitBlob | undefined>;
  streamBlob(
    id: RepositoryId,
    options: { readonly blob: ObjectId; readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array>;
  log(
    id: RepositoryId,
    options: LogFilter & {
      readonly from: ObjectId;
      readonly skip: number;
      readonly limit: number;
      readonly signal: AbortSignal;
    },
  ): Promise<readonly GitCommit[]>;
  /** Commits that `head` reaches and `base` does not, at most `countMax`; undefined when either is not there. */
  countNewCommits(
    id: RepositoryId,
    options: {
      readonly base: ObjectId;
      readonly head: ObjectId;
      readonly countMax: number;
      readonly signal: AbortSignal;
    },
  ): Promise<number | undefined>;
  lastCommits(
    id: RepositoryId,
    options: { readonly commit: ObjectId; readonly path: string; readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<string, GitCommit>>;
  /** What a commit changed against its first parent, or what differs between two commits. */
  diff(
    id: RepositoryId,
    options: ({ readonly commit: ObjectId } | { readonly base: ObjectId; readonly head: ObjectId }) & {
      readonly signal: AbortSignal;
    },
  ): Promise<GitDiff | undefined>;
  /** What differs between two commits as git's own text: one diff, or a mail for each commit that only `head` has. */
  patchText(
    id: RepositoryId,
    options: CommitPair & { readonly format: "diff" | "patch" },
  ): Promise<Uint8Array | "too-large" | undefined>;
  /** Who brought each line of a file, in order; `ignored` commits are passed over. Undefined when it is not there. */
  blame(
    id: RepositoryId,
    options: {
      readonly commit: ObjectId;
      readonly path: string;
      readonly ignored: readonly ObjectId[];
      readonly signal: AbortSignal;
    },
  ): Promise<readonly BlameRange[] | undefined>;
  /** The files of a commit below the directory `prefix`, in one file; fails after the first byte when git cannot finish. */
  archive(
    id: RepositoryId,
    options: {
      readonly commit: ObjectId;
      readonly format: "tar.gz" | "zip";
      readonly prefix: string;
      readonly signal: AbortSignal;
    },
  ): AsyncIterable<Uint8Array>;
  /** Commits that only `head` has, and that only `base` has. */
  aheadBehind(
    id: RepositoryId,
    options: CommitPair,
  ): Promise<{ readonly ahead: number; readonly behind: number } | undefined>;
  /** The best common ancestor; undefined when there is none. */
  mergeBase(id: RepositoryId, options: CommitPair): Promise<ObjectId | undefined>;
}

/** Lines that one commit brought, one after the other; numbers count from 1. `previous` is the file before that commit. */
export interface BlameRange {
  readonly commit: ObjectId;
  readonly firstLine: number;
  readonly lineCount: number;
  readonly previous: { readonly commit: ObjectId; readonly path: string } | undefined;
}

/** Two commits to compare. */
export interface CommitPair {
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly signal: AbortSignal;
}

/** Which commits of a history are wanted. */
export interface LogFilter {
  readonly path?: string;
  /** Only commits that this one does not reach. */
  readonly exclude?: ObjectId;
  /** Text that `Name <email>` holds, whatever its case. */
  readonly author?: string;
  readonly committer?: string;
  /** By the committer's time, both included. */
  readonly sinceSeconds?: number;
  readonly untilSeconds?: number;
}

/** A blob by its own id, or by its path in a commit. */
export type BlobLocation = { readonly blob: ObjectId } | { readonly commit: ObjectId; readonly path: string };
