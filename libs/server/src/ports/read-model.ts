import type { CollaboratorRole } from "@guts/governance";
import type { RejectionCode } from "@guts/ledger";
import type { AccountId, Height, NodeId, RepositoryId, TimeMs } from "@guts/primitives";

/** A part of a list: `offset` items are skipped. Lists ask for one more than they show to know whether there is more. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** Order of a list of repositories. Ties are broken by the repository's number. */
export interface RepositoryOrder {
  readonly by: "created" | "updated" | "pushed" | "name";
  readonly direction: "asc" | "desc";
}

/** A transaction as the read model keeps it. */
export interface TransactionRow {
  readonly id: string;
  readonly height: Height;
  readonly index: number;
  readonly time: TimeMs;
  readonly kind: string;
  readonly account: AccountId | undefined;
  readonly repository: RepositoryId | undefined;
  readonly authority: string;
  readonly nodeId: NodeId;
  readonly rejection: RejectionCode | undefined;
}

/** A block as the read model keeps it. Ids and roots are hexadecimal. */
export interface BlockRow {
  readonly height: Height;
  readonly id: string;
  readonly parentId: string;
  readonly time: TimeMs;
  readonly transactionCount: number;
  readonly stateRoot: string;
  readonly resultRoot: string;
  readonly transactionRoot: string;
  readonly rulesVersion: number;
}

/**
 * Lists, from SQL. Rows are numbers of things in ledger order; the handlers read the things themselves from the state,
 * so a lagging list never shows stale facts or what its viewer may not see.
 */
export interface ReadModel {
  /** The height that the rows stand for. */
  height(): Height;
  /** Resolves true when the rows stand for `height` or later, false after `timeoutMs`. */
  caughtUp(height: Height, timeoutMs: number): Promise<boolean>;
  /** Accounts with a number above `after`, ascending. */
  listAccounts(options: { readonly after: number; readonly limit: number }): Promise<readonly AccountId[]>;
  /** Public repositories with a number above `after`, ascending. */
  listPublicRepositories(options: { readonly after: number; readonly limit: number }): Promise<readonly RepositoryId[]>;
  /** Public repositories, newest activity first. */
  listActivePublicRepositories(slice: Slice): Promise<readonly RepositoryId[]>;
  /** Repositories of an owner; private ones only where `viewer` owns or works on them. */
  listRepositoriesOf(
    options: {
      readonly owner: AccountId;
      readonly viewer: AccountId | undefined;
      readonly order: RepositoryOrder;
    } & Slice,
  ): Promise<readonly RepositoryId[]>;
  /** Repositories that an account owns or works on. */
  listRepositoriesFor(
    options: {
      readonly account: AccountId;
      readonly affiliation: readonly ("owner" | "collaborator")[];
      readonly visibility: "all" | "public" | "private";
      readonly order: RepositoryOrder;
    } & Slice,
  ): Promise<readonly RepositoryId[]>;
  /** How many repositories an account owns. */
  countRepositoriesOf(owner: AccountId): Promise<{ readonly public: number; readonly private: number }>;
  /** Collaborators in the order in which they joined, without the owner. */
  listCollaborators(
    options: { readonly repository: RepositoryId } & Slice,
  ): Promise<readonly { readonly account: AccountId; readonly role: CollaboratorRole }[]>;
  /** Open invitations of a repository, oldest first. */
  listInvitationsOf(options: { readonly repository: RepositoryId } & Slice): Promise<readonly InvitationKey[]>;
  /** Open invitations to an account, oldest first. */
  listInvitationsFor(options: { readonly account: AccountId } & Slice): Promise<readonly InvitationKey[]>;
  /** An invitation by its number. */
  findInvitation(number: number): Promise<InvitationKey | undefined>;
  /** Blocks below `before` (or the newest), newest first. */
  listBlocks(options: { readonly before: Height | undefined; readonly limit: number }): Promise<readonly BlockRow[]>;
  findBlock(height: Height): Promise<BlockRow | undefined>;
  listTransactionsOf(height: Height): Promise<readonly TransactionRow[]>;
  findTransaction(id: string): Promise<TransactionRow | undefined>;
}

/** What names an invitation in the state. */
export interface InvitationKey {
  readonly repository: RepositoryId;
  readonly account: AccountId;
}
