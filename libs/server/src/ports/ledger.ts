import type {
  CertifiedUpdate,
  IssueKey,
  MergedUpdate,
  Content,
  ContentRef,
  ForgeState,
  InadmissibleCode,
  KindName,
  LedgerCommand,
  PackRef,
  PushCertificate,
  RejectionCode,
  ResultOf,
} from "@guts/ledger";
import type { AccountId, Digest, Height, NodeId, RepositoryId, TimeMs } from "@guts/primitives";

import type { QuorumState } from "./network.ts";

/** The ledger as this node has applied it. Reads are synchronous and see one height. */
export interface Ledger {
  readonly networkId: Digest;
  readonly nodeId: NodeId;
  /** The newest applied state. */
  state(): ForgeState;
  /** Height and time of the newest applied block. */
  height(): Height;
  time(): TimeMs;
  /**
   * Whether this node has all objects that a repository's refs reach. `behind`: the state shows the refs that are whole here, and
   * the rest is being fetched. `absent`: nothing is whole yet, so nothing can be read.
   */
  completeness(repository: RepositoryId): RepositoryCompleteness;
  /** Resolves when this height is applied. Throws the signal's reason. */
  waitForHeight(height: Height, signal: AbortSignal): Promise<void>;
  /** The text behind a reference; undefined when it was redacted. */
  text(ref: ContentRef): string | undefined;
  /** The bytes behind a reference, such as a picture; undefined when they were redacted. */
  bytes(ref: ContentRef): Uint8Array | undefined;
}

/** How much of a repository a node has. */
export type RepositoryCompleteness = "complete" | "behind" | "absent";

/**
 * On whose word a command is submitted: a credential seen by this node, the account's delegation to this node, or, for a push
 * alone, what the account's git signed.
 */
export type Authority =
  | { readonly account: AccountId; readonly credential: Digest }
  /** A push as git signed it: with the powers of the key that did or, of one that lends none, with those of a credential. */
  | { readonly account: AccountId; readonly certificate: PushCertificate; readonly countersigned?: Digest }
  | { readonly account: AccountId; readonly delegation: true };

/** What a submission carries besides its command. */
export interface SubmitOptions {
  readonly by: Authority;
  /** Detached texts that the payload commits to. */
  readonly contents?: readonly Content[];
  /** The client's key, any text: a repetition is applied once and gets the first answer. */
  readonly idempotencyKey?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * What became of a submission. `refused`: decided early, nothing was submitted. After that only `applied`, `rejected`
 * at a height, or `unknown` until a time; the last is never a refusal.
 */
export type SubmitOutcome<Result> =
  | { readonly outcome: "applied"; readonly height: Height; readonly transactionId: Digest; readonly result: Result }
  | { readonly outcome: "refused"; readonly rejection: SubmitRejection }
  /** Also decided early: too few validators hold the objects of a push. The words say what is missing, to the pusher. */
  | { readonly outcome: "refused"; readonly rejection: "receipts-missing"; readonly words: string }
  /** Also decided early: validators compute other merges. The words name the results. */
  | { readonly outcome: "refused"; readonly rejection: "merges-differ"; readonly words: string }
  /** Also decided early: too few validators are up, so nothing was submitted. */
  | { readonly outcome: "refused"; readonly rejection: "validators-missing"; readonly quorum: QuorumState }
  | {
      readonly outcome: "rejected";
      readonly height: Height;
      readonly transactionId: Digest;
      readonly rejection: SubmitRejection;
    }
  | { readonly outcome: "unknown"; readonly transactionId: Digest; readonly untilTime: TimeMs };

/** Why not: a rule of the ledger, or what only admission knows. */
export type SubmitRejection =
  | RejectionCode
  | InadmissibleCode
  /** The bytes are no transaction, a signature does not hold, or the texts are not those that the payload commits to. */
  | "malformed"
  | "signature-invalid"
  | "contents-mismatch"
  /** This node has more to submit than it can hold. */
  | "node-busy";

/** The refs that a push moves, with what git proved about them. The provider adds the storage receipt. */
export interface PushSubmission {
  readonly repository: RepositoryId;
  readonly isAtomic: boolean;
  readonly updates: readonly CertifiedUpdate[];
  readonly packs: readonly PackRef[];
  readonly pushOptions: readonly string[];
}

/** The merge of a pull request: what its base branch moves to. The provider adds the receipt, whose signers compute it too. */
export interface MergeSubmission {
  readonly pull: IssueKey;
  readonly update: MergedUpdate;
  readonly packs: readonly PackRef[];
  /** Issues that it closes. */
  readonly closes: readonly IssueKey[];
}

/** What became of a push. An applied one says how many validators its receipt names: the objects are durable with them. */
export type PushOutcome = StoredOutcome<"refs.change">;

/** The same of any kind that has a receipt. */
export type StoredOutcome<Kind extends KindName> =
  | Exclude<SubmitOutcome<ResultOf<Kind>>, { outcome: "applied" }>
  | (Extract<SubmitOutcome<ResultOf<Kind>>, { outcome: "applied" }> & { readonly storedCount: number });

/** The one conductor of writes (DESIGN D1): decide early, sign, submit, finalized, applied, answer. */
export interface Transactions {
  submit<Kind extends KindName>(
    command: LedgerCommand<Kind>,
    options: SubmitOptions,
  ): Promise<SubmitOutcome<ResultOf<Kind>>>;
  submitPush(push: PushSubmission, options: SubmitOptions): Promise<PushOutcome>;
  submitMerge(merge: MergeSubmission, options: SubmitOptions): Promise<StoredOutcome<"pull.merge">>;
  /** A transaction that a person's own key signed: the bytes of a `SignedTransaction` and of its contents. */
  submitSigned(
    signed: Uint8Array,
    contents: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<SubmitOutcome<SignedResult>>;
}

/** What a signed transaction did, by its kind. */
export interface SignedResult {
  readonly kind: KindName;
  /** The account that acted, or that the transaction created. */
  readonly account: AccountId;
}
