import type { ObjectId } from "@guts/primitives";

/** How large a push may be. Every bound is enforced while the pack streams in or right after, never by trust. */
export interface PushLimits {
  /** Bytes of the pack on the wire. */
  readonly packBytesMax: number;
  /** Objects in the pack, by its header. */
  readonly objectsMax: number;
  /** Sum of the sizes of all objects of the pack once unpacked. */
  readonly inflatedBytesMax: number;
  /** Wall time from the first byte to the last check. */
  readonly timeoutMs: number;
}

/** Why a push cannot be stored. The codes are closed; `message` says it in plain words and is safe to print. */
export type ReceiveRejectionCode =
  | "pack-missing"
  | "pack-corrupt"
  | "pack-too-large"
  | "too-many-objects"
  | "inflated-too-large"
  | "object-malformed"
  | "missing-objects"
  | "timeout"
  | "too-complex"
  | "merge-differs";

/** A refusal of the whole push; nothing of it was kept. */
export interface ReceiveRejection {
  readonly outcome: "rejected";
  readonly code: ReceiveRejectionCode;
  readonly message: string;
}

/** The types of git objects. */
export type ObjectType = "commit" | "tag" | "tree" | "blob";

/** What the stored objects prove about one command. */
export interface RefUpdateFacts {
  /** `old` is an ancestor of `new`, or the same commit. False for creations and deletions. */
  readonly isFastForward: boolean;
  /** A commit with several parents is among those that `new` reaches and `old` does not. False for creations and deletions. */
  readonly hasMerges: boolean;
  /** The type of `new`; undefined for a deletion. A branch must name a commit. */
  readonly newType: ObjectType | undefined;
  /** What `new` finally points to: itself unless it is an annotated tag; undefined for a deletion. */
  readonly peeledId: ObjectId | undefined;
  /** Commits that this command adds to the repository; known when it is the only one of the push that adds any. */
  readonly commitCount: number | undefined;
}

/** One pack as it is stored: self-contained, so that another node can index it alone. */
export interface StoredPack {
  /** SHA-256 of the file, lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Objects that are stored and checked, but that no reader sees yet. */
export interface Quarantine extends AsyncDisposable {
  /**
   * Makes the objects part of the repository, durably: when it returns, pack, index and directories are synced.
   * Dispose the quarantine only after the refs were projected, or the push is known to have failed.
   */
  promote(signal: AbortSignal): Promise<void>;
  /** Where the pack's file is now, for sending it on; undefined when the push brought no objects. */
  readonly packPath: string | undefined;
}

/** The verdict on a push. */
export type ReceiveOutcome =
  | {
      readonly outcome: "received";
      readonly quarantine: Quarantine;
      /** In the order of the commands. */
      readonly facts: readonly RefUpdateFacts[];
      readonly packs: readonly StoredPack[];
    }
  | ReceiveRejection;

/** Makes a refusal. */
export function rejection(code: ReceiveRejectionCode, message: string): ReceiveRejection {
  return { outcome: "rejected", code, message };
}
