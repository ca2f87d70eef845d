import type { ObjectFormat, ObjectId, RefName, RepositoryId } from "@guts/primitives";
import type { ReceivePackOptions } from "./push/receive-pack.ts";
import type { ReceiveOutcome } from "./push/receive-outcome.ts";
import type { ProjectedRef } from "./refs/ref-projection.ts";
import type { GitJobClass, GitJobLimits } from "./limits.ts";
import type { UploadPackOptions } from "./upload-pack.ts";

/** How a node runs git. */
export interface GitEngineOptions {
  /** The directory that holds `repositories/` and `temporary/`; nobody else writes there. */
  readonly directory: string;
  /** The git program; looked up in `path` unless it is a path itself. */
  readonly gitPath?: string;
  /** Where git and its tools are looked up. */
  readonly path?: string;
  /** Ref namespaces that no client may see or write. */
  readonly hiddenRefs?: readonly string[];
  /** Processes that start git for the node. */
  readonly spawnerCount?: number;
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

  /** Makes an empty repository, durably; one that is there stays as it is. */
  createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void>;

  /** Takes a repository away; one that is not there is fine. */
  deleteRepository(id: RepositoryId, signal: AbortSignal): Promise<void>;

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

  /** For each annotated tag among `ids`, what it finally points to; other objects have no entry. */
  peel(id: RepositoryId, ids: readonly ObjectId[], signal: AbortSignal): Promise<ReadonlyMap<ObjectId, ObjectId>>;

  /** Removes what a crash left behind. To be called once, before anything else is. */
  sweep(): Promise<void>;
}
