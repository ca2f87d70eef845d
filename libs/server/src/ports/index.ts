/**
 * What the doors need from the rest of a node, as small as they need it. Providers' classes satisfy these structurally:
 * `libs/storage` GitEngine and PrivateStore, `libs/database` ReadModel, `apps/node` Ledger, ChainReader and Transactions.
 */
export type {
  BlameRange,
  BlobLocation,
  CommitPair,
  GitBlob,
  GitCommit,
  GitSignature,
  GitDiff,
  GitEngine,
  GitFileDiff,
  GitObjectType,
  GitPerson,
  GitTag,
  GitTreeEntry,
  LogFilter,
  PushLimits,
  Quarantine,
  ReceiveOutcome,
  RefUpdateFacts,
} from "./git-engine.ts";
export type { CleanMerge, GitMerger, MergeConflict, MergeOutcome, MergeRequest } from "./git-merger.ts";
export type { BuildRejection, CommitWords, FileChange, GitWriter, ObjectDraft, TreeChange } from "./git-writer.ts";
export type {
  Authority,
  Ledger,
  MergeSubmission,
  PushOutcome,
  StoredOutcome,
  PushSubmission,
  RepositoryCompleteness,
  SignedResult,
  SubmitOptions,
  SubmitOutcome,
  SubmitRejection,
  Transactions,
} from "./ledger.ts";
export type { PrivateStore, StoredEmails, StoredPasskey } from "./private-store.ts";
export type { ConsensusView, NetworkView, PackTransfer, PeerView, QuorumState, SyncView } from "./network.ts";
export type { IssueFilter, IssueLists, OpenAndClosed, ReactionItem, TimelineItem } from "./issue-lists.ts";
export type { OrganizationLists } from "./organization-lists.ts";
export type { ChainBlock, ChainHeader, ChainReader, ChainTransaction } from "./chain.ts";
export type {
  AuditAct,
  AuditLog,
  AuditLogQuery,
  CredentialHistory,
  InvitationKey,
  Listed,
  PageRequest,
  ReadModel,
  RepositoryAffiliation,
  RepositorySort,
} from "./read-model.ts";

/** Wall time in milliseconds: for limits, logs and `Date`; never for anything on the ledger. */
export interface Clock {
  nowMs(): number;
}

/** One part of the node that can be ready or not, for `/readyz` and the status page. */
export interface PartProbe {
  readonly name: string;
  state(): { readonly state: "ready" | "starting" | "failing"; readonly detail?: string };
}
